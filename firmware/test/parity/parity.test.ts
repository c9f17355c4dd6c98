import { join } from "node:path";
import { CLOSED_LOOP_TASK, closedLoopBlocks, flyClosedLoop } from "@spikewing/core";
import { loadCore } from "@spikewing/core/node";
import { describe, expect, test } from "vitest";
import { newFolder } from "../../../scripts/vitest/new-folder.js";
import { buildParity } from "../../src/parity/build-parity.js";
import { drawPolicyImage } from "../../src/parity/random-policy.js";
import { flyOnChip, runParity } from "../../src/parity/run-parity.js";

const HIDDEN = [256, 128] as const;
const STEPS = 1000;

const simd = loadCore("simd");
const scalar = loadCore("scalar");
const blocks = closedLoopBlocks(simd);
const folder = newFolder();

const image = drawPolicyImage(simd, { hidden: HIDDEN, seed: 1 });
const node = flyClosedLoop(simd, image, 0, STEPS);

function build(policyImage: Uint8Array, checked: boolean): string {
  const outDir = join(folder, checked ? "checked" : "unchecked");
  return buildParity({ policyImage, blocks, seed: CLOSED_LOOP_TASK.seed, outDir, checked });
}

/** The image with the lowest bit of byte `at` flipped. */
function flipBit(policyImage: Uint8Array, at: number): Uint8Array {
  const flipped = policyImage.slice();
  flipped[at]! ^= 1;
  return flipped;
}

test("the flight that is compared has spikes, ends and starts of episodes", () => {
  expect(node.spikes).toBeGreaterThan(10 * STEPS);
  expect(node.spikes).toBeLessThan((STEPS * (HIDDEN[0] + HIDDEN[1])) / 2);
  expect(node.episodes).toBeGreaterThan(5);
  expect(node.hashes).toHaveLength(STEPS / 100);
  expect(new Set(node.hashes).size).toBe(STEPS / 100);
});

test("SIMD and scalar builds fly the same bytes", () => {
  expect(flyClosedLoop(scalar, image, 0, STEPS)).toEqual(node);
});

test("both cores draw the same policy", () => {
  expect(drawPolicyImage(scalar, { hidden: HIDDEN, seed: 1 })).toEqual(image);
});

test("another policy, another episode and another task seed each change the hash", () => {
  const otherPolicy = drawPolicyImage(simd, { hidden: HIDDEN, seed: 2 });
  const otherTask = { ...CLOSED_LOOP_TASK, seed: 1 };
  const hashes = [
    node.hash,
    flyClosedLoop(simd, otherPolicy, 0, STEPS).hash,
    flyClosedLoop(simd, image, 1, STEPS).hash,
    flyClosedLoop(simd, image, 0, STEPS, otherTask).hash,
  ];
  expect(new Set(hashes).size).toBe(hashes.length);
});

describe.each([
  { name: "with bounds checks, policy in memory", checked: true },
  { name: "without bounds checks, policy in flash", checked: false },
])("on the chip, $name", ({ checked }) => {
  test("1000 closed-loop steps give the bytes of Node", () => {
    const chip = flyOnChip(build(image, checked), 0, STEPS);
    console.log(
      `${checked ? "checked" : "unchecked"}: hash ${chip.hash.toString(16).padStart(8, "0")}, ` +
        `${chip.policyInstructions} instructions a policy step, ${chip.environmentInstructions} for the environments`,
    );
    expect(chip).toMatchObject(node);
  });

  test("an episode whose number wraps past 2^31 gives the bytes of Node", () => {
    const episode = 0xfffffff0;
    const { hash } = flyClosedLoop(simd, image, episode, 200);
    expect(flyOnChip(build(image, checked), episode, 200).hash).toBe(hash);
  });

  test("a policy of another size and seed gives the bytes of Node", () => {
    const small = drawPolicyImage(simd, { hidden: [64, 24], seed: 3 });
    const expected = flyClosedLoop(simd, small, 5, STEPS);
    expect(expected.hash).not.toBe(node.hash);
    expect(flyOnChip(build(small, checked), 5, STEPS)).toMatchObject(expected);
  });

  test("a flipped bit of a bias is seen", () => {
    const bias = 32 + 2 * 18 * HIDDEN[0]; // behind the header and the weights of layer 1
    const flipped = flipBit(image, bias);
    const chip = flyOnChip(build(flipped, checked), 0, STEPS);
    expect(chip.hash).not.toBe(node.hash);
    expect(chip).toMatchObject(flyClosedLoop(simd, flipped, 0, STEPS));
  });

  test("an access outside all memory ends the program with an error status", () => {
    const { status, stderr } = runParity(build(image, checked), ["trap"]);
    expect(stderr).toBe(checked ? "trap 1\n" : "fault\n");
    expect(status).toBe(checked ? 3 : 4);
  });

  test.each([[["fly"]], [["fly", "1", "0"]], [["fly", "1", "x"]], [["hover"]]])(
    "refuses the command %j",
    (command) => {
      const { status, stderr } = runParity(build(image, checked), command);
      expect(stderr).toBe("expected: fly EPISODE STEPS [FLIGHTS], or: trap\n");
      expect(status).toBe(2);
    },
  );
});

test("a body that is not finite ends the flight in Node and on the chip", () => {
  const broken = { ...CLOSED_LOOP_TASK, airframe: { ...CLOSED_LOOP_TASK.airframe, massKg: 0 } };
  expect(() => flyClosedLoop(simd, image, 0, 10, broken)).toThrow(
    /^closed loop: body word \d+ is not finite/,
  );
  const outDir = join(folder, "checked");
  const brokenBlocks = closedLoopBlocks(simd, broken);
  const elf = buildParity({ policyImage: image, blocks: brokenBlocks, seed: 0, outDir, checked: true });
  expect(runParity(elf, ["fly", "0", "10"])).toMatchObject({ status: 6 });
  expect(() => flyOnChip(elf, 0, 10)).toThrow(/exit status 6: body word \d+ is not finite after step 1$/);
});
