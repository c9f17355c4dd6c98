import { escapeGradient, escapeScratchBytes } from "../surrogates/escape-noise";
import { expectRelative, f32At, fillDraws, place, seedDraws, setF32 } from "./arena";

const N = 6;
const x = place(4 * N),
  weights = place(16 * N),
  bias = place(16),
  label = place(16),
  gradient = place(4 * N),
  scratch = place(escapeScratchBytes(N));

function expectedLoss(n: i32, outputs: i32, width: f32): f64 {
  return escapeGradient(x, weights, bias, label, width, n, outputs, gradient, scratch);
}

describe("escapeGradient", () => {
  it("of one neuron is p (1 - p) / width times what its spike does to the loss", () => {
    setF32(x, 0, 0.1);
    setF32(weights, 0, 0.5);
    setF32(bias, 0, -0.2);
    setF32(label, 0, 0.3);
    const p = 1.0 / (1.0 + Math.exp(-0.1 / 0.2)),
      fired = Math.pow(Math.tanh(0.3) - 0.3, 2.0),
      silent = Math.pow(Math.tanh(-0.2) - 0.3, 2.0);
    expectRelative(expectedLoss(1, 1, 0.2), p * fired + (1.0 - p) * silent, 1e-6, 0.0, "expected loss");
    const want = ((p * (1.0 - p)) / 0.2) * (fired - silent);
    expectRelative(<f64>f32At(gradient, 0), want, 1e-5, 0.0, "gradient");
  });

  it("matches finite differences of the expected loss for every neuron", () => {
    seedDraws(9);
    fillDraws(x, N, 1.0);
    fillDraws(weights, 4 * N, 0.5);
    fillDraws(bias, 4, 0.3);
    fillDraws(label, 4, 1.0);
    for (let width: f32 = 0.1; width < 2.0; width *= 3.0) {
      expectedLoss(N, 4, width);
      const got = place(4 * N);
      memory.copy(got, gradient, 4 * N);
      for (let j = 0; j < N; j++) {
        const centre = f32At(x, j),
          h: f32 = 0.00390625;
        setF32(x, j, centre + h);
        const above = expectedLoss(N, 4, width);
        setF32(x, j, centre - h);
        const below = expectedLoss(N, 4, width);
        setF32(x, j, centre);
        // f32 tanh: 1e-7 of the loss over 2 h; and the third derivative, (h / width)^2
        expectRelative(<f64>f32At(got, j), (above - below) / <f64>(2.0 * h), 2e-3, 0.02, "x " + j.toString());
      }
    }
  });
});
