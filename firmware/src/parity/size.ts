// npm run size --workspace firmware: what the firmware takes in flash, memory and instructions, by size of the policy.
import { fileURLToPath } from "node:url";
import { CLOSED_LOOP_TASK, closedLoopBlocks } from "@spikewing/core";
import { loadCore } from "@spikewing/core/node";
import { elfSize } from "../toolchain/elf-size.js";
import { buildParity } from "./build-parity.js";
import { drawPolicyImage } from "./random-policy.js";
import { flyOnChip } from "./run-parity.js";

const POLICIES = [
  [256, 128],
  [64, 64],
] as const;
const STEPS = 1000;

try {
  const core = loadCore();
  const blocks = closedLoopBlocks(core);
  const table: Record<string, string | number>[] = [];
  for (const hidden of POLICIES) {
    const policyImage = drawPolicyImage(core, { hidden, seed: 1 });
    for (const checked of [true, false]) {
      const outDir = fileURLToPath(
        new URL(`../../generated/size/${checked ? "checked" : "unchecked"}`, import.meta.url),
      );
      const elf = buildParity({ policyImage, blocks, seed: CLOSED_LOOP_TASK.seed, outDir, checked });
      const { flash, ram, linearMemory } = elfSize(elf);
      const run = flyOnChip(elf, 0, STEPS);
      table.push({
        policy: `18-${hidden.join("-")}-4`,
        checks: checked ? "on" : "off",
        "flash B": flash,
        "of it policy B": policyImage.length,
        "RAM B": ram,
        "linear memory B": linearMemory,
        "policy instr/step": run.policyInstructions,
        "spikes/step": run.spikes / STEPS,
      });
    }
  }
  console.table(table);
  console.log(
    "Untrained policies; instructions counted by SysTick under QEMU -icount, average of 1000 steps.",
  );
} catch (error) {
  console.error(`error: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
