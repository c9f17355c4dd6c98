import { layerWeights, viewLayer } from "@spikewing/core";
import { loadCore } from "@spikewing/core/node";
import { expect, test } from "vitest";
import {
  createActor,
  DEFAULT_TASK,
  decodePolicy,
  EVALUATION_SEEDS,
  EXAMPLE_STEPS,
  encodePolicy,
  floatNetworkOf,
  initialiseActor,
  layersOf,
  loadPolicy,
  narrowPolicy,
  narrowReadOut,
  type Policy,
  policyWeights,
  recordExample,
  type SpikingShape,
} from "../src/index.js";
import { type Parts, seal, takeApart } from "./policy-damage.js";

const SHAPE = {
  kind: "spiking",
  hidden: [16, 32],
  productBits: 25,
  weightBits: [12, 12],
  inputGain: [1, 1, 1, 1],
} as const;
const core = loadCore("simd");

function draw(shape: SpikingShape, seed = 1): Policy {
  const actor = createActor(core, shape);
  initialiseActor(core, actor, seed, 0);
  const example = recordExample(core, DEFAULT_TASK, actor, 20, 1);
  return { shape, weights: policyWeights(core, actor), example, record: { seed } };
}
const wide = draw(SHAPE);
const sources = { i16: wide, i8: narrowPolicy(core, wide, DEFAULT_TASK, "wide") };

test.each(Object.entries(sources))(
  "a read-out of 4 bits made of %s has 15 levels a motor, each within half a level of what it was",
  (_, source) => {
    const made = narrowReadOut(core, source, DEFAULT_TASK, "source");
    const before = floatNetworkOf(core, source, "source").readOut.weight;
    const after = floatNetworkOf(core, made, "made").readOut.weight;
    for (let motor = 0; motor < 4; motor++) {
      const of = (values: Float32Array) => values.subarray(32 * motor, 32 * (motor + 1));
      const largest = Math.max(...of(before).map(Math.abs));
      expect(new Set(of(after)).size).toBeGreaterThan(4);
      expect(new Set(of(after)).size).toBeLessThanOrEqual(15);
      for (const [i, value] of of(after).entries())
        expect(Math.abs(value - of(before)[i]!)).toBeLessThanOrEqual(largest / 14 + 2 ** -14);
    }
    const { hidden } = floatNetworkOf(core, made, "made");
    expect(hidden).toEqual(floatNetworkOf(core, source, "source").hidden);
  },
);

test("it takes half a byte a weight and a scale a motor", () => {
  const [ofWide, ofNarrow] = Object.values(sources).map((source) =>
    narrowReadOut(core, source, DEFAULT_TASK, "source"),
  );
  expect(wide.weights.length - ofWide!.weights.length).toBe(2 * 32 * 4 - (32 * 4) / 2 - 4 * 4);
  expect(sources.i8.weights.length - ofNarrow!.weights.length).toBe((32 * 4) / 2);
});

test("it goes through a file unchanged, and flies there as its example says", () => {
  const made = narrowReadOut(core, sources.i8, DEFAULT_TASK, "source");
  const file = encodePolicy(made);
  expect(decodePolicy(file, "made")).toEqual(made);
  const actor = loadPolicy(core, decodePolicy(file, "made"));
  expect(recordExample(core, DEFAULT_TASK, actor, EXAMPLE_STEPS, EVALUATION_SEEDS.validation)).toEqual(
    made.example,
  );
});

test("what is drawn with such a read-out is what is made of the same draw", () => {
  const drawn = draw({ ...SHAPE, readOutWeights: "i4" });
  expect(layersOf(drawn.shape as SpikingShape).map(({ weights }) => weights)).toEqual(["i16", "i16", "i4"]);
  expect(drawn.weights).toEqual(narrowReadOut(core, wide, DEFAULT_TASK, "wide").weights);
});

test("weights are read apart, of layer and of file alike", () => {
  const made = narrowReadOut(core, wide, DEFAULT_TASK, "wide");
  const actor = loadPolicy(core, made);
  const weights = layerWeights(core, actor.image, 2);
  const scales = core.i32(actor.image, viewLayer(core, actor.image, 2).neurons / 4).subarray(-4);
  const { weight } = floatNetworkOf(core, made, "made").readOut;
  expect(weights.length).toBe(4 * 32);
  for (const [i, value] of weights.entries())
    expect(weight[(i % 4) * 32 + (i >> 2)]).toBe((value * scales[i % 4]!) / 2 ** 16);
});

test("one that has it already, and a half byte of -8, are refused by name", () => {
  const made = narrowReadOut(core, wide, DEFAULT_TASK, "wide");
  expect(() => narrowReadOut(core, made, DEFAULT_TASK, "made")).toThrow(/^made: its read-out is i4 already$/);
  expect(() => narrowPolicy(core, made, DEFAULT_TASK, "made")).toThrow(/^made: its weights are i4 already$/);
  const parts: Parts = takeApart(encodePolicy(made));
  const [first] = (parts.header.w3 as { data_offsets: [number, number] }).data_offsets;
  parts.data[first + 1] = 0x81;
  expect(() => decodePolicy(seal(parts), "made")).toThrow(
    /^made: tensor w3: value 3 is -8; expected from -7 to 7$/,
  );
});
