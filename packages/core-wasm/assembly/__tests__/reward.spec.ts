import { Orientation, REWARD_TERMS, Reward, RewardTerm, rewardTerms, scoreTerms } from "../task/reward";
import { expectRelative, f32At, make, place, placeF32, setF32 } from "./arena";
import { restingBody } from "./crazyflie";

function reward(kind: i32, plain: bool, zero: bool): Reward {
  const r = make<Reward>();
  r.constant = 2.0;
  r.scale = 0.5;
  r.position = 3.0;
  r.velocity = 5.0;
  r.angularVelocity = 7.0;
  r.action = 11.0;
  r.orientation = 13.0;
  r.actionBaseline = 0.25;
  r.orientationKind = kind;
  r.plainNorms = plain;
  r.zeroWhenTerminated = zero;
  return r;
}

describe("rewardTerms", () => {
  it("are squared norms, or norms, and the raw action's distance from the baseline", () => {
    const body = restingBody(),
      terms = place(4 * REWARD_TERMS),
      action = placeF32([0.25, 1.25, 0.25, -1.75]);
    setF32(body, 0, 3.0);
    setF32(body, 1, -4.0);
    setF32(body, 8, 2.0);
    setF32(body, 12, -0.5);
    rewardTerms<f32, i32>(reward(1, false, false), body, action, terms);
    const squares: StaticArray<f32> = [25, 4, 0.25, 5, 0];
    expect<i32>(squares.length).toBe(REWARD_TERMS, "reward.spec.ts knows every term");
    for (let i = 0; i < REWARD_TERMS; i++) expect<f32>(f32At(terms, i)).toBe(squares[i]);
    rewardTerms<f32, i32>(reward(1, true, false), body, action, terms);
    const norms: StaticArray<f32> = [5, 2, 0.5, 5, 0];
    for (let i = 0; i < REWARD_TERMS; i++) expect<f32>(f32At(terms, i)).toBe(norms[i]);
  });

  it("measure attitude in four ways, blind to the sign of q", () => {
    const body = restingBody(),
      terms = place(4 * REWARD_TERMS),
      action = place(16);
    const angle = 0.8; // about an axis of direction (2, 1, 2) / 3
    const qw = Math.cos(angle / 2.0),
      qz = (Math.sin(angle / 2.0) * 2.0) / 3.0;
    const want: StaticArray<f64> = [
      angle * angle,
      1.0 - qw * qw,
      2.0 * Math.acos(1.0 - qz * qz),
      2.0 * Math.acos(1.0 - qz),
    ];
    expect<i32>(want.length).toBe(Orientation.COUNT, "reward.spec.ts knows every measure");
    for (let sign = -1.0; sign <= 1.0; sign += 2.0) {
      setF32(body, 3, sign * qw);
      setF32(body, 4, (sign * Math.sin(angle / 2.0) * 2.0) / 3.0);
      setF32(body, 5, (sign * Math.sin(angle / 2.0)) / 3.0);
      setF32(body, 6, sign * qz);
      for (let kind = 0; kind < Orientation.COUNT; kind++) {
        rewardTerms<f32, i32>(reward(kind, 0, 0), body, action, terms);
        expectRelative(
          <f64>f32At(terms, <i32>RewardTerm.ORIENTATION),
          want[kind],
          2e-6,
          0.0,
          "kind " + kind.toString(),
        );
      }
    }
  });
});

describe("scoreTerms", () => {
  it("weighs the terms, wherever they lie", () => {
    const terms = placeF32([1, 0, 2, 0, 4, 0, 8, 0, 16, 0]);
    // 2 - (3 + 10 + 28 + 88 + 208) / 2
    expect<f32>(scoreTerms(reward(0, false, true), terms, 8, false)).toBe(-166.5);
  });
  it("leaves no term out", () => {
    const r = reward(0, false, false);
    for (let term = 0; term < REWARD_TERMS; term++) {
      const terms = place(4 * REWARD_TERMS);
      setF32(terms, term, 1.0);
      expect<f32>(scoreTerms(r, terms, 4, false)).toBeLessThan(r.constant, "term " + term.toString());
    }
  });
  it("is 0 at termination only where the preset says so", () => {
    const terms = placeF32([1, 1, 1, 1, 1]);
    expect<f32>(scoreTerms(reward(0, false, true), terms, 4, true)).toBe(0.0);
    expect<f32>(scoreTerms(reward(0, false, false), terms, 4, true)).toBe(-17.5);
  });
});
