// Lays out the arrays of an object one behind another, 16-byte aligned. The same layout function, run from base 0, gives
// the object's size, and run from its address, gives the addresses: no list of sizes stands beside a list of pointers.

let next: usize = 0;

/** The next array begins at or behind `at`. */
export function layFrom(at: usize): void {
  next = at;
}

/** Takes `bytes` for an array and returns where it begins. */
export function take(bytes: usize): usize {
  const at = (next + 15) & ~15;
  next = at + bytes;
  return at;
}

/** Where the arrays so far end. */
export function laidTo(): usize {
  return (next + 15) & ~15;
}

/** A place for the header while an object is only measured; as long as the longest of them. */
export const MEASURED: usize = memory.data(256, 16);
