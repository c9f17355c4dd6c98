import { zipSync } from "fflate";

/** An array of any number of axes, its last one fastest. */
export interface NumpyArray {
  readonly shape: readonly number[];
  readonly values: Float32Array | Float64Array | Uint8Array;
}

/** NumPy's own archive (numpy.lib.format, version 1.0): `numpy.load(file)["position"]`. The same arrays give the same bytes. */
export function encodeNpz(arrays: Readonly<Record<string, NumpyArray>>): Uint8Array {
  const files = Object.entries(arrays).map(([name, array]) => [`${name}.npy`, encodeNpy(array)]);
  return zipSync(Object.fromEntries(files), { mtime: new Date(1980, 0, 1) }); // as early as a zip archive can say
}

const MAGIC = [0x93, ...new TextEncoder().encode("NUMPY"), 1, 0];

const typeOf = (values: NumpyArray["values"]) => {
  if (values instanceof Uint8Array) return "|u1";
  return values instanceof Float32Array ? "<f4" : "<f8";
};

function encodeNpy({ shape, values }: NumpyArray): Uint8Array {
  const sizes = shape.map((size) => `${size}, `).join("");
  const described = `{'descr': '${typeOf(values)}', 'fortran_order': False, 'shape': (${sizes}), }`;
  const before = MAGIC.length + 2;
  const header = `${described.padEnd(64 * Math.ceil((before + described.length + 1) / 64) - before - 1)}\n`;
  const length = [header.length & 0xff, header.length >> 8];
  const data = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const out = new Uint8Array(before + header.length + data.length);
  out.set([...MAGIC, ...length, ...new TextEncoder().encode(header)]);
  out.set(data, before + header.length);
  return out;
}
