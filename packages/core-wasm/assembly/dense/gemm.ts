// Matrix product. Each output is one chain of additions over k in rising order, in the SIMD and the scalar build
// alike; lanes run over columns, so nothing is summed across them.

import { F32s, Scratch } from "../addresses";
import { laneCount, loadF, loadSplat, mulAdd, splat, storeF } from "../lanes";

/** Rows and lane groups of one register block. */
const BLOCK_ROWS: i32 = 4;
const BLOCK_GROUPS: i32 = 2;

/** Bytes of scratch for inner dimension k: one packed panel of b. */
export function gemmScratchBytes(k: i32): i32 {
  return k * BLOCK_GROUPS * 16;
}

/**
 * c (m, n) = a (m, k) b (k, n), or c + a b with `accumulate`. f32; a pitch is the bytes from row to row; a may be read
 * transposed: its element (i, l) lies at a + i aRow + l aColumn. scratch: gemmScratchBytes(k).
 */
export function gemm(
  c: F32s,
  cPitch: usize,
  a: F32s,
  aRow: usize,
  aColumn: usize,
  b: F32s,
  bPitch: usize,
  m: i32,
  n: i32,
  k: i32,
  accumulate: bool,
  scratch: Scratch,
): void {
  let j = 0;
  if (ASC_FEATURE_SIMD) {
    for (; j + 8 <= n; j += 8)
      panel<v128>(c, cPitch, a, aRow, aColumn, b, bPitch, j, m, k, accumulate, scratch);
    for (; j + 4 <= n; j += 4) column<v128>(c, cPitch, a, aRow, aColumn, b, bPitch, j, m, k, accumulate);
  } else {
    for (; j + 2 <= n; j += 2)
      panel<f32>(c, cPitch, a, aRow, aColumn, b, bPitch, j, m, k, accumulate, scratch);
  }
  for (; j < n; j++) column<f32>(c, cPitch, a, aRow, aColumn, b, bPitch, j, m, k, accumulate);
}

/** Two lane groups of columns from j on; b is packed first, because its rows share few cache sets. */
function panel<F>(
  c: F32s,
  cPitch: usize,
  a: F32s,
  aRow: usize,
  aColumn: usize,
  b: usize,
  bPitch: usize,
  j: i32,
  m: i32,
  k: i32,
  accumulate: bool,
  packed: usize,
): void {
  c += (<usize>j) << 2;
  b += (<usize>j) << 2;
  const group: usize = (<usize>laneCount<F>()) << 2;
  for (let l = 0, from = b, to = packed; l < k; l++, from += bPitch, to += 2 * group) {
    storeF<F>(to, loadF<F>(from));
    storeF<F>(to + group, loadF<F>(from + group));
  }
  let i = 0;
  for (; i + BLOCK_ROWS <= m; i += BLOCK_ROWS) {
    const c0 = c + <usize>i * cPitch,
      c1 = c0 + cPitch,
      c2 = c1 + cPitch,
      c3 = c2 + cPitch;
    let s00 = splat<F>(0.0),
      s01 = splat<F>(0.0),
      s10 = splat<F>(0.0),
      s11 = splat<F>(0.0);
    let s20 = splat<F>(0.0),
      s21 = splat<F>(0.0),
      s30 = splat<F>(0.0),
      s31 = splat<F>(0.0);
    if (accumulate) {
      s00 = loadF<F>(c0);
      s01 = loadF<F>(c0 + group);
      s10 = loadF<F>(c1);
      s11 = loadF<F>(c1 + group);
      s20 = loadF<F>(c2);
      s21 = loadF<F>(c2 + group);
      s30 = loadF<F>(c3);
      s31 = loadF<F>(c3 + group);
    }
    let a0 = a + <usize>i * aRow,
      a1 = a0 + aRow,
      a2 = a1 + aRow,
      a3 = a2 + aRow;
    const end = packed + <usize>k * 2 * group;
    for (let p = packed; p < end; p += 2 * group) {
      const b0 = loadF<F>(p),
        b1 = loadF<F>(p + group);
      const x0 = loadSplat<F>(a0),
        x1 = loadSplat<F>(a1),
        x2 = loadSplat<F>(a2),
        x3 = loadSplat<F>(a3);
      s00 = mulAdd<F>(x0, b0, s00);
      s01 = mulAdd<F>(x0, b1, s01);
      s10 = mulAdd<F>(x1, b0, s10);
      s11 = mulAdd<F>(x1, b1, s11);
      s20 = mulAdd<F>(x2, b0, s20);
      s21 = mulAdd<F>(x2, b1, s21);
      s30 = mulAdd<F>(x3, b0, s30);
      s31 = mulAdd<F>(x3, b1, s31);
      a0 += aColumn;
      a1 += aColumn;
      a2 += aColumn;
      a3 += aColumn;
    }
    storeF<F>(c0, s00);
    storeF<F>(c0 + group, s01);
    storeF<F>(c1, s10);
    storeF<F>(c1 + group, s11);
    storeF<F>(c2, s20);
    storeF<F>(c2 + group, s21);
    storeF<F>(c3, s30);
    storeF<F>(c3 + group, s31);
  }
  for (; i < m; i++) {
    const row = c + <usize>i * cPitch;
    let s0 = splat<F>(0.0),
      s1 = splat<F>(0.0);
    if (accumulate) {
      s0 = loadF<F>(row);
      s1 = loadF<F>(row + group);
    }
    let x = a + <usize>i * aRow;
    for (let l = 0, p = packed; l < k; l++, p += 2 * group, x += aColumn) {
      const xl = loadSplat<F>(x);
      s0 = mulAdd<F>(xl, loadF<F>(p), s0);
      s1 = mulAdd<F>(xl, loadF<F>(p + group), s1);
    }
    storeF<F>(row, s0);
    storeF<F>(row + group, s1);
  }
}

/** One lane group of columns from j on. */
function column<F>(
  c: F32s,
  cPitch: usize,
  a: F32s,
  aRow: usize,
  aColumn: usize,
  b: usize,
  bPitch: usize,
  j: i32,
  m: i32,
  k: i32,
  accumulate: bool,
): void {
  c += (<usize>j) << 2;
  b += (<usize>j) << 2;
  for (let i = 0; i < m; i++) {
    const row = c + <usize>i * cPitch;
    let s = splat<F>(0.0);
    if (accumulate) s = loadF<F>(row);
    let x = a + <usize>i * aRow;
    for (let l = 0, p = b; l < k; l++, p += bPitch, x += aColumn)
      s = mulAdd<F>(loadSplat<F>(x), loadF<F>(p), s);
    storeF<F>(row, s);
  }
}

/** out (n, m) = transposed in (m, n), both contiguous f32. */
export function transpose(out: usize, input: usize, m: i32, n: i32): void {
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      store<f32>(out + ((<usize>(j * m + i)) << 2), load<f32>(input + ((<usize>(i * n + j)) << 2)));
    }
  }
}

/** sum (n) += the sum over rows of x (rows, n), rows in rising order. */
export function addColumnSums(sum: usize, x: usize, pitch: usize, rows: i32, n: i32): void {
  let j = 0;
  if (ASC_FEATURE_SIMD) {
    for (; j + 4 <= n; j += 4)
      addColumnSum<v128>(sum + ((<usize>j) << 2), x + ((<usize>j) << 2), pitch, rows);
  }
  for (; j < n; j++) addColumnSum<f32>(sum + ((<usize>j) << 2), x + ((<usize>j) << 2), pitch, rows);
}

// @ts-ignore: decorator
@inline
function addColumnSum<F>(sum: usize, x: usize, pitch: usize, rows: i32): void {
  let s = loadF<F>(sum);
  for (let i = 0; i < rows; i++, x += pitch) s = mulAdd<F>(splat<F>(1.0), loadF<F>(x), s);
  storeF<F>(sum, s);
}
