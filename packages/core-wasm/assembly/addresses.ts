// What lies at an address. An object is an abstract @unmanaged class: its address is its type. An array is one of these
// aliases, which tell TypeScript (build/layout.d.ts) what it may put there.

export type F32s = usize;
export type F64s = usize;
export type I16s = usize;
export type I32s = usize;
export type U16s = usize;
export type U32s = usize;
export type U8s = usize;
/** Bytes of nobody's in particular, for the time of one call. */
export type Scratch = usize;
