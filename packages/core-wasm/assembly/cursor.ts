// Lays out the arrays of an object one behind another, 16-byte aligned. The same layout function, run from base 0, gives
// the bytes they take, and run from an address, gives their addresses: no list of sizes stands beside a list of pointers.

let next: u64 = 0;

/** The next array begins at or behind `base`. */
export function layFrom(base: usize): void {
  next = base;
}

/** Takes n elements of T and returns where they begin. */
export function lay<T>(n: u64): usize {
  return take(n * sizeof<T>());
}

/** Takes `bytes` and returns where they begin. */
export function take(bytes: u64): usize {
  const at = (next + 15) & ~15;
  next = at + bytes;
  return <usize>at;
}

/** Where the arrays so far end; the last address of all where they end behind it, which is more than there is. */
export function laidTo(): usize {
  return <usize>min<u64>((next + 15) & ~15, 0xfffffff0);
}

/** A place for the header of an object within an object while that is only measured; as long as the longest of them. */
export const MEASURED: usize = memory.data(256, 16);
