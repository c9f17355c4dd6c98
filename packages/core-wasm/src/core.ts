import { instantiateSync } from "@assemblyscript/loader";
import type { __AdaptedExports } from "../build/core.simd.js";

/** The exports of the core, as assembly/index.ts lists them. Addresses are byte offsets into linear memory. */
export type CoreExports = Omit<typeof __AdaptedExports, "memory">;

/** The builds of the core. All give the same bytes; `threads` is `simd` on shared memory. */
export type CoreBuild = "simd" | "scalar" | "threads";

export const PAGE_BYTES = 65536;
const MAXIMUM_PAGES = 65536;

/**
 * What a core may take: addresses are positive as i32, and a file that holds all of it, header included, is one that Node
 * reads in a piece.
 */
export const CORE_MEMORY_BYTES = 2 ** 31 - 2 ** 26;

/** More memory was asked for than a core may take, or than this machine gives. */
export class CoreMemoryError extends RangeError {
  override readonly name = "CoreMemoryError";

  constructor(
    readonly wantedBytes: number,
    /** Undefined: the machine has refused less than a core may take. */
    readonly acceptedBytes?: number,
  ) {
    const limit = acceptedBytes === undefined ? "the machine gives less" : `expected up to ${acceptedBytes}`;
    super(`${wantedBytes} bytes of memory; ${limit}`);
  }
}

/** The core on one linear memory: kernels, a bump allocator for what they work on, and typed views. No arithmetic. */
export interface Core {
  readonly kernels: CoreExports;
  readonly memory: WebAssembly.Memory;
  /** Takes `bytes` of zeroed memory, 64-byte aligned, for good. */
  allocate(bytes: number): number;
  /** Everything allocated so far. */
  readonly allocatedBytes: number;
  /** Views are valid until the next allocate(). */
  f32(at: number, length: number): Float32Array;
  i32(at: number, length: number): Int32Array;
  i16(at: number, length: number): Int16Array;
  bytes(at: number, length: number): Uint8Array;
}

export function createMemory(build: CoreBuild): WebAssembly.Memory {
  return build === "threads"
    ? new WebAssembly.Memory({ initial: 2, maximum: MAXIMUM_PAGES, shared: true })
    : new WebAssembly.Memory({ initial: 2 });
}

/** Binds a compiled build to a memory. */
export function instantiateCore(module: WebAssembly.Module, memory: WebAssembly.Memory): CoreExports {
  const { exports } = instantiateSync(module, { env: { memory } });
  return exports as unknown as CoreExports;
}

/** The core on a memory of its own; the caller is the only one to allocate in it. */
export function createCore(module: WebAssembly.Module, memory: WebAssembly.Memory): Core {
  const kernels = instantiateCore(module, memory);
  let end = kernels.heapBase();

  function allocate(bytes: number): number {
    const at = Math.ceil(end / 64) * 64;
    if (at + bytes > CORE_MEMORY_BYTES) throw new CoreMemoryError(at + bytes, CORE_MEMORY_BYTES);
    const missing = Math.ceil((at + bytes - memory.buffer.byteLength) / PAGE_BYTES);
    try {
      if (missing > 0) memory.grow(missing);
    } catch {
      throw new CoreMemoryError(at + bytes);
    }
    end = at + bytes;
    return at;
  }

  return {
    kernels,
    memory,
    allocate,
    get allocatedBytes() {
      return end;
    },
    f32: (at, length) => new Float32Array(memory.buffer, at, length),
    i32: (at, length) => new Int32Array(memory.buffer, at, length),
    i16: (at, length) => new Int16Array(memory.buffer, at, length),
    bytes: (at, length) => new Uint8Array(memory.buffer, at, length),
  };
}
