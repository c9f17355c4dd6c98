import {
  type Address,
  type ArrayName,
  type ClassName,
  type Fields,
  type FieldType,
  type Filled,
  LAYOUTS,
} from "../build/layout.js";

// Objects of the core by name and type: offsets are the compiler's (build/layout.js).

/** The fields that an object is made of: those without an initial value, and any other. */
export type Given<N extends ClassName> = Omit<Fields[N], Filled[N]> & Partial<Fields[N]>;

export const ELEMENT_BYTES: Readonly<Record<ArrayName, number>> = {
  F32s: 4,
  F64s: 8,
  I16s: 2,
  I32s: 4,
  U16s: 2,
  U32s: 4,
  U8s: 1,
  Scratch: 1,
};

type Value = number | boolean | bigint;
interface Placed {
  readonly at: number;
}
interface Access {
  get(data: DataView, at: number): Value;
  set(data: DataView, at: number, value: Value): void;
}

const ACCESS: Readonly<Record<FieldType, Access>> = {
  f32: { get: (d, at) => d.getFloat32(at, true), set: (d, at, x) => d.setFloat32(at, Number(x), true) },
  f64: { get: (d, at) => d.getFloat64(at, true), set: (d, at, x) => d.setFloat64(at, Number(x), true) },
  i64: { get: (d, at) => d.getBigInt64(at, true), set: (d, at, x) => d.setBigInt64(at, BigInt(x), true) },
  i32: { get: (d, at) => d.getInt32(at, true), set: (d, at, x) => d.setInt32(at, Number(x), true) },
  u32: { get: (d, at) => d.getUint32(at, true), set: (d, at, x) => d.setUint32(at, Number(x), true) },
  usize: { get: (d, at) => d.getUint32(at, true), set: (d, at, x) => d.setUint32(at, Number(x), true) },
  bool: { get: (d, at) => d.getUint8(at) !== 0, set: (d, at, x) => d.setUint8(at, Number(x)) },
};

/** Objects in a memory that may grow. */
export interface Objects {
  /** The fields of an object, to read and to write; valid for good. index: in a row of such objects. */
  view<N extends ClassName>(name: N, at: Address<N>, index?: number): Fields[N];
  /** Writes those fields of an object that are among the values. */
  assign<N extends ClassName>(name: N, at: Address<N>, values: Partial<Fields[N]>): void;
}

export function createObjects(memory: WebAssembly.Memory): Objects {
  let data = new DataView(memory.buffer);
  const prototypes = new Map<ClassName, object>();

  /** A growing memory takes another buffer. */
  function current(): DataView {
    if (data.buffer !== memory.buffer) data = new DataView(memory.buffer);
    return data;
  }

  function prototypeOf(name: ClassName): object {
    const known = prototypes.get(name);
    if (known) return known;
    const properties: PropertyDescriptorMap = {};
    for (const [field, { type, offset }] of Object.entries(LAYOUTS[name].fields)) {
      const { get, set } = ACCESS[type];
      properties[field] = {
        get(this: Placed) {
          return get(current(), this.at + offset);
        },
        set(this: Placed, value: Value) {
          set(current(), this.at + offset, value);
        },
      };
    }
    const prototype = Object.defineProperties({}, properties);
    prototypes.set(name, prototype);
    return prototype;
  }

  return {
    view: (name, at, index = 0) =>
      Object.create(prototypeOf(name), { at: { value: at + index * LAYOUTS[name].bytes } }),
    assign(name, at, values) {
      const given = values as Readonly<Record<string, Value | undefined>>;
      for (const [field, { type, offset }] of Object.entries(LAYOUTS[name].fields)) {
        const value = given[field];
        if (value !== undefined) ACCESS[type].set(current(), at + offset, value);
      }
    },
  };
}

/** The initial values of a class. */
export function initialsOf<N extends ClassName>(name: N): Partial<Fields[N]> {
  const initials = Object.entries(LAYOUTS[name].fields).map(([field, { initial }]) => [field, initial]);
  return Object.fromEntries(initials.filter(([, initial]) => initial !== undefined));
}
