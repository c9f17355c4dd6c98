import { Activation } from "../dense/mlp";
import { Input } from "../objective/batch";
import {
  Critics,
  criticActionGradient,
  criticRegress,
  criticScratchBytes,
  criticsLayout,
  criticsSync,
  criticTarget,
} from "../objective/critic";
import { Totals, totalsAdd, totalsClear } from "../objective/totals";
import { Row, replayIndex, rewardOfRow } from "../replay/replay-buffer";
import { Reward } from "../task/reward";
import { expectRelative, f32At, fillDraws, i32At, make, place, seedDraws } from "./arena";
import { denseModel, makeMlp } from "./dense-model";
import { createReplay, sampleBatch, storeEpisode } from "./episodes";

const SIZES: StaticArray<i32> = [32, 7, 6, 1];
const COUNT: i32 = 33 * 7 + 8 * 6 + 7;
const GAMMA: f64 = <f64>(<f32>0.97);

// One episode that terminates, one that is cut off; sequences of up to 8 steps, the first 2 of which carry no loss.
seedDraws(4);
const replay = createReplay(1, 3, 20);
storeEpisode(replay, 0, 13, true);
storeEpisode(replay, 0, 20, false);
replayIndex(replay, 3, 2);
const batch = sampleBatch(replay, 30, 8, 5, 3, 2);

const mlp = makeMlp(SIZES, Activation.RELU, Activation.LINEAR);
const critics = make<Critics>();
critics.mlp = mlp;
critics.input = Input.PRIVILEGED;
criticsLayout(critics, place(criticsLayout(critics, 0)));
const pitch = critics.pitch,
  parameters = critics.parameters,
  target = critics.target;
fillDraws(parameters, <i32>(pitch / 2), 0.5);
fillDraws(target, <i32>(pitch / 2), 0.5);
criticsSync(critics);
const scratch = place(criticScratchBytes(critics));
const reward = make<Reward>();
reward.constant = 1.0;
reward.scale = 1.0;
reward.position = 0.3;
reward.velocity = 0.2;
reward.angularVelocity = 0.1;
reward.action = 0.4;
reward.orientation = 0.25;
const totals = make<Totals>();
fillDraws(batch.targetAction, <i32>(4 * batch.count), 1.0);
fillDraws(batch.policyAction, <i32>(4 * batch.count), 1.0);

const w = new StaticArray<f64>(<i32>(pitch / 2));
const x = new StaticArray<f64>(32);

function take(from: usize): void {
  for (let i = 0; i < w.length; i++) w[i] = <f64>f32At(from, i);
}
/** Q_j in f64 of a stored row and an action. */
function q(j: i32, row: usize, action: usize): f64 {
  for (let i = 0; i < 28; i++) x[i] = <f64>f32At(row + Row.PRIVILEGED, i);
  for (let i = 0; i < 4; i++) x[28 + i] = <f64>f32At(action, i);
  return qOfX(j);
}
function qOfX(j: i32): f64 {
  const first = j * <i32>(pitch / 4);
  return denseModel(SIZES, Activation.RELU, Activation.LINEAR, w, first, x, 0)[0];
}
function rowOf(flat: i32): usize {
  return <usize>i32At(batch.row, flat);
}
function criticFlat(k: i32): i32 {
  return i32At(batch.criticRow, k);
}

describe("criticTarget", () => {
  it("bootstraps from the smaller slow critic at the next state, through truncation but not through termination", () => {
    criticTarget(critics, batch, reward, <f32>GAMMA, scratch);
    take(target);
    let terminal = 0,
      truncated = 0;
    expect<u32>(batch.criticCounted).toBeGreaterThan(128, "more than one tile");
    for (let k = 0; k < <i32>batch.criticCounted; k++) {
      const flat = criticFlat(k),
        row = rowOf(flat),
        action = batch.targetAction + ((<usize>flat) << 4);
      const r = <f64>rewardOfRow(reward, row);
      const next = Math.min(q(0, row + Row.BYTES, action), q(1, row + Row.BYTES, action));
      const ended = f32At(row + Row.TERMINATED, 0) != 0.0;
      if (ended) terminal++;
      const last = (row - replay.rows) / Row.BYTES == 21 + 19; // the last step of the episode that was cut off
      if (last) truncated++;
      const want = ended ? r : r + GAMMA * next;
      expectRelative(<f64>f32At(batch.tdTarget, k), want, 1e-5, 1.0, "target " + k.toString());
    }
    expect<i32>(terminal).toBeGreaterThan(0);
    expect<i32>(truncated).toBeGreaterThan(0);
  });
});

function loss(j: i32): f64 {
  let sum = 0.0;
  for (let k = 0; k < <i32>batch.criticCounted; k++) {
    const row = rowOf(criticFlat(k));
    const error = q(j, row, row + Row.ACTION) - <f64>f32At(batch.tdTarget, k);
    sum += error * error;
  }
  return sum / <f64>batch.criticCounted;
}

describe("criticRegress", () => {
  it("adds the gradient of the mean squared TD error, by finite differences, for both critics", () => {
    fillDraws(batch.tdTarget, <i32>batch.criticCounted, 2.0);
    totalsClear(totals);
    totalsAdd(totals, batch);
    for (let j = 0; j < 2; j++) {
      const gradient = place(4 * COUNT);
      take(parameters);
      criticRegress(critics, j, batch, totals, gradient, scratch);
      if (j == 0) expectRelative(batch.criticLoss / <f64>batch.criticCounted, loss(0), 1e-5, 0.0, "loss");
      for (let i = 0; i < COUNT; i++) {
        const at = j * <i32>(pitch / 4) + i,
          centre = w[at],
          h = 1e-6;
        w[at] = centre + h;
        const above = loss(j);
        w[at] = centre - h;
        const below = loss(j);
        w[at] = centre;
        expectRelative(<f64>f32At(gradient, i), (above - below) / (2.0 * h), 1e-4, 0.1, "w " + i.toString());
      }
    }
  });
});

describe("criticActionGradient", () => {
  it("is dQ1 / daction at what the policy says, for every row that counts; and sums Q1 and |Q1|", () => {
    take(parameters);
    criticActionGradient(critics, batch, scratch);
    let sum = 0.0,
      absolute = 0.0;
    expect<u32>(batch.counted).toBeGreaterThan(50);
    for (let k = 0; k < <i32>batch.counted; k++) {
      const flat = i32At(batch.actorRow, k),
        value = q(0, rowOf(flat), batch.policyAction + ((<usize>flat) << 4));
      sum += value;
      absolute += Math.abs(value);
      for (let i = 0; i < 4; i++) {
        const centre = x[28 + i],
          h = 1e-6;
        x[28 + i] = centre + h;
        const above = qOfX(0);
        x[28 + i] = centre - h;
        const below = qOfX(0);
        x[28 + i] = centre;
        expectRelative(<f64>f32At(batch.dAction, 4 * flat + i), (above - below) / (2.0 * h), 1e-4, 0.1, "dQ");
      }
    }
    expectRelative(batch.qSum, sum, 1e-4, 1.0, "sum of Q1");
    expectRelative(batch.absoluteQ, absolute, 1e-4, 1.0, "sum of |Q1|");
    totalsClear(totals);
    totalsAdd(totals, batch);
    expect<f64>(totals.counted).toBe(<f64>batch.counted);
  });
});
