import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  CLOSED_LOOP_TASK,
  type ClosedLoopTask,
  closedLoopBlocks,
  flyClosedLoop,
  flyGustyFlights,
  GUSTY_CLOSED_LOOP_TASK,
} from "@spikewing/core";
import { loadCore } from "@spikewing/core/node";
import {
  DEFAULT_TASK,
  decodePolicy,
  loadPolicy,
  narrowReadOut,
  type Policy,
  policyImage,
} from "@spikewing/rl";
import { describe, expect, test } from "vitest";
import { newFolder } from "../../../scripts/vitest/new-folder.js";
import { buildParity } from "../../src/parity/build-parity.js";
import { flyFlightsOnChip, flyOnChip } from "../../src/parity/run-parity.js";
import { CHIPS, type ChipName } from "../../src/toolchain/chips.js";
import { elfSize } from "../../src/toolchain/elf-size.js";

const simd = loadCore("simd");
const scalar = loadCore("scalar");
const folder = newFolder();

function shipped(name: string): Policy {
  const file = fileURLToPath(import.meta.resolve(`@spikewing/rl/policies/${name}.safetensors`));
  return decodePolicy(readFileSync(file), name);
}

/** By the formats of their weights, as the document has them. */
const POLICIES = {
  i16: shipped("snn"),
  i8: shipped("snn-i8"),
  "i8, i4": narrowReadOut(simd, shipped("snn-i8"), DEFAULT_TASK, "snn-i8"),
};

function build(image: Uint8Array, task: ClosedLoopTask, chip: ChipName): string {
  const blocks = closedLoopBlocks(simd, task);
  const outDir = join(folder, chip);
  return buildParity({ policyImage: image, blocks, seed: task.seed, outDir, checked: false, chip });
}
const README = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
/** Flash, RAM, stack, instructions and microseconds of a policy step, as the document has them. */
function documented(chip: ChipName, weights: string): number[] {
  const [, label = ""] = /cortex-(.*)/.exec(chip) ?? [];
  const row = README.split("\n").find((line) =>
    line.startsWith(`| ${label.toUpperCase()} | ${weights} | as it flies | off |`),
  );
  return (row?.split(" | ").slice(4) ?? []).map((cell) => Number(cell.replaceAll(/[ ,|]/g, "")));
}

const CHIP_NAMES = Object.keys(CHIPS) as ChipName[];

describe.each(Object.entries(POLICIES))("the shipped policy with weights of %s", (weights, policy) => {
  const image = policyImage(simd, loadPolicy(simd, policy));

  const calm = flyClosedLoop(simd, image, 0, 1000);
  const gusty = flyGustyFlights(simd, image, 20, 500);

  test("1000 calm steps in the air: one hash in both builds of Node", () => {
    expect(calm.episodes).toBe(1);
    expect(flyClosedLoop(scalar, image, 0, 1000)).toEqual(calm);
  });

  test.each(CHIP_NAMES)("1000 calm steps in the air: the hash of Node on a %s", (chip) => {
    const elf = build(image, CLOSED_LOOP_TASK, chip);
    const flown = flyOnChip(elf, 0, 1000, chip);
    console.log(
      `${weights}, ${chip}: ${flown.hash.toString(16)}, ${flown.policyInstructions} instructions a step`,
    );
    expect(flown).toMatchObject(calm);
    const { flash, ram, linearMemory } = elfSize(elf);
    const { policyInstructions, stackBytes } = flown;
    const us = policyInstructions / CHIPS[chip].example.mhz;
    const measured = [flash, ram + linearMemory, stackBytes, policyInstructions, us];
    // Another GCC moves all of them by a little.
    const stale = documented(chip, weights).map((said, i) => said / measured[i]!);
    expect(stale).toHaveLength(5);
    for (const ratio of stale) expect(Math.abs(ratio - 1), `${stale}`).toBeLessThan(0.03);
  });

  test("20 flights of 500 steps in wind, gusts and sensor noise: not a bit differs in Node", () => {
    expect(new Set(gusty).size).toBe(20);
    expect(gusty[0]).not.toBe(flyClosedLoop(simd, image, 0, 500).hash);
    expect(flyGustyFlights(scalar, image, 20, 500)).toEqual(gusty);
  });

  test.each(CHIP_NAMES)("20 such flights: not a bit differs on a %s", (chip) => {
    expect(flyFlightsOnChip(build(image, GUSTY_CLOSED_LOOP_TASK, chip), 20, 500, chip)).toEqual(gusty);
  });
});
