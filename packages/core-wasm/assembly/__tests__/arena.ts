// What the specs put in linear memory, and how they compare numbers.

const BYTES: usize = 4 << 20;
const ARENA: usize = memory.data(4194304, 16);
let next: usize = 0;

/** Zeroed memory, 64-byte aligned, for the rest of the spec. */
export function place(bytes: usize): usize {
  const at = next;
  next += (bytes + 63) & ~63;
  assert(next <= BYTES, "the arena is full");
  memory.fill(ARENA + at, 0, bytes);
  return ARENA + at;
}

/** An object with all fields 0. */
export function make<T>(): T {
  return changetype<T>(place(offsetof<T>()));
}

export function placeF32(values: StaticArray<f32>): usize {
  const at = place(4 * values.length);
  memory.copy(at, changetype<usize>(values), 4 * values.length);
  return at;
}

export function placeI32(values: StaticArray<i32>): usize {
  const at = place(4 * values.length);
  memory.copy(at, changetype<usize>(values), 4 * values.length);
  return at;
}

export function f32At(at: usize, i: i32): f32 {
  return load<f32>(at + ((<usize>i) << 2));
}
export function setF32(at: usize, i: i32, x: f64): void {
  store<f32>(at + ((<usize>i) << 2), <f32>x);
}
export function i32At(at: usize, i: i32): i32 {
  return load<i32>(at + ((<usize>i) << 2));
}

let state: u32 = 1;
export function seedDraws(seed: u32): void {
  state = seed * 2654435761 + 1;
}
/** Uniform in [-1, 1), a multiple of 2^-16: xorshift32. */
export function draw(): f64 {
  state ^= state << 13;
  state ^= state >> 17;
  state ^= state << 5;
  return <f64>(<i32>(state >> 15) - 65536) / 65536.0;
}
export function fillDraws(at: usize, n: i32, scale: f64, middle: f64 = 0.0): void {
  for (let i = 0; i < n; i++) setF32(at, i, middle + scale * draw());
}

export function expectWithin(got: f64, want: f64, tolerance: f64, what: string): void {
  const gap = Math.abs(got - want);
  const text = what + ": got " + got.toString() + ", want " + want.toString();
  expect<bool>(gap <= tolerance).toBe(true, text); // false for NaN
}

/** |got - want| <= tolerance * max(floor, |want|). */
export function expectRelative(got: f64, want: f64, tolerance: f64, floor: f64, what: string): void {
  expectWithin(got, want, tolerance * Math.max(floor, Math.abs(want)), what);
}

/** Distance in units of the last place of f32 at `want`. */
export function ulps(got: f32, want: f64): f64 {
  const size = Math.max(Math.abs(want), 1.1754943508222875e-38);
  const exponent = Math.floor(Math.log2(size));
  return Math.abs(<f64>got - want) / Math.pow(2.0, exponent - 23.0);
}
