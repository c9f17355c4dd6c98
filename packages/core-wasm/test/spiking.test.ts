import { describe, expect, test } from "vitest";
import { Surrogate } from "../src/index.js";
import { loadCore } from "../src/node.js";
import { readTensors, type Tensors } from "./golden.js";
import { placeF32 } from "./memory.js";
import { createSequence, createSpikingActor, lif, masterLayout } from "./network.js";

const Q16 = 2 ** -16;
const { FAST_SIGMOID } = Surrogate;
const ACTION_UNIT = 2 ** -14;

/**
 * With products of 26 fraction bits the weights of the angular velocity reach 0.25, those of the vectors 0.283: halve
 * them, double what they meet. Both are exact, and gradients come out in the units of the vectors.
 */
const GAIN = Float32Array.from({ length: 18 }, (_, k) => (k < 15 ? 1 : 0.5));

/** PyTorch's (out, in) as our (in, out). */
function ours(tensors: Tensors, name: string): Float64Array {
  const values = tensors.values(name);
  const [out, input] = tensors.shape(name);
  if (input === undefined) return values;
  return Float64Array.from(values, (_, k) => values[(k % out!) * input + Math.floor(k / out!)]!);
}

describe.each([
  "small_slope1",
  "small_slope2",
  "small_slope10",
  "small_slope25",
  "small_slope100",
  "deployed_slope2",
  "deployed_slope25",
])("the network of snnTorch, %s", (file) => {
  const tensors = readTensors(file);
  const [steps = 0, batch = 0] = tensors.shape("observation");
  const [h1 = 0] = tensors.shape("b1");
  const [h2 = 0] = tensors.shape("b2");
  const slope = Number(tensors.metadata.slope);
  const warmupSteps = Number(tensors.metadata.warmup_steps);
  const layout = masterLayout(h1, h2);

  const core = loadCore();
  const network = createSpikingActor(
    core,
    lif(h1, h2),
    0,
    layout.flatMap(([name]) => [...ours(tensors, name)]),
    GAIN,
  );
  const observations = placeF32(
    core,
    tensors.values("observation").map((x, k) => x / GAIN[k % 18]!),
  );
  const tapes = Array.from({ length: batch }, () => createSequence(core, network, steps));
  const gradientLength = layout.reduce((sum, [, length]) => sum + length, 0);
  const gradient = core.allocate("F32s", gradientLength);
  const dAction = core.allocate("F32s", 4 * steps);
  const target = tensors.values("target");
  let loss = 0;
  tapes.forEach((tape, b) => {
    const first = core.element("F32s", observations, 18 * b);
    core.kernels.sequenceForward(tape.at, first, 4 * 18 * batch, steps);
    const d = core.f32(dAction, 4 * steps).fill(0);
    const counted = (steps - warmupSteps) * batch * 4;
    for (let t = warmupSteps; t < steps; t++) {
      const action = tape.action(t);
      for (let motor = 0; motor < 4; motor++) {
        const gap = action[motor]! * ACTION_UNIT - target[(t * batch + b) * 4 + motor]!;
        loss += (gap * gap) / counted;
        d[4 * t + motor] = (2 * gap) / counted;
      }
    }
    core.kernels.sequenceBackward(tape.at, dAction, steps, FAST_SIGMOID, slope, gradient);
  });

  test("the parameters are held exactly", () => {
    expect(core.kernels.actorSync(network.at)).toBe(0);
    for (const [name] of layout) {
      for (const x of tensors.values(name)) expect(Math.fround(x), name).toBe(x);
    }
  });

  test.each(["1", "2"] as const)("layer %s spikes exactly when it should", (layer) => {
    const h = layer === "1" ? h1 : h2;
    const expected = tensors.values(`spikes${layer}`);
    let spikes = 0;
    for (let t = 0; t < steps; t++) {
      tapes.forEach((tape, b) => {
        const fired = tape.spikes(Number(layer), t);
        const from = (t * batch + b) * h;
        expect([...fired]).toEqual([...expected.subarray(from, from + h)]);
        spikes += fired.reduce((sum, s) => sum + s, 0);
      });
    }
    expect(spikes).toBeGreaterThan(100);
  });

  test.each(["1", "2"] as const)("layer %s holds its membranes within the rounding of the leak", (layer) => {
    const h = layer === "1" ? h1 : h2;
    const expected = tensors.values(`membrane${layer}`);
    const leak = tensors.values(`leak${layer}`);
    let worst = 0;
    for (let t = 0; t < steps; t++) {
      tapes.forEach((tape, b) => {
        tape.membrane(Number(layer), t).forEach((u, j) => {
          // Half a unit a step, which then decays; 2^-17 / (1 - leak) in the end.
          const bound = (2 ** -17 * (1 - leak[j]! ** (t + 1))) / (1 - leak[j]!);
          const gap = Math.abs(u * Q16 - expected[(t * batch + b) * h + j]!);
          worst = Math.max(worst, gap / bound);
        });
      });
    }
    expect(worst).toBeLessThanOrEqual(1);
  });

  test("actions are within the error of the integer tanh", () => {
    const expected = tensors.values("action");
    let worst = 0;
    for (let t = 0; t < steps; t++) {
      tapes.forEach((tape, b) => {
        tape.action(t).forEach((a, motor) => {
          worst = Math.max(worst, Math.abs(a * ACTION_UNIT - expected[(t * batch + b) * 4 + motor]!));
        });
      });
    }
    expect(worst).toBeLessThan(2 ** -13);
  });

  test("the loss agrees", () => {
    // An action is off by 2^-15 and tanh's error, an error of the loss by twice that times the mean gap of 0.6.
    expect(Math.abs(loss - Number(tensors.metadata.loss))).toBeLessThan(2 ** -14);
  });

  test.each(layout)("the gradient of %s agrees", (name, length) => {
    let from = 0;
    for (const [other, words] of layout) {
      if (other === name) break;
      from += words;
    }
    const got = core.f32(gradient, gradientLength).subarray(from, from + length);
    const expected = ours(tensors, `d_${name}`);
    let square = 0,
      gap = 0;
    expected.forEach((y, k) => {
      square += y * y;
      gap += (got[k]! - y) ** 2;
    });
    expect(square).toBeGreaterThan(0);
    // 2^-14 of an action beside gaps of 0.6; and the surrogate's relative change is up to 2 slope times that of a
    // membrane, whose rounding is near 2^-15. Measured: 4e-5 at slope 1, 1.5e-3 at slope 100.
    expect(Math.sqrt(gap / square)).toBeLessThan(1e-4 + 3e-5 * slope);
  });
});
