import { instantiateSync } from "@assemblyscript/loader";
import {
  type Address,
  type ArrayName,
  type ClassName,
  type Fields,
  type Kernels,
  LAYOUTS,
} from "../build/layout.js";
import { createObjects, ELEMENT_BYTES, type Given, initialsOf, type Objects } from "./objects.js";

/** The exports of the core, as assembly/index.ts lists them. */
export type CoreExports = Kernels;

/** The builds of the core. All give the same bytes; `threads` is `simd` on shared memory. */
export type CoreBuild = "simd" | "scalar" | "threads";

/** A page of WebAssembly memory. */
export const PAGE_BYTES = 65536;
const INITIAL_PAGES = 2;
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

/** For a kernel that says what it does where an array is left out. */
export const NO_ARRAY = 0 as Address<never>;

/** The core on one linear memory: kernels, a bump allocator for what they work on, and typed views. No arithmetic. */
export interface Core extends Pick<Objects, "view"> {
  readonly kernels: CoreExports;
  readonly memory: WebAssembly.Memory;
  /** Takes zeroed memory for an array, 64-byte aligned, for good. */
  allocate<A extends ArrayName>(kind: A, length: number): Address<A>;
  /** Where an array goes on behind its first `index` elements. */
  element<A extends ArrayName>(kind: NoInfer<A>, array: Address<A>, index: number): Address<A>;
  /** Takes memory for an object and its arrays, and writes its fields; what the core derives from them is there too. */
  create<N extends ClassName>(name: N, values: Given<N>): Address<N>;
  /** Writes fields of an object; what the core derives from them follows. */
  assign<N extends ClassName>(name: N, at: Address<N>, values: Partial<Fields[N]>): void;
  readonly allocatedBytes: number;
  /** Everything allocated so far; as all views, valid until the next allocate(). */
  allocated(): Uint8Array;
  f32(at: Address<string>, length: number): Float32Array;
  f64(at: Address<string>, length: number): Float64Array;
  i32(at: Address<string>, length: number): Int32Array;
  i16(at: Address<string>, length: number): Int16Array;
  bytes(at: Address<string>, length: number): Uint8Array;
}

/** @throws CoreMemoryError where the machine gives none; it reserves addresses for much more than is used. */
export function createMemory(build: CoreBuild): WebAssembly.Memory {
  try {
    return build === "threads"
      ? new WebAssembly.Memory({ initial: INITIAL_PAGES, maximum: MAXIMUM_PAGES, shared: true })
      : new WebAssembly.Memory({ initial: INITIAL_PAGES });
  } catch {
    throw new CoreMemoryError(INITIAL_PAGES * PAGE_BYTES);
  }
}

type Companion = (at: number, base?: number) => number;

/**
 * Binds a compiled build to a memory. By the loader, which answers what a build of AssemblyScript imports: an abort is an error
 * with message, file and line. Its strings and arrays have no use here, where nothing managed lives and kernels take addresses.
 */
export function instantiateCore(module: WebAssembly.Module, memory: WebAssembly.Memory): CoreExports {
  const { exports } = instantiateSync(module, { env: { memory } });
  return exports as unknown as CoreExports;
}

/** The core on a memory of its own; the caller is the only one to allocate in it. */
export function createCore(module: WebAssembly.Module, memory: WebAssembly.Memory): Core {
  const kernels = instantiateCore(module, memory);
  let end = kernels.heapBase();

  const objects = createObjects(memory);

  function take(bytes: number): number {
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

  /** `<class>Prepare` and `<class>Layout` of assembly/, where a class has them: derived fields and arrays. */
  function companion(name: ClassName, role: "Prepare" | "Layout"): Companion | undefined {
    return (kernels as unknown as Record<string, Companion>)[name[0]!.toLowerCase() + name.slice(1) + role];
  }

  function assign<N extends ClassName>(name: N, at: Address<N>, values: Partial<Fields[N]>): void {
    objects.assign(name, at, values);
    companion(name, "Prepare")?.(at);
  }

  function create<N extends ClassName>(name: N, values: Given<N>): Address<N> {
    const at = take(LAYOUTS[name].bytes) as Address<N>;
    objects.assign(name, at, { ...initialsOf(name), ...values });
    const layout = companion(name, "Layout");
    layout?.(at, take(layout(at, 0) >>> 0));
    companion(name, "Prepare")?.(at);
    return at;
  }

  return {
    kernels,
    memory,
    view: objects.view,
    allocate: (kind, length) => take(ELEMENT_BYTES[kind] * length) as Address<typeof kind>,
    element: (kind, array, index) => (array + ELEMENT_BYTES[kind] * index) as typeof array,
    create,
    assign,
    get allocatedBytes() {
      return end;
    },
    allocated: () => new Uint8Array(memory.buffer, 0, end),
    f32: (at, length) => new Float32Array(memory.buffer, at, length),
    f64: (at, length) => new Float64Array(memory.buffer, at, length),
    i32: (at, length) => new Int32Array(memory.buffer, at, length),
    i16: (at, length) => new Int16Array(memory.buffer, at, length),
    bytes: (at, length) => new Uint8Array(memory.buffer, at, length),
  };
}
