import {
  Activation,
  mlpActivationBytes,
  mlpForward,
  mlpOutput,
  mlpParameterCount,
  mlpScratchBytes,
  mlpShiftInputs,
} from "../dense/mlp";
import { distilKeepTargets, distilLossGradient } from "../objective/distil";
import { Totals, totalsAdd, totalsBcLoss, totalsClear } from "../objective/totals";
import { Row, replayIndex, replayMeanPosition, slotRow } from "../replay/replay-buffer";
import { expectRelative, expectWithin, f32At, fillDraws, make, place, seedDraws, setF32 } from "./arena";
import { makeMlp } from "./dense-model";
import { createReplay, sampleBatch, storeEpisode } from "./episodes";

describe("distilLossGradient", () => {
  it("is the gradient of the mean squared distance to the teacher over the rows that count", () => {
    seedDraws(3);
    const replay = createReplay(1, 2, 30);
    storeEpisode(replay, 0, 30, false);
    replayIndex(replay, 5, 4);
    const b = sampleBatch(replay, 4, 12, 8, 4, 0);
    const values = 4 * <i32>b.count;
    fillDraws(b.policyAction, values, 1.0); // of the teacher
    distilKeepTargets(b);
    const targets = place(4 * values);
    memory.copy(targets, b.policyAction, 4 * values);
    fillDraws(b.policyAction, values, 1.0); // of the student
    const totals = make<Totals>();
    totalsClear(totals);
    totalsAdd(totals, b);
    distilLossGradient(b, totals);
    let distance = 0.0,
      uncounted = 0;
    for (let i = 0; i < values; i++) {
      const gap = <f64>f32At(b.policyAction, i) - <f64>f32At(targets, i);
      const counts = load<u8>(b.countsForActor + (i >> 2)) != 0;
      if (counts) distance += gap * gap;
      else uncounted++;
      const expected = counts ? (2.0 * gap) / <f64>b.counted : 0.0;
      expectRelative(<f64>f32At(b.dAction, i), expected, 1e-5, 1e-3, "value " + i.toString());
    }
    expect<i32>(uncounted).toBeGreaterThan(0, "the warm-up carries none");
    totalsClear(totals);
    totalsAdd(totals, b);
    expectRelative(totalsBcLoss(totals), distance / <f64>b.counted, 1e-5, 1e-3, "distance");
  });
});

describe("replayMeanPosition", () => {
  it("is the mean of the true positions from a step on, over ended episodes alone", () => {
    seedDraws(4);
    const r = createReplay(1, 4, 20);
    const slots: StaticArray<u32> = [storeEpisode(r, 0, 20, false), storeEpisode(r, 0, 5, true)];
    for (let i = 0; i < slots.length; i++) {
      for (let t = 0; t <= 20; t++)
        for (let k = 0; k < 3; k++) setF32(slotRow(r, slots[i], t) + Row.PRIVILEGED, k, <f64>(t + 100 * k));
    }
    replayIndex(r, 5, 0);
    const mean = place(12);
    replayMeanPosition(r, 10, mean); // steps 10 .. 19 of the first
    for (let k = 0; k < 3; k++) expect<f32>(f32At(mean, k)).toBe(<f32>(14.5 + 100.0 * <f64>k));
    replayMeanPosition(r, 20, mean);
    for (let k = 0; k < 3; k++) expect<f32>(f32At(mean, k)).toBe(0.0);
  });
});

describe("mlpShiftInputs", () => {
  it("makes a network say what it said of inputs shifted", () => {
    seedDraws(5);
    const mlp = makeMlp([6, 8, 4], Activation.TANH, Activation.TANH);
    const w = place(4 * mlpParameterCount(mlp)),
      x = place(24),
      shifted = place(24),
      shift = place(12);
    fillDraws(w, mlpParameterCount(mlp), 0.5);
    fillDraws(x, 6, 1.0);
    fillDraws(shift, 3, 1.0);
    memory.copy(shifted, x, 24);
    for (let k = 0; k < 3; k++) setF32(shifted, k, <f64>f32At(x, k) + <f64>f32At(shift, k));
    const scratch = place(mlpScratchBytes(mlp, 1));
    const before = place(mlpActivationBytes(mlp, 1)),
      after = place(mlpActivationBytes(mlp, 1));
    mlpForward(mlp, w, shifted, 24, 1, before, scratch);
    mlpShiftInputs(mlp, w, shift, 3);
    mlpForward(mlp, w, x, 24, 1, after, scratch);
    for (let k = 0; k < 4; k++)
      expectWithin(
        <f64>f32At(mlpOutput(mlp, after, 1), k),
        <f64>f32At(mlpOutput(mlp, before, 1), k),
        1e-5,
        "output " + k.toString(),
      );
  });
});
