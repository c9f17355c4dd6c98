import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type ClosedLoopBlocks,
  createLoopEnvironments,
  GUSTY_CLOSED_LOOP_TASK,
  pilotBytes,
} from "@spikewing/core";
import { loadCore } from "@spikewing/core/node";
import type { ChipName } from "../toolchain/chips.js";
import { buildProgram, C_SOURCES } from "../toolchain/cross-compile.js";
import { policyHeapBase } from "../toolchain/generated-core.js";

export interface ParityOptions {
  /** A policy image: packages/core-wasm/assembly/network/image.ts. */
  readonly policyImage: Uint8Array;
  /** Parameter blocks of the task: closedLoopBlocks() of @spikewing/core. */
  readonly blocks: ClosedLoopBlocks;
  /** Seed of starts, sensor noise and gusts. */
  readonly seed: number;
  /** Folder for the generated C, the object files and firmware.elf; made if missing. */
  readonly outDir: string;
  /**
   * true: every access to linear memory is checked, and image and blocks are copied into it. false: no checks, and
   * they stay in flash.
   */
  readonly checked: boolean;
  /** The Teensy's Cortex-M7 if left out. */
  readonly chip?: ChipName;
}

/** Builds the parity harness and returns the path of the ELF file. */
export function buildParity(options: ParityOptions): string {
  const { outDir, checked, chip } = options;
  mkdirSync(outDir, { recursive: true });
  const data = join(outDir, "flight_data.c");
  writeFileSync(data, flightData(options));
  const folder = join(C_SOURCES, "parity");
  return buildProgram({
    sources: [join(folder, "main-parity.c"), data],
    includes: [folder],
    linearBytes: linearBytes(options),
    outDir,
    checked,
    ...(chip && { chip }),
  });
}

/** Room for what main-parity.c allocates; it stops if this is too little. */
function linearBytes({ policyImage, blocks, checked }: ParityOptions): number {
  const copied = checked ? [policyImage, ...Object.values(blocks)].map((block) => block?.length ?? 0) : [];
  const allocations = [policyHeapBase(), pilotBytes(loadCore(), policyImage), loopBytes(), ...copied];
  const aligned = (bytes: number) => Math.ceil(bytes / 64) * 64;
  return allocations.reduce((sum, bytes) => sum + aligned(bytes), 0);
}

/** What environments and gusts take, and the blocks, at the most. */
function loopBytes(): number {
  const core = loadCore();
  const before = core.allocatedBytes;
  createLoopEnvironments(core, GUSTY_CLOSED_LOOP_TASK);
  return core.allocatedBytes - before;
}

/** The text of flight_data.c, c/parity/sw_flight_data.h. */
export function flightData({
  policyImage,
  blocks,
  seed,
}: Pick<ParityOptions, "policyImage" | "blocks" | "seed">): string {
  const arrays = {
    image: policyImage,
    airframe: blocks.airframe,
    start: blocks.start,
    sensor_noise: blocks.sensorNoise,
    reward: blocks.reward,
    bounds: blocks.bounds,
    gust: blocks.gust,
  };
  const definitions = Object.entries(arrays).map(
    ([name, bytes = new Uint8Array(0)]) =>
      `static const uint8_t ${name}_bytes[] __attribute__((aligned(16))) = {\n${byteRows(bytes)}\n};\n` +
      `const sw_block_t sw_${name} = {${name}_bytes, ${bytes.length}};\n`,
  );
  return [
    "// Written by build-parity.ts; do not edit.\n",
    '#include "sw_flight_data.h"\n',
    ...definitions,
    `const uint32_t sw_seed = ${seed}u;\n`,
  ].join("\n");
}

const BYTES_PER_ROW = 24;

function byteRows(bytes: Uint8Array): string {
  const rows: string[] = [];
  for (let at = 0; at < bytes.length; at += BYTES_PER_ROW)
    rows.push(`  ${Array.from(bytes.subarray(at, at + BYTES_PER_ROW)).join(", ")},`);
  return rows.join("\n");
}
