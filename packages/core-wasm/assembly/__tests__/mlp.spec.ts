import {
  Activation,
  mlpActivationBytes,
  mlpBackward,
  mlpForward,
  mlpOutput,
  mlpParameterCount,
  mlpScratchBytes,
  mlpTranspose,
} from "../dense/mlp";
import { expectRelative, expectWithin, f32At, fillDraws, place, seedDraws } from "./arena";
import { denseModel, makeMlp } from "./dense-model";

const ROWS = 5;
let sizes = new StaticArray<i32>(0);
let hiddenKind = 0;
let outputKind = 0;
let parameters = new StaticArray<f64>(0);
let x = new StaticArray<f64>(0);
let dOutput = new StaticArray<f64>(0);

/** Sum over outputs of dOutput times output, in f64. */
function loss(): f64 {
  let total = 0.0;
  for (let r = 0; r < ROWS; r++) {
    const y = denseModel(sizes, hiddenKind, outputKind, parameters, 0, x, r * sizes[0]);
    for (let j = 0; j < y.length; j++) total += y[j] * dOutput[r * y.length + j];
  }
  return total;
}

function slope(values: StaticArray<f64>, i: i32): f64 {
  const h = 1e-6,
    centre = values[i];
  values[i] = centre + h;
  const above = loss();
  values[i] = centre - h;
  const below = loss();
  values[i] = centre;
  return (above - below) / (2.0 * h);
}

function check(s: StaticArray<i32>, hidden: i32, output: i32): void {
  sizes = s;
  hiddenKind = hidden;
  outputKind = output;
  const layers = s.length - 1,
    nIn = s[0],
    nOut = s[layers];
  const mlp = makeMlp(s, hidden, output);
  const count = mlpParameterCount(mlp);
  const w = place(4 * count),
    input = place(4 * nIn * ROWS),
    d = place(4 * nOut * ROWS),
    transposed = place(4 * count),
    gradient = place(4 * count),
    dx = place(4 * nIn * ROWS);
  fillDraws(w, count, 0.7);
  fillDraws(input, nIn * ROWS, 1.0);
  fillDraws(d, nOut * ROWS, 1.0);
  fillDraws(gradient, count, 1.0);
  const before = place(4 * count);
  memory.copy(before, gradient, 4 * count);
  parameters = new StaticArray<f64>(count);
  x = new StaticArray<f64>(nIn * ROWS);
  dOutput = new StaticArray<f64>(nOut * ROWS);
  for (let i = 0; i < count; i++) parameters[i] = <f64>f32At(w, i);
  for (let i = 0; i < nIn * ROWS; i++) x[i] = <f64>f32At(input, i);
  for (let i = 0; i < nOut * ROWS; i++) dOutput[i] = <f64>f32At(d, i);

  const activations = place(mlpActivationBytes(mlp, ROWS)),
    scratch = place(mlpScratchBytes(mlp, ROWS));
  mlpTranspose(mlp, w, transposed);
  mlpForward(mlp, w, input, 4 * nIn, ROWS, activations, scratch);
  let total = 0.0;
  const out = mlpOutput(mlp, activations, ROWS);
  for (let i = 0; i < nOut * ROWS; i++) total += <f64>f32At(out, i) * dOutput[i];
  expectRelative(total, loss(), 1e-6, 1.0, "loss");
  mlpBackward(mlp, transposed, input, 4 * nIn, ROWS, activations, d, gradient, dx, 4 * nIn, scratch);
  for (let i = 0; i < count; i++) {
    const got = <f64>f32At(gradient, i) - <f64>f32At(before, i); // it accumulates
    expectRelative(got, slope(parameters, i), 2e-6, 1.0, "parameter " + i.toString());
  }
  for (let i = 0; i < nIn * ROWS; i++)
    expectRelative(<f64>f32At(dx, i), slope(x, i), 2e-6, 1.0, "input " + i.toString());

  // A gradient that is not wanted leaves dx alone.
  for (let i = 0; i < nOut * ROWS; i++) store<f32>(d + 4 * i, <f32>dOutput[i]);
  const dx2 = place(4 * nIn * ROWS);
  mlpBackward(mlp, transposed, input, 4 * nIn, ROWS, activations, d, 0, dx2, 4 * nIn, scratch);
  for (let i = 0; i < nIn * ROWS; i++)
    expectWithin(<f64>f32At(dx2, i), <f64>f32At(dx, i), 0.0, "input alone");
}

describe("mlpBackward", () => {
  it("matches finite differences in f64, every parameter and input, with tanh", () => {
    seedDraws(1);
    check([6, 9, 8, 4], Activation.TANH, Activation.TANH);
  });
  it("with ReLU and a linear output", () => {
    seedDraws(2);
    check([7, 12, 5, 1], Activation.RELU, Activation.LINEAR);
  });
  it("with every activation, hidden and of the output", () => {
    seedDraws(4);
    for (let hidden = 0; hidden < Activation.COUNT; hidden++)
      for (let output = 0; output < Activation.COUNT; output++) check([4, 6, 2], hidden, output);
  });
  it("with one layer and with two", () => {
    seedDraws(3);
    check([5, 3], Activation.RELU, Activation.TANH);
    check([4, 10, 2], Activation.RELU, Activation.RELU);
  });
});
