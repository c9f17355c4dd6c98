import { readSync, writeSync } from "node:fs";

/**
 * A seam for tests. A program that was started with SPIKEWING_HOLD=POINT says "held: POINT" on standard error when it
 * first comes to that point, and stands still until its standard input ends: a test that kills it there, or sends it a
 * signal, knows what had been done and what had not.
 *
 * Points: "before FILE", with that file's bytes on the disk under their temporary name (of run.json: not yet written);
 * "round N of guide" and "round N of policy", with its line in metrics.jsonl and without its checkpoint.
 */
export function holdAt(point: string): void {
  if (process.env.SPIKEWING_HOLD !== point) return;
  delete process.env.SPIKEWING_HOLD;
  writeSync(2, `held: ${point}\n`);
  while (readSync(0, Buffer.alloc(1)) > 0);
}
