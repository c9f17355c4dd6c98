import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  ACTION_WORDS,
  Activation,
  AIRFRAMES,
  type Core,
  DRAW_BYTES,
  gustFields,
  levelGusts,
  REWARDS,
  Surrogate,
  TARGET_WORDS,
  variationFields,
  WeightFormat,
} from "../src/index.js";
import { loadCore } from "../src/node.js";
import { createBatch, environmentArrays, WIDE_VARIATION } from "./flight.js";
import { firstDifference, placeF32, randomValues } from "./memory.js";
import { createMlp, createSequence, createSpikingActor, neurons } from "./network.js";

/** Runs one scenario in the SIMD and in the scalar build and compares all that it leaves. */
function expectSameBytes(scenario: (core: Core) => Uint8Array[]): void {
  const simd = scenario(loadCore("simd"));
  expect(simd.some((region) => region.some((byte) => byte !== 0))).toBe(true);
  expect(firstDifference(simd, scenario(loadCore("scalar")))).toBe("same");
}

const seeds = fc.integer({ min: 0, max: 2 ** 31 - 1 });
const runs = (numRuns: number) => ({ numRuns });

describe("the SIMD and the scalar build give the same bytes in", () => {
  test("environments with gusts: states, observations, terms, terminations", () => {
    const arbitrary = fc.record({
      seed: seeds,
      groups: fc.integer({ min: 1, max: 4 }),
      airframe: fc.constantFrom(...(Object.keys(AIRFRAMES) as (keyof typeof AIRFRAMES)[])),
      style: fc.constantFrom("l2f" as const, "l2f-py" as const),
      reward: fc.constantFrom(...Object.values(REWARDS)),
      wild: fc.constantFrom(0.3, 2, 1e3),
      varied: fc.boolean(),
    });
    fc.assert(
      fc.property(arbitrary, ({ seed, groups, airframe, style, reward, wild, varied }) => {
        expectSameBytes((core) => {
          const n = 4 * groups;
          const { kernels } = core;
          const at = createBatch(core, {
            n,
            seed,
            airframe,
            reward,
            start: style,
            noise: style,
            bounds: style,
          });
          const { target, action } = core.view("Environments", at);
          if (varied)
            core.assign("Environments", at, {
              variation: core.create("Variation", variationFields(WIDE_VARIATION)),
            });
          for (let i = 0; i < n; i++) kernels.environmentReset(at, i, seed + i);
          core.f32(target, TARGET_WORDS * n).set(randomValues(seed, 6 * n, 0.2));
          const gust = core.create("Gust", gustFields(levelGusts(wild / 100), 0.01));
          const gusts = core.create("Gusts", { environments: at, gust });
          for (let i = 0; i < n; i++) kernels.gustsHold(gusts, i);
          for (let step = 0; step < 30; step++) {
            kernels.environmentsObserve(at);
            core.f32(action, ACTION_WORDS * n).set(randomValues(seed + step, 4 * n, wild));
            kernels.gustsStep(gusts);
            kernels.environmentsStep(at);
          }
          return environmentArrays(core, at);
        });
      }),
      runs(40),
    );
  });

  test("gemm, for any shape, pitch and transposition", () => {
    const size = fc.integer({ min: 1, max: 21 });
    fc.assert(
      fc.property(seeds, size, size, size, fc.boolean(), fc.boolean(), (seed, m, n, k, transposed, sum) => {
        expectSameBytes((core) => {
          const pad = seed % 3;
          const a = placeF32(core, randomValues(seed, m * k));
          const b = placeF32(core, randomValues(seed + 1, k * (n + pad)));
          const c = placeF32(core, randomValues(seed + 2, m * (n + pad)));
          const [row, column] = transposed ? [4, 4 * m] : [4 * k, 4];
          const scratch = core.allocate("Scratch", core.kernels.gemmScratchBytes(k));
          const pitch = 4 * (n + pad);
          core.kernels.gemm(c, pitch, a, row, column, b, pitch, m, n, k, sum, scratch);
          return [core.bytes(c, m * pitch)];
        });
      }),
      runs(200),
    );
  });

  test("dense networks, forward and backward", () => {
    const size = fc.integer({ min: 1, max: 19 });
    const arbitrary = fc.record({
      seed: seeds,
      sizes: fc.array(size, { minLength: 2, maxLength: 5 }),
      rows: fc.integer({ min: 1, max: 13 }),
      hidden: fc.constantFrom(...Object.values(Activation)),
      output: fc.constantFrom(...Object.values(Activation)),
    });
    fc.assert(
      fc.property(arbitrary, ({ seed, sizes, rows, hidden, output }) => {
        expectSameBytes((core) => {
          const { kernels } = core;
          const mlp = createMlp(core, sizes, hidden, output);
          const count = kernels.mlpParameterCount(mlp);
          const parameters = core.allocate("F32s", count);
          kernels.initialiseMlp(mlp, parameters, seed, 0, core.allocate("Scratch", DRAW_BYTES));
          const transposed = core.allocate("F32s", count);
          kernels.mlpTranspose(mlp, parameters, transposed);
          const [inputs = 0] = sizes;
          const outputs = sizes.at(-1)!;
          const x = placeF32(core, randomValues(seed, inputs * rows, 3));
          const dOutput = placeF32(core, randomValues(seed + 1, outputs * rows));
          const bytes = kernels.mlpActivationBytes(mlp, rows);
          const activations = core.allocate("F32s", bytes / 4);
          const scratch = core.allocate("Scratch", kernels.mlpScratchBytes(mlp, rows));
          const gradient = placeF32(core, randomValues(seed + 2, count));
          const dx = core.allocate("F32s", inputs * rows);
          kernels.mlpForward(mlp, parameters, x, 4 * inputs, rows, activations, scratch);
          const forward = core.bytes(activations, bytes).slice();
          const pitch = 4 * inputs;
          kernels.mlpBackward(
            mlp,
            transposed,
            x,
            pitch,
            rows,
            activations,
            dOutput,
            gradient,
            dx,
            pitch,
            scratch,
          );
          return [forward, core.bytes(gradient, 4 * count), core.bytes(dx, 4 * inputs * rows)];
        });
      }),
      runs(100),
    );
  });

  test("a spiking network of any layers: record, gradients and single steps", () => {
    const layer = fc.record({
      width: fc.integer({ min: 1, max: 9 }).map((k) => 8 * k),
      neuron: fc.constantFrom(...neurons("spikes")),
      recurrent: fc.boolean(),
      weightFormat: fc.constantFrom(WeightFormat.I16, WeightFormat.I8),
    });
    const arbitrary = fc.record({
      seed: seeds,
      layers: fc.array(layer, { minLength: 1, maxLength: 4 }),
      readOut: fc.constantFrom(...neurons("reads out")),
      readOutFormat: fc.constantFrom(...Object.values(WeightFormat)),
      surrogate: fc.constantFrom(...Object.values(Surrogate)),
      steps: fc.integer({ min: 1, max: 30 }),
      slope: fc.integer({ min: 1, max: 100 }),
      loud: fc.constantFrom(0.5, 4, 200),
    });
    fc.assert(
      fc.property(arbitrary, ({ seed, steps, slope, loud, ...spec }) => {
        expectSameBytes((core) => {
          const { kernels } = core;
          const actor = createSpikingActor(core, spec, seed);
          const observations = placeF32(core, randomValues(seed, 18 * steps, loud));
          const sequence = createSequence(core, actor, steps);
          kernels.sequenceForward(sequence.at, observations, 72, steps);
          const dAction = placeF32(core, randomValues(seed + 1, 4 * steps));
          const gradient = core.allocate("F32s", actor.count);
          kernels.sequenceBackward(sequence.at, dAction, steps, spec.surrogate, slope, gradient);
          const pilot = core.create("Pilot", { image: actor.image });
          const { state, action } = core.view("Pilot", pilot);
          for (let t = 0; t < steps; t++) {
            core.view("Pilot", pilot).observation = core.element("F32s", observations, 18 * t);
            kernels.pilotStep(pilot);
          }
          expect([...core.i16(action, 4)]).toEqual([...sequence.action(steps - 1)]);
          return [
            core.bytes(actor.image, core.view("NetworkImage", actor.image).bytes),
            core.bytes(gradient, 4 * actor.count),
            core.bytes(state, core.view("NetworkImage", actor.image).stateBytes),
            ...Array.from({ length: steps }, (_, t) => new Uint8Array(sequence.action(t).slice().buffer)),
          ];
        });
      }),
      runs(60),
    );
  });

  test("optimiser, slow targets, shard sums and random numbers", () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 40 }), (seed, n) => {
        expectSameBytes((core) => {
          const { kernels } = core;
          const parameters = placeF32(core, randomValues(seed, n));
          const target = placeF32(core, randomValues(seed + 1, n));
          const optimiser = core.create("Adam", {
            n,
            beta1: 0.9,
            beta2: 0.999,
            epsilon: 1e-8,
            weightDecay: seed % 2 ? 0.01 : 0,
            clipNorm: seed % 3 ? 0.5 : 0,
          });
          const [sum, ...others] = [0, 1, 2].map(() => core.allocate("F32s", n));
          for (let step = 0; step < 5; step++) {
            [sum!, ...others].forEach((gradient, shard) => {
              core.f32(gradient, n).set(randomValues(3 * seed + step + shard, n, 10 ** (step - 3)));
            });
            for (const other of others) kernels.addShard(sum!, other, n);
            kernels.adamStep(optimiser, parameters, sum!, 1e-2);
            kernels.polyakUpdate(target, parameters, n, 0.05);
          }
          const normals = core.allocate("F32s", n);
          kernels.fillNormal(normals, n, seed, 3, 7, core.allocate("Scratch", DRAW_BYTES));
          const { first, second } = core.view("Adam", optimiser);
          return [parameters, target, first, second, normals].map((at) => core.bytes(at, 4 * n));
        });
      }),
      runs(60),
    );
  });
});
