// Matrix products in plain TypeScript. Four terms or four sums at a time: twice as fast here as the textbook's loops.
// All matrices are row by row; an offset says where one begins.

/** c (m, n) += a (m, k) b (k, n). */
export function addProduct(
  c: Float32Array,
  a: Float32Array,
  b: Float32Array,
  bAt: number,
  m: number,
  n: number,
  k: number,
): void {
  for (let i = 0; i < m; i++) {
    const row = i * n;
    let l = 0;
    for (; l + 4 <= k; l += 4) {
      const x = i * k + l;
      const [x0, x1, x2, x3] = [a[x]!, a[x + 1]!, a[x + 2]!, a[x + 3]!];
      const b0 = bAt + l * n;
      const b1 = b0 + n;
      const b2 = b1 + n;
      const b3 = b2 + n;
      for (let j = 0; j < n; j++)
        c[row + j]! += x0 * b[b0 + j]! + x1 * b[b1 + j]! + x2 * b[b2 + j]! + x3 * b[b3 + j]!;
    }
    for (; l < k; l++) {
      const xl = a[i * k + l]!;
      const bl = bAt + l * n;
      for (let j = 0; j < n; j++) c[row + j]! += xl * b[bl + j]!;
    }
  }
}

/** c (k, n) += a (m, k) transposed times d (m, n). */
export function addTransposedProduct(
  c: Float32Array,
  cAt: number,
  a: Float32Array,
  d: Float32Array,
  m: number,
  n: number,
  k: number,
): void {
  let i = 0;
  for (; i + 4 <= m; i += 4) {
    const d0 = i * n;
    const d1 = d0 + n;
    const d2 = d1 + n;
    const d3 = d2 + n;
    for (let l = 0; l < k; l++) {
      const x = i * k + l;
      const [x0, x1, x2, x3] = [a[x]!, a[x + k]!, a[x + 2 * k]!, a[x + 3 * k]!];
      const row = cAt + l * n;
      for (let j = 0; j < n; j++)
        c[row + j]! += x0 * d[d0 + j]! + x1 * d[d1 + j]! + x2 * d[d2 + j]! + x3 * d[d3 + j]!;
    }
  }
  for (; i < m; i++) {
    for (let l = 0; l < k; l++) {
      const x = a[i * k + l]!;
      const row = cAt + l * n;
      for (let j = 0; j < n; j++) c[row + j]! += x * d[i * n + j]!;
    }
  }
}

/** c (m, k) = d (m, n) times w (k, n) transposed. */
export function productWithTransposed(
  c: Float32Array,
  d: Float32Array,
  w: Float32Array,
  wAt: number,
  m: number,
  n: number,
  k: number,
): void {
  for (let i = 0; i < m; i++) {
    const row = i * n;
    let l = 0;
    for (; l + 4 <= k; l += 4) {
      const w0 = wAt + l * n;
      const w1 = w0 + n;
      const w2 = w1 + n;
      const w3 = w2 + n;
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      for (let j = 0; j < n; j++) {
        const x = d[row + j]!;
        s0 += x * w[w0 + j]!;
        s1 += x * w[w1 + j]!;
        s2 += x * w[w2 + j]!;
        s3 += x * w[w3 + j]!;
      }
      const at = i * k + l;
      c[at] = s0;
      c[at + 1] = s1;
      c[at + 2] = s2;
      c[at + 3] = s3;
    }
    for (; l < k; l++) {
      let s = 0;
      for (let j = 0; j < n; j++) s += d[row + j]! * w[wAt + l * n + j]!;
      c[i * k + l] = s;
    }
  }
}

/** sum (n) += the sum of the rows of d (m, n). */
export function addColumnSums(sum: Float32Array, at: number, d: Float32Array, m: number, n: number): void {
  for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) sum[at + j]! += d[i * n + j]!;
}

/** sum (n) += those rows of w (_, n) that are listed in active (count), from `first` on. */
export function addRows(
  sum: Float32Array,
  w: Float32Array,
  n: number,
  active: Uint16Array,
  first: number,
  count: number,
): void {
  let a = 0;
  for (; a + 4 <= count; a += 4) {
    const at = first + a;
    const w0 = active[at]! * n;
    const w1 = active[at + 1]! * n;
    const w2 = active[at + 2]! * n;
    const w3 = active[at + 3]! * n;
    for (let j = 0; j < n; j++) sum[j]! += w[w0 + j]! + w[w1 + j]! + w[w2 + j]! + w[w3 + j]!;
  }
  for (; a < count; a++) {
    const row = active[first + a]! * n;
    for (let j = 0; j < n; j++) sum[j]! += w[row + j]!;
  }
}
