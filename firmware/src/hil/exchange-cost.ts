// npm run cost:exchange --workspace firmware: what the whole program of the board takes, and an exchange with it.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { EPISODE_STEPS } from "@spikewing/core";
import { loadCore } from "@spikewing/core/node";
import { createFlight, DEFAULT_TASK, decodePolicy, loadPolicy } from "@spikewing/rl";
import { startBench } from "../emulator/bench.js";
import { buildController } from "../emulator/build-controller.js";
import { policyData } from "../library/policy-data.js";
import { elfSize } from "../toolchain/elf-size.js";
import { flyOnWire } from "./fly-on-wire.js";

const GENERATED = fileURLToPath(new URL("../../generated/exchange/", import.meta.url));
const TEENSY_MHZ = 600;

async function measure(name: "snn" | "snn-i8") {
  const core = loadCore();
  const path = fileURLToPath(import.meta.resolve(`@spikewing/rl/policies/${name}.safetensors`));
  const policy = decodePolicy(readFileSync(path), path);
  const data = policyData(core, policy, path);
  const build = (program: "teensy" | "bench") =>
    buildController({ data, program, outDir: join(GENERATED, `${name}-${program}`), coreDir: GENERATED });
  const { flash, ram, linearMemory } = elfSize(build("teensy"));
  const bench = await startBench(build("bench"));
  try {
    const flight = createFlight(core, DEFAULT_TASK, loadPolicy(core, policy), 1);
    const { instructions } = await flyOnWire(core, flight, bench, 0, EPISODE_STEPS);
    const mean = instructions.reduce((sum, x) => sum + x, 0) / instructions.length;
    return {
      policy: name,
      "policy B": data.image.length,
      "flash B": flash,
      "RAM B": ram + linearMemory,
      "instructions/exchange": Math.round(mean),
      "at most": Math.max(...instructions),
      [`us at ${TEENSY_MHZ} MHz`]: Number((mean / TEENSY_MHZ).toFixed(1)),
    };
  } finally {
    await bench.stop();
  }
}

try {
  console.table([await measure("snn"), await measure("snn-i8")]);
  console.log(
    `One flight of ${EPISODE_STEPS} steps under QEMU, instructions counted by SysTick; time at one instruction a cycle.\n` +
      "Flash has both kinds of frames and QEMU's port; the stack comes on top of RAM.",
  );
} catch (error) {
  console.error(`error: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
