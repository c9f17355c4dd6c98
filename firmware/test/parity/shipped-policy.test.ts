import { readFileSync } from "node:fs";
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
import { decodePolicy, loadPolicy, policyImage } from "@spikewing/rl";
import { describe, expect, test } from "vitest";
import { newFolder } from "../../../scripts/vitest/new-folder.js";
import { buildParity } from "../../src/parity/build-parity.js";
import { flyFlightsOnChip, flyOnChip } from "../../src/parity/run-parity.js";

const simd = loadCore("simd");
const scalar = loadCore("scalar");
const folder = newFolder();

function readImage(name: string): Uint8Array {
  const file = fileURLToPath(import.meta.resolve(`@spikewing/rl/policies/${name}`));
  return policyImage(simd, loadPolicy(simd, decodePolicy(readFileSync(file), name)));
}

function build(image: Uint8Array, task: ClosedLoopTask): string {
  const blocks = closedLoopBlocks(simd, task);
  return buildParity({ policyImage: image, blocks, seed: task.seed, outDir: folder, checked: false });
}

describe.each(["snn.safetensors", "snn-i8.safetensors"])("the shipped policy %s", (name) => {
  const image = readImage(name);

  test("1000 calm steps in the air: one hash in both builds of Node and on the chip", () => {
    const node = flyClosedLoop(simd, image, 0, 1000);
    const chip = flyOnChip(build(image, CLOSED_LOOP_TASK), 0, 1000);
    console.log(`${name}: hash ${chip.hash.toString(16)}, ${chip.policyInstructions} instructions a step`);
    expect(node.episodes).toBe(1);
    expect(flyClosedLoop(scalar, image, 0, 1000)).toEqual(node);
    expect(chip).toMatchObject(node);
  });

  test("20 flights of 500 steps in wind, gusts and sensor noise: not a bit differs", () => {
    const node = flyGustyFlights(simd, image, 20, 500);
    expect(new Set(node).size).toBe(20);
    expect(node[0]).not.toBe(flyClosedLoop(simd, image, 0, 500).hash);
    expect(flyGustyFlights(scalar, image, 20, 500)).toEqual(node);
    expect(flyFlightsOnChip(build(image, GUSTY_CLOSED_LOOP_TASK), 20, 500)).toEqual(node);
  });
});
