import { Adam, adamLayout, adamStep, addShard } from "../optimizer/adam";
import { draw, expectRelative, f32At, fillDraws, make, place, seedDraws, setF32 } from "./arena";

function createAdam(n: i32, weightDecay: f32, clipNorm: f32): Adam {
  const a = make<Adam>();
  a.beta1Power = a.beta2Power = 1.0;
  a.n = n;
  a.beta1 = 0.9;
  a.beta2 = 0.999;
  a.epsilon = 1e-8;
  a.weightDecay = weightDecay;
  a.clipNorm = clipNorm;
  adamLayout(a, place(adamLayout(a, 0)));
  return a;
}

function check(n: i32, weightDecay: f64, clipNorm: f64): void {
  const beta1 = <f64>(<f32>0.9),
    beta2 = <f64>(<f32>0.999),
    rate = <f64>(<f32>0.01),
    epsilon = <f64>(<f32>1e-8);
  const a = createAdam(n, <f32>weightDecay, <f32>clipNorm),
    parameters = place(4 * n),
    gradient = place(4 * n);
  fillDraws(parameters, n, 1.0);
  const w = new StaticArray<f64>(n),
    m = new StaticArray<f64>(n),
    v = new StaticArray<f64>(n);
  for (let i = 0; i < n; i++) w[i] = <f64>f32At(parameters, i);
  for (let t = 1; t <= 6; t++) {
    let square = 0.0;
    for (let i = 0; i < n; i++) {
      setF32(gradient, i, draw() * Math.pow(10.0, <f64>(t - 3)));
      square += <f64>f32At(gradient, i) * <f64>f32At(gradient, i);
    }
    const norm = Math.sqrt(square);
    const clip = clipNorm > 0.0 && norm > clipNorm ? clipNorm / norm : 1.0;
    adamStep(a, parameters, gradient, 0.01);
    for (let i = 0; i < n; i++) {
      const g = <f64>f32At(gradient, i) * clip;
      m[i] = beta1 * m[i] + (1.0 - beta1) * g;
      v[i] = beta2 * v[i] + (1.0 - beta2) * g * g;
      const mHat = m[i] / (1.0 - Math.pow(beta1, <f64>t)),
        vHat = v[i] / (1.0 - Math.pow(beta2, <f64>t));
      w[i] = w[i] * (1.0 - rate * weightDecay) - (rate * mHat) / (Math.sqrt(vHat) + epsilon);
      expectRelative(<f64>f32At(parameters, i), w[i], 3e-7, 1.0, "step " + t.toString());
    }
  }
}

describe("adamStep", () => {
  it("is Algorithm 1 with bias correction, over six steps", () => {
    seedDraws(1);
    check(7, 0.0, 0.0);
  });
  it("decays weights apart from the gradient, and clips the norm of the whole gradient", () => {
    seedDraws(2);
    check(9, 0.1, 0.5);
  });
  it("moves by the learning rate in its first step, whatever the gradient", () => {
    const a = createAdam(1, 0.0, 0.0),
      w = place(4),
      g = place(4);
    setF32(g, 0, -123.0);
    adamStep(a, w, g, 0.25);
    expectRelative(<f64>f32At(w, 0), 0.25, 1e-6, 0.0, "first step");
  });
});

describe("addShard", () => {
  it("adds the shards in rising order into the first", () => {
    const n = 6,
      pitch = 64;
    const at = place(3 * pitch);
    for (let s = 0; s < 3; s++)
      for (let i = 0; i < n; i++)
        setF32(at + pitch * s, i, s == 0 ? 16777216.0 : s == 1 ? 1.0 : <f64>(i + 1));
    addShard(at, at + pitch, n);
    addShard(at, at + 2 * pitch, n);
    for (let i = 0; i < n; i++) expect<f32>(f32At(at, i)).toBe(<f32>16777216.0 + <f32>1.0 + <f32>(i + 1)); // left to right: 1 is lost
    expect<f32>(f32At(at + pitch, 0)).toBe(1.0);
  });
});
