// Lays out the arrays of an object one behind another, 16-byte aligned. The same layout function, run from base 0, gives
// the bytes they take, and run from an address, gives their addresses: no list of sizes stands beside a list of pointers.

let next: usize = 0;

/** The next array begins at or behind `base`. */
export function layFrom(base: usize): void {
  next = base;
}

/** Takes n elements of T and returns where they begin. */
export function lay<T>(n: usize): usize {
  return take(n * sizeof<T>());
}

/** Takes `bytes` and returns where they begin. */
export function take(bytes: usize): usize {
  const at = (next + 15) & ~15;
  next = at + bytes;
  return at;
}

/** Where the arrays so far end. */
export function laidTo(): usize {
  return (next + 15) & ~15;
}

/** A place for the header of an object within an object while that is only measured; as long as the longest of them. */
export const MEASURED: usize = memory.data(256, 16);
