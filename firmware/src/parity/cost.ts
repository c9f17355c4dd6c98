// npm run cost --workspace firmware: what a policy takes in flash, memory and instructions.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { CLOSED_LOOP_TASK, type Core, closedLoopBlocks } from "@spikewing/core";
import { loadCore } from "@spikewing/core/node";
import { type Actor, decodePolicy, layerAt, loadPolicy, policyImage } from "@spikewing/rl";
import { elfSize } from "../toolchain/elf-size.js";
import { buildParity } from "./build-parity.js";
import { flyOnChip } from "./run-parity.js";

const STEPS = 1000;
const TEENSY_MHZ = 600;
/** The paper's 158.3 kB: 39,560 float32, a head that is not used among them, and 24 bytes of buffers. */
const AUTHORS_WEIGHT_BYTES = 158_264;
const LOWEST_THRESHOLD = -(2 ** 27);

const CASES = [
  { file: "snn.safetensors", weights: "i16", dense: false, checked: false },
  { file: "snn.safetensors", weights: "i16", dense: true, checked: false },
  { file: "snn-i8.safetensors", weights: "i8", dense: false, checked: false },
  { file: "snn-i8.safetensors", weights: "i8", dense: true, checked: false },
  { file: "snn.safetensors", weights: "i16", dense: false, checked: true },
] as const;

/** Makes every neuron fire at every step, so that no row of weights is left out: what a dense network does. */
function fireAlways(core: Core, { image }: Actor): void {
  for (let l = 0; l < core.view("NetworkImage", image).layers - 1; l++) {
    const { neurons, width } = core.view("Layer", layerAt(image, l)); // bias, leak, threshold
    core.i32(image + neurons + 8 * width, width).fill(LOWEST_THRESHOLD);
  }
}

function measure({ file, weights, dense, checked }: (typeof CASES)[number]) {
  const core = loadCore();
  const path = fileURLToPath(import.meta.resolve(`@spikewing/rl/policies/${file}`));
  const policy = decodePolicy(readFileSync(path), path);
  const actor = loadPolicy(core, policy);
  if (dense) fireAlways(core, actor);
  const elf = buildParity({
    policyImage: policyImage(core, actor),
    blocks: closedLoopBlocks(core),
    seed: CLOSED_LOOP_TASK.seed,
    outDir: fileURLToPath(
      new URL(`../../generated/cost/${checked ? "checked" : "unchecked"}`, import.meta.url),
    ),
    checked,
  });
  const { flash, ram, linearMemory } = elfSize(elf);
  const run = flyOnChip(elf, 0, STEPS);
  return {
    weights,
    spikes: dense ? "every neuron" : "as it flies",
    checks: checked ? "on" : "off",
    "weights B": policy.weights.length,
    "flash B": flash,
    "RAM B": ram + linearMemory,
    "spikes/step": run.spikes / STEPS,
    "instructions/step": run.policyInstructions,
    [`us at ${TEENSY_MHZ} MHz`]: Number((run.policyInstructions / TEENSY_MHZ).toFixed(1)),
  };
}

try {
  console.table(CASES.map(measure));
  console.log(
    `The shipped policy, 18-256-128-4; ${STEPS} steps of a flight under QEMU, instructions counted by SysTick; time at\n` +
      "one instruction a cycle. Flash holds the parity harness with its physics too; the stack comes on top of RAM.\n" +
      `The authors' float32 weights take ${AUTHORS_WEIGHT_BYTES.toLocaleString("en")} bytes.`,
  );
} catch (error) {
  console.error(`error: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
