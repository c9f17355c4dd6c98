import { Actor, ActorKind } from "../actors/actor";
import {
  actorBackward,
  actorForward,
  actorScratchBytes,
  actorSync,
  actorSyncTarget,
  actorTapeBytes,
  tapesInit,
} from "../actors/kind";
import { Activation, mlpParameterCount } from "../dense/mlp";
import { imageLayer, NetworkImage, policyScratchBytes } from "../network/image";
import { dequantiseAction, quantiseObservation } from "../network/rounding";
import { policyStepInPlace } from "../network/step";
import { Neuron } from "../neurons/neuron";
import { actorLossGradient, actorTargetActions } from "../objective/actor-pass";
import { Totals, totalsAdd, totalsClear } from "../objective/totals";
import { copyHistory, Row, replayIndex } from "../replay/replay-buffer";
import {
  draw,
  expectRelative,
  expectWithin,
  f32At,
  fillDraws,
  i32At,
  make,
  place,
  seedDraws,
  setF32,
} from "./arena";
import { denseModel, makeMlp } from "./dense-model";
import { createReplay, sampleBatch, storeEpisode } from "./episodes";
import { begin, masterCount, spikingActor, twoLayers } from "./networks";
import { bptt, bpttActions } from "./sequence";

const H1 = 16;
const H2 = 8;
const CAPACITY = 12;
const STEPS = 12;

seedDraws(6);
const replay = createReplay(1, 3, 30);
storeEpisode(replay, 0, 17, true);
storeEpisode(replay, 0, 30, false);
replayIndex(replay, 5, 4);
const batch = sampleBatch(replay, CAPACITY, STEPS, 8, 4, 0);
const totals = make<Totals>();

// A spiking actor whose target differs from it.
const master = place(4 * masterCount(H1, H2));
const targetMaster = place(4 * masterCount(H1, H2));
const image = twoLayers(H1, H2, 25);
const targetImage = twoLayers(H1, H2, 25);
const gain = place(72);
for (let i = 0; i < masterCount(H1, H2); i++) {
  setF32(master, i, 0.24 * draw() + 0.1);
  setF32(targetMaster, i, 0.24 * draw() + 0.1);
}
for (let k = 0; k < 18; k++) setF32(gain, k, 1.0);
const spiking = spikingActor(image, targetImage, master, gain);
spiking.target = targetMaster;
actorSyncTarget(spiking);
const tapes = place(<usize>actorTapeBytes(spiking, CAPACITY, STEPS));
tapesInit(tapes, spiking, CAPACITY, STEPS);

// A dense actor that sees its past actions.
const SIZES: StaticArray<i32> = [146, 6, 5, 4];
const mlp = makeMlp(SIZES, Activation.RELU, Activation.TANH);
const denseCount = mlpParameterCount(mlp);
const denseParameters = place(4 * denseCount);
const denseTarget = place(4 * denseCount);
fillDraws(denseParameters, denseCount, 0.2);
fillDraws(denseTarget, denseCount, 0.2);
const dense = make<Actor>();
dense.kind = ActorKind.DENSE;
dense.inputs = 146;
dense.mlp = mlp;
dense.parameters = denseParameters;
dense.target = denseTarget;
dense.copies = place(4 * denseCount);
actorSync(dense);
const scratch = place(
  max<i32>(actorScratchBytes(spiking, STEPS, CAPACITY), actorScratchBytes(dense, STEPS, CAPACITY)),
);
const w = new StaticArray<f64>(denseCount);
const history = place(512);

function rowOf(flat: i32): usize {
  return <usize>i32At(batch.row, flat);
}
/** What the dense actor says at a row, in f64 with parameters w. */
function say(row: usize): StaticArray<f64> {
  const x = new StaticArray<f64>(146);
  copyHistory(replay, row, history);
  for (let i = 0; i < 18; i++) x[i] = <f64>f32At(row + Row.OBSERVATION, i);
  for (let i = 0; i < 128; i++) x[18 + i] = <f64>f32At(history, i);
  return denseModel(SIZES, Activation.RELU, Activation.TANH, w, 0, x, 0);
}
/** Flies an image over rows from zero membranes; out (steps, 4) f32. */
function flySequence(policy: NetworkImage, row: usize, steps: i32, out: usize): void {
  const state = place(4 * (H1 + H2)),
    observation = place(36),
    action = place(8),
    work = place(policyScratchBytes(policy));
  for (let t = 0; t < steps; t++) {
    quantiseObservation(row + <usize>t * Row.BYTES + Row.OBSERVATION, observation);
    policyStepInPlace(policy, state, observation, action, work);
    dequantiseAction(action, out + 16 * t);
  }
}

describe("actorTapeBytes", () => {
  it("says what it would take where that is more than 32 bits hold", () => {
    const one = actorTapeBytes(spiking, 1, STEPS);
    expect<f64>(actorTapeBytes(spiking, 1 << 24, STEPS)).toBe(one * 16777216.0);
    expect<f64>(one * 16777216.0).toBeGreaterThan(4294967296.0);
  });
});

describe("actorForward", () => {
  it("runs each sequence from zero membranes over its observations", () => {
    actorForward(spiking, batch, tapes, scratch);
    let flat = 0,
      lively = 0;
    for (let i = 0; i < CAPACITY; i++) {
      const steps = i32At(batch.sequenceSteps, i);
      const out = place(16 * STEPS);
      flySequence(image, <usize>i32At(batch.sequence, i), steps, out);
      for (let k = 0; k < 4 * steps; k++) {
        expect<f32>(f32At(batch.policyAction, 4 * flat + k)).toBe(f32At(out, k));
        if (k >= 4 && f32At(out, k) != f32At(out, k - 4)) lively++;
      }
      flat += steps;
    }
    expect<u32>(batch.count).toBe(flat);
    expect<i32>(lively).toBeGreaterThan(50, "spikes change the actions");
  });

  it("shows a dense actor the observation and the actions before it", () => {
    for (let i = 0; i < denseCount; i++) w[i] = <f64>f32At(denseParameters, i);
    actorForward(dense, batch, 0, scratch);
    for (let flat = 0; flat < <i32>batch.count; flat++) {
      const y = say(rowOf(flat));
      for (let k = 0; k < 4; k++)
        expectWithin(<f64>f32At(batch.policyAction, 4 * flat + k), y[k], 2e-6, "action");
    }
  });
});

describe("actorTargetActions", () => {
  it("is the slow actor at the next state, which has seen the whole sequence", () => {
    actorTargetActions(spiking, batch, 0.0, 0.5, 1, 0, 0, scratch);
    let flat = 0;
    for (let i = 0; i < CAPACITY; i++) {
      const steps = i32At(batch.sequenceSteps, i);
      const out = place(16 * (STEPS + 1));
      flySequence(targetImage, <usize>i32At(batch.sequence, i), steps + 1, out);
      for (let k = 0; k < 4 * steps; k++)
        expect<f32>(f32At(batch.targetAction, 4 * flat + k)).toBe(f32At(out, k + 4));
      flat += steps;
    }
    for (let i = 0; i < denseCount; i++) w[i] = <f64>f32At(denseTarget, i);
    actorTargetActions(dense, batch, 0.0, 0.5, 1, 0, 0, scratch);
    for (let k = 0; k < <i32>batch.count; k++) {
      const y = say(rowOf(k) + Row.BYTES);
      for (let m = 0; m < 4; m++)
        expectWithin(<f64>f32At(batch.targetAction, 4 * k + m), y[m], 2e-6, "target");
    }
  });

  it("is smoothed by clipped noise and stays within [-1, 1]", () => {
    const n = <i32>(4 * batch.count);
    const plain = place(4 * n);
    actorTargetActions(dense, batch, 0.0, 0.5, 1, 0, 3, scratch);
    memory.copy(plain, batch.targetAction, 4 * n);
    actorTargetActions(dense, batch, 0.2, 0.25, 1, 0, 3, scratch);
    let square = 0.0,
      clipped = 0,
      sum = 0.0;
    for (let i = 0; i < n; i++) {
      const gap = <f64>f32At(batch.targetAction, i) - <f64>f32At(plain, i);
      expect<bool>(Math.abs(<f64>f32At(batch.targetAction, i)) <= 1.0).toBe(true);
      expect<bool>(Math.abs(gap) <= 0.2500001).toBe(true);
      if (Math.abs(gap) > 0.2499999) clipped++;
      square += gap * gap;
      sum += gap;
    }
    // N(0, 0.2) clipped at 1.25 standard deviations: 21 % on the clip, standard deviation 0.163.
    expectWithin(<f64>clipped / <f64>n, 0.21, 0.08, "clipped");
    expectWithin(Math.sqrt(square / <f64>n), 0.163, 0.02, "spread");
    expectWithin(sum / <f64>n, 0.0, 0.04, "mean");
  });
});

describe("actorLossGradient", () => {
  it("is that of -(alpha / mean|Q|) Q + bcWeight |pi - a|^2, averaged over counted rows, 0 elsewhere", () => {
    const n = <i32>(4 * batch.count);
    const dQ = place(4 * n);
    fillDraws(batch.policyAction, n, 1.0);
    fillDraws(dQ, n, 3.0);
    memory.copy(batch.dAction, dQ, 4 * n);
    batch.absoluteQ = 7.0 * <f64>batch.counted;
    totalsClear(totals);
    totalsAdd(totals, batch);
    actorLossGradient(batch, totals, 2.0, 0.25);
    let counted = 0,
      bc = 0.0;
    for (let flat = 0; flat < <i32>batch.count; flat++) {
      const counts = load<u8>(batch.countsForActor + flat) != 0;
      if (counts) counted++;
      for (let k = 0; k < 4; k++) {
        const i = 4 * flat + k;
        const gap = <f64>f32At(batch.policyAction, i) - <f64>f32At(rowOf(flat) + Row.ACTION, k);
        if (counts) bc += gap * gap;
        const want = (2.0 * 0.25 * gap - (2.0 / 7.0) * <f64>f32At(dQ, i)) / <f64>batch.counted;
        expectRelative(<f64>f32At(batch.dAction, i), counts ? want : 0.0, 1e-5, 1e-3, "dL / daction");
      }
    }
    expect<u32>(batch.counted).toBe(counted);
    expect<bool>(counted > 0 && counted < <i32>batch.count).toBe(true);
    expectRelative(batch.bcLoss, bc, 1e-6, 0.0, "bc loss");
  });
});

describe("actorBackward", () => {
  it("adds up the sequences of a spiking actor, each by BPTT", () => {
    const count = masterCount(H1, H2);
    actorForward(spiking, batch, tapes, scratch);
    fillDraws(batch.dAction, <i32>(4 * batch.count), 1.0);
    const got = place(4 * count),
      want = place(4 * count);
    actorBackward(spiking, batch, tapes, 5.0, got, scratch);
    let dAction = batch.dAction;
    for (let i = 0; i < CAPACITY; i++) {
      const steps = i32At(batch.sequenceSteps, i),
        observations = place(72 * steps);
      for (let t = 0; t < steps; t++) {
        const row = <usize>i32At(batch.sequence, i) + <usize>t * Row.BYTES;
        memory.copy(observations + <usize>t * 72, row + Row.OBSERVATION, 72);
      }
      bptt(spiking, observations, dAction, 0, 1, steps, 5.0, want);
      dAction += 16 * steps;
    }
    let size = 0.0;
    for (let i = 0; i < count; i++) {
      expect<f32>(f32At(got, i)).toBe(f32At(want, i));
      size += Math.abs(<f64>f32At(want, i));
    }
    expect<f64>(size).toBeGreaterThan(1.0);
  });

  it("matches finite differences for a dense actor", () => {
    for (let i = 0; i < denseCount; i++) w[i] = <f64>f32At(denseParameters, i);
    fillDraws(batch.dAction, <i32>(4 * batch.count), 1.0);
    const gradient = place(4 * denseCount);
    actorBackward(dense, batch, 0, 0.0, gradient, scratch);
    for (let i = 0; i < denseCount; i += 13) {
      const centre = w[i],
        h = 1e-6;
      w[i] = centre + h;
      const above = spoken();
      w[i] = centre - h;
      const below = spoken();
      w[i] = centre;
      expectRelative(<f64>f32At(gradient, i), (above - below) / (2.0 * h), 1e-4, 0.1, "w " + i.toString());
    }
  });
});

/** An actor of several passes that sees past actions, and a sequence of as many steps that all see the same. */
const PASSES = 3;
const WORDS = 146;
const seen = place(4 * WORDS * PASSES);
function deciding(): Actor {
  const a = begin(2, WORDS),
    b = begin(2, WORDS);
  for (let i = 0; i < 2; i++) {
    const its = i ? b : a;
    imageLayer(its, 0, Neuron.LIF, H1, 0, 0, 25);
    imageLayer(its, 1, Neuron.LIF, H2, 0, 0, 12);
    imageLayer(its, 2, Neuron.SUM, 4, 0, 0, 12);
  }
  const parameters = place(4 * a.masterWords),
    gains = place(4 * WORDS);
  for (let k = 0; k < WORDS; k++) setF32(gains, k, 1.0);
  fillDraws(parameters, a.masterWords, 0.12, 0.05);
  const actor = spikingActor(a, b, parameters, gains);
  actor.kind = ActorKind.SPIKING_PASSES;
  actor.passes = PASSES;
  fillDraws(actor.target, a.masterWords, 0.12, 0.05);
  actorSyncTarget(actor);
  return actor;
}
function showToPasses(row: usize): void {
  for (let pass = 0; pass < PASSES; pass++) {
    const at = seen + 4 * WORDS * pass;
    memory.copy(at, row + Row.OBSERVATION, 72);
    copyHistory(replay, row, at + 72);
  }
}

describe("an actor of several passes", () => {
  it("decides each row from rest, by what the read-out has added up, and adds up the rows' BPTT", () => {
    const actor = deciding(),
      count = actor.image.masterWords;
    const work = place(actorScratchBytes(actor, STEPS, CAPACITY)),
      got = place(4 * count),
      want = place(4 * count),
      dActions = place(16 * PASSES);
    actorForward(actor, batch, 0, work);
    fillDraws(batch.dAction, <i32>(4 * batch.count), 1.0);
    actorBackward(actor, batch, 0, 5.0, got, work);
    let spikes: i64 = 0;
    for (let flat = 0; flat < <i32>batch.count; flat++) {
      showToPasses(rowOf(flat));
      memory.copy(dActions + 16 * (PASSES - 1), batch.dAction + ((<usize>flat) << 4), 16);
      spikes += bptt(actor, seen, dActions, 0, 1, PASSES, 5.0, want);
      for (let k = 0; k < 4; k++)
        expect<f32>(f32At(batch.policyAction, 4 * flat + k)).toBe(f32At(bpttActions, 4 * (PASSES - 1) + k));
    }
    expect<bool>(spikes > 300).toBe(true, "a silent network would pass any gradient check");
    for (let i = 0; i < count; i++)
      expectRelative(<f64>f32At(got, i), <f64>f32At(want, i), 1e-4, 1.0, "word " + i.toString());
    expect<f64>(Math.abs(<f64>f32At(got, 0))).toBeGreaterThan(0.0);
  });

  it("is its slow copy at the next state", () => {
    const actor = deciding();
    const work = place(actorScratchBytes(actor, STEPS, CAPACITY));
    actorTargetActions(actor, batch, 0.0, 0.5, 1, 0, 0, work);
    actor.image = actor.targetImage;
    for (let flat = 0; flat < <i32>batch.count; flat++) {
      showToPasses(rowOf(flat) + Row.BYTES);
      bptt(actor, seen, place(16 * PASSES), 0, 1, PASSES, 5.0, place(4 * actor.image.masterWords));
      for (let k = 0; k < 4; k++)
        expect<f32>(f32At(batch.targetAction, 4 * flat + k)).toBe(f32At(bpttActions, 4 * (PASSES - 1) + k));
    }
  });
});

/** Sum of dAction times what the dense actor says. */
function spoken(): f64 {
  let sum = 0.0;
  for (let flat = 0; flat < <i32>batch.count; flat++) {
    const y = say(rowOf(flat));
    for (let k = 0; k < 4; k++) sum += y[k] * <f64>f32At(batch.dAction, 4 * flat + k);
  }
  return sum;
}
