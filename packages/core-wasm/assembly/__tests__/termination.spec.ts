import { Bounds, outOfBounds } from "../task/termination";
import { make, setF32 } from "./arena";
import { restingBody } from "./crazyflie";

const bounds = make<Bounds>();
bounds.positionM = 0.6;
bounds.velocityMPerS = 5.0;
bounds.angularVelocityRadPerS = 35.0;

function ended(word: i32, x: f64): i32 {
  const body = restingBody();
  setF32(body, word, x);
  return outOfBounds<f32, i32>(bounds, body);
}

describe("outOfBounds", () => {
  it("looks at each axis of p, v and w, either sign, and at nothing else", () => {
    for (let word = 0; word < 23; word++) {
      const bound = word < 3 ? 0.6 : word >= 7 && word < 10 ? 5.0 : word >= 10 && word < 13 ? 35.0 : 1e30;
      expect<i32>(ended(word, bound * 0.999)).toBe(0, "inside, word " + word.toString());
      expect<i32>(ended(word, -bound * 0.999)).toBe(0);
      expect<i32>(ended(word, bound * 1.001)).toBe(bound < 1e30 ? 1 : 0, "outside, word " + word.toString());
      expect<i32>(ended(word, -bound * 1.001)).toBe(bound < 1e30 ? 1 : 0);
    }
  });
  it("takes the bound itself as inside", () => {
    expect<i32>(ended(8, 5.0)).toBe(0);
  });
  it("ends on NaN and on infinity", () => {
    expect<i32>(ended(1, NaN)).toBe(1);
    expect<i32>(ended(9, NaN)).toBe(1);
    expect<i32>(ended(10, NaN)).toBe(1);
    expect<i32>(ended(2, Infinity)).toBe(1);
  });
});
