import { SpikewingError } from "@spikewing/rl";
import type { NumpyArray } from "@spikewing/rl/identification";
import { unzipSync, zipSync } from "fflate";

/**
 * NumPy's own archive (numpy.lib.format, version 1.0), stored as numpy.savez does: `numpy.load(file)["position"]`. The same
 * arrays give the same bytes.
 */
export function encodeNpz(arrays: Readonly<Record<string, NumpyArray>>): Uint8Array {
  const files = Object.entries(arrays).map(([name, array]) => [`${name}.npy`, encodeNpy(array)]);
  const earliest = new Date(1980, 0, 1); // that a zip archive can say
  return zipSync(Object.fromEntries(files), { mtime: earliest, level: 0 });
}

const MAGIC = [0x93, ...new TextEncoder().encode("NUMPY")];

/** NumPy's name of a type, and what holds its numbers. */
const TYPES = {
  "|u1": Uint8Array,
  "|b1": Uint8Array,
  "<f4": Float32Array,
  "<f8": Float64Array,
} as const;
type TypeName = keyof typeof TYPES;

function typeOf({ values, isBoolean }: NumpyArray): TypeName {
  if (values instanceof Uint8Array) return isBoolean ? "|b1" : "|u1";
  return values instanceof Float32Array ? "<f4" : "<f8";
}

function encodeNpy(array: NumpyArray): Uint8Array {
  const { shape, values } = array;
  const sizes = shape.map((size) => `${size}, `).join("");
  const described = `{'descr': '${typeOf(array)}', 'fortran_order': False, 'shape': (${sizes}), }`;
  const before = MAGIC.length + 4;
  const header = `${described.padEnd(64 * Math.ceil((before + described.length + 1) / 64) - before - 1)}\n`;
  const data = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const out = new Uint8Array(before + header.length + data.length);
  out.set([...MAGIC, 1, 0, header.length & 0xff, header.length >> 8, ...new TextEncoder().encode(header)]);
  out.set(data, before + header.length);
  return out;
}

/** Whether a file is a zip archive, as .npz is. */
export const saysNpz = (bytes: Uint8Array): boolean =>
  Buffer.from(bytes.subarray(0, 4)).equals(Buffer.from("PK\x03\x04"));

/** What all arrays of a file may take once they are unpacked: a deflated one says little of that by its size. */
const MOST_BYTES = 2 ** 31 - 1;

/** The arrays of a file that numpy.savez or savez_compressed wrote. @throws SpikewingError naming the array and what is accepted */
export function decodeNpz(file: Uint8Array, place: string): Readonly<Record<string, NumpyArray>> {
  let total = 0;
  let entries: Readonly<Record<string, Uint8Array>>;
  try {
    entries = unzipSync(file, {
      filter({ name, originalSize }) {
        total += originalSize;
        if (total > MOST_BYTES)
          throw new SpikewingError(place, `holds more than ${MOST_BYTES} bytes up to array ${name}`);
        return true;
      },
    });
  } catch (error) {
    if (error instanceof SpikewingError) throw error;
    throw new SpikewingError(place, "is no whole archive; expected a file of numpy.savez");
  }
  const arrays = Object.entries(entries).map(([entry, bytes]) => {
    const name = entry.replace(/\.npy$/, "");
    return [name, decodeNpy(bytes, (problem) => new SpikewingError(place, `array ${name} ${problem}`))];
  });
  return Object.fromEntries(arrays);
}

function decodeNpy(bytes: Uint8Array, refuse: (problem: string) => SpikewingError): NumpyArray {
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12 || MAGIC.some((byte, i) => bytes[i] !== byte))
    throw refuse("is not in NumPy's format; expected .npy files in the archive");
  const long = bytes[6]! > 1; // versions 2 and 3 have four bytes for the header's length
  const start = MAGIC.length + (long ? 6 : 4);
  const end = start + (long ? data.getUint32(8, true) : data.getUint16(8, true));
  const header = new TextDecoder().decode(bytes.subarray(start, end));
  const type = /'descr': '([^']*)'/.exec(header)?.[1];
  const sizes = /'shape': \(([\d, ]*)\)/.exec(header)?.[1];
  if (type === undefined || sizes === undefined) throw refuse("has a header without a plain type and shape");
  if (!Object.hasOwn(TYPES, type))
    throw refuse(`is of type ${type}; expected ${Object.keys(TYPES).join(", ")}`);
  if (/'fortran_order': True/.test(header))
    throw refuse("is in Fortran's order; expected C's (numpy.ascontiguousarray)");
  const shape = sizes.split(",").flatMap((size) => (size.trim() === "" ? [] : [Number(size)]));
  const count = shape.reduce((product, size) => product * size, 1);
  const Kind = TYPES[type as TypeName];
  const expected = count * Kind.BYTES_PER_ELEMENT;
  if (bytes.length - end !== expected)
    throw refuse(
      `has ${bytes.length - end} bytes behind its header; expected ${expected} of shape (${sizes})`,
    );
  const values = new Kind(bytes.slice(end).buffer);
  return { shape, values, ...(type === "|b1" && { isBoolean: true }) };
}
