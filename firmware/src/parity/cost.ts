// npm run cost --workspace firmware [-- FILE ...]: what a policy takes in flash, memory and instructions; without files, those
// that are shipped.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { CLOSED_LOOP_TASK, type Core, closedLoopBlocks, neuronRow } from "@spikewing/core";
import { loadCore } from "@spikewing/core/node";
import {
  type Actor,
  DEFAULT_TASK,
  decodePolicy,
  loadPolicy,
  narrowReadOut,
  type Policy,
  policyImage,
  requireSpiking,
} from "@spikewing/rl";
import { CHIPS, type ChipName } from "../toolchain/chips.js";
import { elfSize } from "../toolchain/elf-size.js";
import { buildParity } from "./build-parity.js";
import { flyOnChip } from "./run-parity.js";

const STEPS = 1000;
/** The paper's 158.3 kB: 39,560 float32, a head that is not used among them, and 24 bytes of buffers. */
const AUTHORS_WEIGHT_BYTES = 158_264;
const LOWEST_THRESHOLD = -(2 ** 27);
/** Of a plain neuron, behind bias and leak. */
const THRESHOLD_ROW = 2;

interface Case {
  readonly chip: ChipName;
  /** Formats of the weights, or the policy's file. */
  readonly weights: string;
  readonly policy: Policy;
  /** Every neuron fires at every step, so that no row of weights is left out: what a dense network does. */
  readonly dense: boolean;
  readonly checked: boolean;
}

function readPolicy(path: string): Policy {
  const policy = decodePolicy(readFileSync(path), path);
  requireSpiking(policy, path);
  return policy;
}
const shipped = (name: string): Policy =>
  readPolicy(fileURLToPath(import.meta.resolve(`@spikewing/rl/policies/${name}.safetensors`)));

/** By the format of the weights from spikes, and of those into the motors where they differ: of 4 bits made after training. */
function shippedPolicies(): Readonly<Record<string, Policy>> {
  const core = loadCore();
  const [i16, i8] = [shipped("snn"), shipped("snn-i8")];
  return {
    i16,
    i8,
    "i16, i4": narrowReadOut(core, i16, DEFAULT_TASK, "snn"),
    "i8, i4": narrowReadOut(core, i8, DEFAULT_TASK, "snn-i8"),
  };
}

function casesOf(files: readonly string[]): readonly Case[] {
  const given = files.map((file) => [file, readPolicy(file)] as const);
  const policies = files.length > 0 ? given : Object.entries(shippedPolicies());
  const [first] = policies;
  return (Object.keys(CHIPS) as ChipName[]).flatMap((chip) => [
    ...policies.flatMap(([weights, policy]) =>
      [false, true].map((dense) => ({ chip, weights, policy, dense, checked: false })),
    ),
    { chip, weights: first![0], policy: first![1], dense: false, checked: true },
  ]);
}

function fireAlways(core: Core, { image }: Actor): void {
  for (let l = 0; l < core.view("NetworkImage", image).layers - 1; l++) {
    neuronRow(core, image, l, THRESHOLD_ROW).fill(LOWEST_THRESHOLD);
  }
}

function measure({ chip, weights, policy, dense, checked }: Case) {
  const core = loadCore();
  const actor = loadPolicy(core, policy);
  if (dense) fireAlways(core, actor);
  const elf = buildParity({
    policyImage: policyImage(core, actor),
    blocks: closedLoopBlocks(core),
    seed: CLOSED_LOOP_TASK.seed,
    outDir: fileURLToPath(
      new URL(`../../generated/cost/${chip}-${checked ? "checked" : "unchecked"}`, import.meta.url),
    ),
    checked,
    chip,
  });
  const { flash, ram, linearMemory } = elfSize(elf);
  const run = flyOnChip(elf, 0, STEPS, chip);
  const { board, mhz } = CHIPS[chip].example;
  return {
    chip,
    weights,
    spikes: dense ? "every neuron" : "as it flies",
    checks: checked ? "on" : "off",
    "weights B": policy.weights.length,
    "flash B": flash,
    "RAM B": ram + linearMemory,
    "stack B": run.stackBytes,
    "spikes/step": run.spikes / STEPS,
    "instructions/step": run.policyInstructions,
    us: Number((run.policyInstructions / mhz).toFixed(1)),
    on: `${board}, ${mhz} MHz`,
  };
}

try {
  console.table(casesOf(process.argv.slice(2)).map(measure));
  console.log(
    `${STEPS} steps of a flight under QEMU, instructions counted by SysTick; time at one instruction a cycle. Flash holds\n` +
      "the parity harness with its physics too; the stack comes on top of RAM. The authors' float32 weights take\n" +
      `${AUTHORS_WEIGHT_BYTES.toLocaleString("en")} bytes.`,
  );
} catch (error) {
  console.error(`error: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
