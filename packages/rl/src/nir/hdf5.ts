// HDF5 as plain objects. The library is a build of HDF5's own C code with a file system in its memory: nothing but
// bytes goes in and out.

import type * as H5wasm from "h5wasm";
import { SpikewingError } from "../spikewing-error.js";

type Library = typeof H5wasm;

/** A group of datasets and groups by name. */
export interface Group {
  readonly [name: string]: Group | Dataset;
}
export type NumberArray = Float32Array | Float64Array | Uint8Array | Int32Array | BigInt64Array;
export interface Dataset {
  readonly shape: readonly number[];
  readonly data: readonly string[] | NumberArray;
}

/** A dataset has a shape, a group has none. */
export const isDataset = (entry: Group | Dataset | undefined): entry is Dataset =>
  entry !== undefined && Array.isArray(entry.shape);

/** Whether a dataset holds texts, not numbers. */
export const isTexts = (data: Dataset["data"]): data is readonly string[] => Array.isArray(data);

/** What all datasets of a file may hold, unpacked. */
const MOST_VALUES = 16 * 2 ** 20;
const MOST_DEPTH = 16;
const FILE = "network.nir";

/** Loaded when it is needed: its 4 MB would make every other command wait. */
async function load() {
  const library: Library = await import("h5wasm");
  const module = await library.ready;
  module.activate_throwing_error_handler(); // its messages become errors instead of lines on standard error
  return { library, fs: module.FS };
}

/** Attributes of groups by the path of the group: texts, and numbers as f64. */
export type Attributes = Readonly<Record<string, Readonly<Record<string, string | number>>>>;

/** Writes groups and datasets in their order; strings as UTF-8 of variable length, a single one as a scalar. */
export async function encodeHdf5(root: Group, attributes: Attributes = {}): Promise<Uint8Array> {
  const { library, fs } = await load();
  const file = new library.File(FILE, "w");
  try {
    writeGroup(file, root);
    for (const [path, values] of Object.entries(attributes)) {
      const group = path === "/" ? file : (file.get(path) as H5wasm.Group);
      for (const [name, value] of Object.entries(values))
        group.create_attribute(name, value, [], typeof value === "number" ? "<d" : "S");
    }
  } finally {
    file.close();
  }
  const bytes = fs.readFile(FILE);
  fs.unlink(FILE);
  return bytes;
}

function writeGroup(group: H5wasm.Group, entries: Group): void {
  for (const [name, entry] of Object.entries(entries)) {
    if (!isDataset(entry)) {
      writeGroup(group.create_group(name), entry);
      continue;
    }
    const { data, shape } = entry;
    if (isTexts(data)) {
      const text = shape.length === 0 ? data[0]! : [...data];
      group.create_dataset({ name, data: text, shape: [...shape], dtype: "S" });
    } else {
      group.create_dataset({ name, data, shape: [...shape] });
    }
  }
}

/** @throws SpikewingError naming `place` where the bytes are no HDF5 file, or one with more in it than a network. */
export async function decodeHdf5(bytes: Uint8Array, place: string): Promise<Group> {
  const { library, fs } = await load();
  fs.writeFile(FILE, bytes);
  try {
    const file = new library.File(FILE, "r");
    try {
      return readGroup(library, file, place, { values: MOST_VALUES }, "");
    } finally {
      file.close();
    }
  } catch (error) {
    if (error instanceof SpikewingError) throw error;
    throw new SpikewingError(place, "is not an HDF5 file, or is damaged");
  } finally {
    fs.unlink(FILE);
  }
}

function readGroup(
  library: Library,
  group: H5wasm.Group,
  place: string,
  left: { values: number },
  path: string,
): Group {
  if (path.split("/").length > MOST_DEPTH)
    throw new SpikewingError(place, `${path}: groups lie more than ${MOST_DEPTH} deep`);
  const entries: [string, Group | Dataset][] = [];
  for (const name of group.keys()) {
    const at = `${path}/${name}`;
    takeValues(1, place, left); // a group may lie within itself
    const entry = group.get(name);
    if (entry instanceof library.Group) entries.push([name, readGroup(library, entry, place, left, at)]);
    else if (entry instanceof library.Dataset) entries.push([name, readDataset(entry, place, left)]);
    else throw new SpikewingError(place, `${at} is a link; expected a group or a dataset`);
  }
  return Object.fromEntries(entries);
}

function readDataset(dataset: H5wasm.Dataset, place: string, left: { values: number }): Dataset {
  const shape = dataset.shape ?? [0];
  takeValues(
    shape.reduce((product, size) => product * size, 1),
    place,
    left,
  );
  const { value } = dataset;
  const values = typeof value === "object" && value !== null && "length" in value ? value : [value];
  if (Array.isArray(values)) {
    const kinds = values.every((one) => typeof one === "string")
      ? values
      : Float64Array.from(values, (one) => (typeof one === "string" ? Number.NaN : Number(one)));
    return { shape, data: kinds as readonly string[] | Float64Array };
  }
  return { shape, data: Float64Array.from(values as ArrayLike<number | bigint>, Number) };
}

function takeValues(count: number, place: string, left: { values: number }): void {
  left.values -= count;
  if (left.values < 0)
    throw new SpikewingError(place, `holds more than ${MOST_VALUES} values; expected fewer, as a policy has`);
}
