import { addColumnSums, gemm, gemmScratchBytes, transpose } from "../dense/gemm";
import { expectWithin, f32At, fillDraws, place, seedDraws } from "./arena";

function check(m: i32, n: i32, k: i32, transposed: bool, accumulate: bool): void {
  const pitch = n + 3; // words: rows need not touch
  const a = place(4 * m * k),
    b = place(4 * k * pitch),
    c = place(4 * m * pitch),
    before = place(4 * m * pitch);
  fillDraws(a, m * k, 1.0);
  fillDraws(b, k * pitch, 1.0);
  fillDraws(c, m * pitch, 1.0);
  memory.copy(before, c, 4 * m * pitch);
  const row = transposed ? 1 : k,
    column = transposed ? m : 1;
  gemm(c, 4 * pitch, a, 4 * row, 4 * column, b, 4 * pitch, m, n, k, accumulate, place(gemmScratchBytes(k)));
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum: f32 = accumulate ? f32At(before, i * pitch + j) : 0.0;
      for (let l = 0; l < k; l++) sum += f32At(a, i * row + l * column) * f32At(b, l * pitch + j);
      expectWithin(<f64>f32At(c, i * pitch + j), <f64>sum, 0.0, "element");
    }
    for (let j = n; j < pitch; j++)
      expect<f32>(f32At(c, i * pitch + j)).toBe(f32At(before, i * pitch + j), "beyond the row");
  }
}

describe("gemm", () => {
  it("adds in rising order of k, to the bit, for every shape, transposition and pitch", () => {
    seedDraws(1);
    for (let m = 1; m <= 9; m += 2) {
      for (let n = 1; n <= 21; n += 4) {
        for (let k = 1; k <= 7; k += 3) check(m, n, k, (m + k) % 4 == 0, n % 8 == 1);
      }
    }
    check(8, 24, 5, true, true);
    check(5, 16, 9, false, true);
    check(4, 8, 1, true, false);
  });
});

describe("transpose and addColumnSums", () => {
  it("do as they say", () => {
    seedDraws(2);
    const m = 5,
      n = 7;
    const x = place(4 * m * n),
      y = place(4 * m * n),
      sums = place(4 * n);
    fillDraws(x, m * n, 1.0);
    fillDraws(sums, n, 1.0);
    const before = place(4 * n);
    memory.copy(before, sums, 4 * n);
    transpose(y, x, m, n);
    addColumnSums(sums, x, 4 * n, m, n);
    for (let j = 0; j < n; j++) {
      let sum = f32At(before, j);
      for (let i = 0; i < m; i++) {
        expect<f32>(f32At(y, j * m + i)).toBe(f32At(x, i * n + j));
        sum += f32At(x, i * n + j);
      }
      expect<f32>(f32At(sums, j)).toBe(sum);
    }
  });
});
