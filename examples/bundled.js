import { createCore, createMemory } from "@spikewing/core";
import wasm from "@spikewing/core/build/core.simd.wasm?url";
import policy from "@spikewing/rl/policies/snn.safetensors?url";
import { flyFigureEight } from "./flight.js";

const module = await WebAssembly.compileStreaming(fetch(wasm));
const file = new Uint8Array(await (await fetch(policy)).arrayBuffer());
const core = createCore(module, createMemory("simd"));
document.body.textContent = [...flyFigureEight(core, file)].join("\n");
