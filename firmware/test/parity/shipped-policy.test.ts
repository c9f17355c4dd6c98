import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { CLOSED_LOOP_TASK, closedLoopBlocks, flyClosedLoop } from "@spikewing/core";
import { loadCore } from "@spikewing/core/node";
import { decodePolicy, loadPolicy, policyImage } from "@spikewing/rl";
import { afterAll, expect, test } from "vitest";
import { buildParity } from "../../src/parity/build-parity.js";
import { flyOnChip } from "../../src/parity/run-parity.js";

const STEPS = 1000;
const file = fileURLToPath(import.meta.resolve("@spikewing/rl/policies/snn.safetensors"));

const simd = loadCore("simd");
const image = policyImage(simd, loadPolicy(simd, decodePolicy(readFileSync(file), "snn.safetensors")));
const node = flyClosedLoop(simd, image, 0, STEPS);
const folder = mkdtempSync(join(tmpdir(), "spikewing-firmware-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("the shipped policy stays in the air for 1000 steps, so that the hash is one of flying", () => {
  expect(node.episodes).toBe(1);
});

test("1000 closed-loop steps of the shipped policy: one hash in both builds of Node and on the chip", () => {
  const outDir = join(folder, "shipped");
  const blocks = closedLoopBlocks(simd);
  const elf = buildParity({
    policyImage: image,
    blocks,
    seed: CLOSED_LOOP_TASK.seed,
    outDir,
    checked: false,
  });
  const chip = flyOnChip(elf, 0, STEPS);
  console.log(
    `shipped policy: hash ${chip.hash.toString(16)}, ${chip.policyInstructions} instructions a step`,
  );
  expect(flyClosedLoop(loadCore("scalar"), image, 0, STEPS)).toEqual(node);
  expect(chip).toMatchObject(node);
});
