import type { CoreExports } from "./core.js";

/**
 * Work is cut into this many shards, whatever the number of workers, and reduced in rising order of shards: the same
 * bytes with 1, 2 or 4 workers.
 */
export const SHARDS = 4;

type KernelName = {
  [K in keyof CoreExports]: CoreExports[K] extends (...args: never[]) => unknown ? K : never;
}[keyof CoreExports];

/** Runs a kernel once a shard and returns when all are done. */
export interface ShardPool {
  readonly workers: number;
  /** @throws what a kernel threw, in whichever thread, once no thread works any more; the memory is then unusable */
  run<K extends KernelName>(kernel: K, args: (shard: number) => Parameters<CoreExports[K]>): void;
  close(): void;
}

/** All shards one after the other, in the calling thread. */
export function createInlinePool(kernels: CoreExports): ShardPool {
  return {
    workers: 1,
    run(kernel, args) {
      const call = kernels[kernel] as (...values: number[]) => void;
      for (let shard = 0; shard < SHARDS; shard++) call(...(args(shard) as number[]));
    },
    close() {},
  };
}

// The job board, in shared memory: words of control, the arguments of every shard, and the first fault as text.
export const CONTROL = {
  generation: 0,
  nextShard: 1,
  done: 2,
  kernel: 3,
  argumentCount: 4,
  quit: 5,
  fault: 6,
} as const;
export const CONTROL_WORDS = 8;
export const MAX_ARGUMENTS = 16;
const FAULT_AT = CONTROL_WORDS * 4 + SHARDS * MAX_ARGUMENTS * 8;
const FAULT_BYTES = 1024;
export const BOARD_BYTES = FAULT_AT + FAULT_BYTES;

/** Kernel names in the order that both sides number them. */
export function kernelNames(kernels: CoreExports): readonly string[] {
  return Object.keys(kernels).sort();
}

/** Puts the first fault of any thread on the board, for the caller of the next or present run(). */
export function postFault(board: SharedArrayBuffer, error: unknown): void {
  const control = new Int32Array(board, 0, CONTROL_WORDS);
  if (Atomics.compareExchange(control, CONTROL.fault, 0, 1) !== 0) return;
  const text = new TextEncoder().encode(error instanceof Error ? error.message : String(error));
  new Uint8Array(board, FAULT_AT, FAULT_BYTES).set(text.subarray(0, FAULT_BYTES));
}

/** @throws what postFault() has put on the board, if it has. */
function throwFault(board: SharedArrayBuffer): void {
  const control = new Int32Array(board, 0, CONTROL_WORDS);
  if (Atomics.load(control, CONTROL.fault) === 0) return;
  const text = new Uint8Array(board, FAULT_AT, FAULT_BYTES).slice(); // a decoder takes no shared memory
  throw new Error(new TextDecoder().decode(text).replace(/\0+$/, ""));
}

/**
 * Takes shards off the board until none is left. A late worker finds none: the count of shards never changes. A shard
 * whose kernel throws is done as well: nobody waits for it for ever.
 */
export function workOffShards(
  kernels: CoreExports,
  names: readonly string[],
  board: SharedArrayBuffer,
): void {
  const control = new Int32Array(board, 0, CONTROL_WORDS);
  for (;;) {
    const shard = Atomics.add(control, CONTROL.nextShard, 1);
    if (shard >= SHARDS) return;
    const offset = CONTROL_WORDS * 4 + shard * MAX_ARGUMENTS * 8;
    const values = new Float64Array(board, offset, Atomics.load(control, CONTROL.argumentCount));
    const name = names[Atomics.load(control, CONTROL.kernel)] as KernelName;
    try {
      (kernels[name] as (...args: number[]) => void)(...values);
    } catch (error) {
      postFault(board, new Error(`${name}: ${error instanceof Error ? error.message : error}`));
    }
    if (Atomics.add(control, CONTROL.done, 1) === SHARDS - 1) Atomics.notify(control, CONTROL.done);
  }
}

/** Posts jobs on the board; the calling thread works too. `stop` ends the helpers. */
export function createBoardPool(
  kernels: CoreExports,
  board: SharedArrayBuffer,
  workers: number,
  stop: () => void,
): ShardPool {
  const names = kernelNames(kernels);
  const control = new Int32Array(board, 0, CONTROL_WORDS);
  Atomics.store(control, CONTROL.nextShard, SHARDS);
  return {
    workers,
    run(kernel, args) {
      let count = 0;
      for (let shard = 0; shard < SHARDS; shard++) {
        const values = args(shard) as number[];
        count = values.length;
        new Float64Array(board, CONTROL_WORDS * 4 + shard * MAX_ARGUMENTS * 8, count).set(values);
      }
      Atomics.store(control, CONTROL.kernel, names.indexOf(kernel));
      Atomics.store(control, CONTROL.argumentCount, count);
      Atomics.store(control, CONTROL.done, 0);
      Atomics.store(control, CONTROL.nextShard, 0);
      Atomics.add(control, CONTROL.generation, 1);
      Atomics.notify(control, CONTROL.generation);
      workOffShards(kernels, names, board);
      for (let done = Atomics.load(control, CONTROL.done); done < SHARDS; ) {
        Atomics.wait(control, CONTROL.done, done);
        done = Atomics.load(control, CONTROL.done);
      }
      throwFault(board);
    },
    close() {
      Atomics.store(control, CONTROL.quit, 1);
      Atomics.add(control, CONTROL.generation, 1);
      Atomics.notify(control, CONTROL.generation);
      stop();
    },
  };
}

/** The life of a helper: waits for a job, works it off, until told to quit. */
export function serveBoard(kernels: CoreExports, board: SharedArrayBuffer): void {
  const names = kernelNames(kernels);
  const control = new Int32Array(board, 0, CONTROL_WORDS);
  let seen = 0;
  while (Atomics.load(control, CONTROL.quit) === 0) {
    Atomics.wait(control, CONTROL.generation, seen);
    seen = Atomics.load(control, CONTROL.generation);
    workOffShards(kernels, names, board);
  }
}
