// A file of torch.save (PyTorch 1.6 and later): a zip archive of a pickle and one raw file for each storage. Of the pickle's
// names only those that make a state dict are known: nothing of the file is ever called.

import { type Unzipped, unzipSync } from "fflate";
import { Parser } from "pickleparser";
import { SpikewingError } from "../spikewing-error.js";
import type { StateTensor } from "./state-tensor.js";

/** What all files of the archive may hold, unpacked. */
const MOST_BYTES = 64 * 2 ** 20;

interface Storage {
  readonly size: number;
  /** Value i of it. */
  readonly at: (i: number) => number;
}

type Reader = (view: DataView, at: number) => number;
const STORAGES: Readonly<Record<string, readonly [bytes: number, read: Reader]>> = {
  FloatStorage: [4, (view, at) => view.getFloat32(at, true)],
  DoubleStorage: [8, (view, at) => view.getFloat64(at, true)],
  LongStorage: [8, (view, at) => Number(view.getBigInt64(at, true))],
  IntStorage: [4, (view, at) => view.getInt32(at, true)],
  BoolStorage: [1, (view, at) => view.getUint8(at)],
};

/** @throws SpikewingError naming `place`. */
export function readPickled(file: Uint8Array, place: string): Map<unknown, unknown> {
  const entries = unpack(file, place);
  const pickle = Object.keys(entries).find((name) => name === "data.pkl" || name.endsWith("/data.pkl"));
  if (pickle === undefined) throw new SpikewingError(place, "holds no data.pkl (not a file of torch.save)");
  const folder = pickle.slice(0, -"data.pkl".length);
  const order = entries[`${folder}byteorder`];
  if (order && new TextDecoder().decode(order) !== "little")
    throw new SpikewingError(place, "byteorder is not little; expected a file of a little-endian machine");
  const parser = new Parser({
    unpicklingTypeOfDictionary: "Map",
    nameResolver: { resolve: (module, name) => resolve(module, name, place) as never },
    persistentResolver: { resolve: (id) => openStorage(id, entries, folder, place) },
  });
  const root = parse(parser, entries[pickle]!, place);
  if (!(root instanceof Map)) throw new SpikewingError(place, "holds no dict; expected a state dict");
  return root;
}

function unpack(file: Uint8Array, place: string): Unzipped {
  let left = MOST_BYTES;
  try {
    return unzipSync(file, {
      filter({ originalSize }) {
        left -= originalSize;
        if (left < 0)
          throw new SpikewingError(place, `unpacks to more than ${MOST_BYTES} bytes; expected fewer`);
        return true;
      },
    });
  } catch (error) {
    if (error instanceof SpikewingError) throw error;
    throw new SpikewingError(place, "is not a zip archive, or is damaged");
  }
}

function parse(parser: Parser, pickle: Uint8Array, place: string): unknown {
  try {
    return parser.parse(pickle);
  } catch (error) {
    if (error instanceof SpikewingError) throw error;
    throw new SpikewingError(place, "data.pkl is not a pickle, or is damaged");
  }
}

/** The things that a state dict is made of, by their names in Python. */
function resolve(module: string, name: string, place: string): unknown {
  const full = `${module}.${name}`;
  if (full === "collections.OrderedDict") return () => new Map();
  if (full === "torch._utils._rebuild_tensor_v2") return rebuildTensor;
  if (full === "torch._utils._rebuild_parameter") return (tensor: unknown) => tensor;
  if (module === "torch" && Object.hasOwn(STORAGES, name))
    return Object.assign(() => name, { storage: name });
  const remedy = "save the state dict alone, torch.save(net.state_dict(), file), in float32";
  throw new SpikewingError(place, `holds ${full}; expected tensors and dicts of them`, remedy);
}

function openStorage(id: unknown, entries: Unzipped, folder: string, place: string): Storage {
  const [, kind, key] = id as [string, { storage: string }, string];
  const [bytes, read] = STORAGES[kind.storage]!;
  const data = entries[`${folder}data/${key}`];
  if (!data) throw new SpikewingError(place, `holds no data/${key} (the file is cut short)`);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return { size: Math.floor(data.length / bytes), at: (i) => read(view, i * bytes) };
}

/** Values in the order of their shape, whatever the strides are. */
function rebuildTensor(
  storage: Storage,
  offset: number,
  shape: readonly number[],
  strides: readonly number[],
): StateTensor {
  const count = shape.reduce((product, size) => product * size, 1);
  if (count > storage.size && strides.every((stride) => stride > 0)) throw new RangeError("cut short");
  const values = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    let at = offset;
    for (let axis = shape.length - 1, rest = i; axis >= 0; axis--) {
      at += (rest % shape[axis]!) * strides[axis]!;
      rest = Math.floor(rest / shape[axis]!);
    }
    values[i] = storage.at(at); // a DataView throws behind its end
  }
  return { shape, values };
}
