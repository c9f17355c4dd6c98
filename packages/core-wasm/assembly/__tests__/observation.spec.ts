import { addSensorNoise, observeExactly, observeHidden, SensorNoise } from "../task/observation";
import { expectWithin, f32At, make, place, setF32 } from "./arena";
import { crazyflie, groupOf, restingBody } from "./crazyflie";

describe("observeExactly", () => {
  it("shows position, rotation matrix row by row, velocity, angular velocity", () => {
    const body = restingBody(),
      seen = place(72);
    for (let i = 0; i < 3; i++) {
      setF32(body, i, 0.1 + <f64>i);
      setF32(body, 7 + i, 10.0 + <f64>i);
      setF32(body, 10 + i, 20.0 + <f64>i);
    }
    // 120 degrees about (1, 1, 1): x to y, y to z, z to x.
    for (let i = 3; i < 7; i++) setF32(body, i, 0.5);
    observeExactly<f32>(body, seen);
    const rotation: StaticArray<f32> = [0, 0, 1, 1, 0, 0, 0, 1, 0];
    for (let i = 0; i < 9; i++) expect<f32>(f32At(seen, 3 + i)).toBe(rotation[i]);
    for (let i = 0; i < 3; i++) {
      expect<f32>(f32At(seen, i)).toBe(<f32>(0.1 + <f64>i));
      expect<f32>(f32At(seen, 12 + i)).toBe(<f32>(10.0 + <f64>i));
      expect<f32>(f32At(seen, 15 + i)).toBe(<f32>(20.0 + <f64>i));
    }
    // 90 degrees about z tells signs apart: body x points along world y.
    setF32(body, 3, Math.SQRT1_2);
    setF32(body, 4, 0.0);
    setF32(body, 5, 0.0);
    setF32(body, 6, Math.SQRT1_2);
    observeExactly<f32>(body, seen);
    expectWithin(<f64>f32At(seen, 4), -1.0, 1e-6, "r12");
    expectWithin(<f64>f32At(seen, 6), 1.0, 1e-6, "r21");
  });
});

describe("observeHidden", () => {
  it("scales force and torque by their published spread, rotors to [-1, 1]", () => {
    const body = restingBody(),
      hidden = place(40);
    setF32(body, 17, 0.0132435);
    setF32(body, 21, -2.6487e-5);
    setF32(body, 14, 21702.0);
    setF32(body, 15, 10851.0);
    observeHidden<f32>(groupOf(crazyflie()), body, hidden);
    expectWithin(<f64>f32At(hidden, 0), 1.0, 1e-5, "force");
    expectWithin(<f64>f32At(hidden, 4), -1.0, 1e-5, "torque");
    expectWithin(<f64>f32At(hidden, 6), -1.0, 1e-6, "rotor 0");
    expectWithin(<f64>f32At(hidden, 7), 1.0, 1e-6, "rotor 1");
    expectWithin(<f64>f32At(hidden, 8), 0.0, 1e-6, "rotor 2");
  });
});

describe("addSensorNoise", () => {
  it("has the spread of each kind of entry, fresh each step and episode", () => {
    const noise = make<SensorNoise>(),
      seen = place(72),
      episode = place(4),
      step = place(4),
      scratch = place(8);
    noise.positionM = 0.05;
    noise.rotation = 0.001;
    noise.velocityMPerS = 0.1;
    noise.angularVelocityRadPerS = 0.2;
    const square = new StaticArray<f64>(18);
    const n = 2000;
    let product = 0.0,
      previous = 0.0;
    for (let t = 0; t < n; t++) {
      memory.fill(seen, 0, 72);
      store<u32>(step, t % 100);
      store<u32>(episode, t / 100);
      addSensorNoise<f32, i32>(noise, 3, episode, step, seen, scratch);
      for (let k = 0; k < 18; k++) square[k] += <f64>f32At(seen, k) * <f64>f32At(seen, k);
      product += previous * <f64>f32At(seen, 17);
      previous = <f64>f32At(seen, 0);
    }
    for (let k = 0; k < 18; k++) {
      const std = k < 3 ? 0.05 : k < 12 ? 0.001 : k < 15 ? 0.1 : 0.2;
      expectWithin(Math.sqrt(square[k] / <f64>n) / std, 1.0, 0.08, "entry " + k.toString());
    }
    expectWithin(product / <f64>n / (0.05 * 0.2), 0.0, 0.1, "no memory");
  });
});
