import { cutShort, shown } from "./shown.js";
import { SpikewingError } from "./spikewing-error.js";

/**
 * The safetensors container (huggingface/safetensors): 8 bytes of header length, a JSON header, raw little-endian data.
 * Files open in Python as they are.
 */
export interface Tensor {
  readonly dtype: "F32" | "I8" | "I16" | "I32" | "U8" | "F64" | "I64";
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

export interface Container {
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: ReadonlyMap<string, Tensor>;
}

export const BYTES_PER_VALUE = { F32: 4, I8: 1, I16: 2, I32: 4, U8: 1, F64: 8, I64: 8 } as const;
/** Of a policy file. */
const MAX_HEADER_BYTES = 1 << 20;

export function encodeContainer({ metadata, tensors }: Container): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let end = 0;
  for (const [name, { dtype, shape, bytes }] of tensors) {
    header[name] = { dtype, shape, data_offsets: [end, end + bytes.length] };
    end += bytes.length;
  }
  const text = JSON.stringify(header);
  const json = new TextEncoder().encode(text);
  const padding = (8 - (json.length % 8)) % 8; // the data starts 8-byte aligned; spaces are part of the format
  const out = new Uint8Array(8 + json.length + padding + end).fill(0x20, 8);
  new DataView(out.buffer).setBigUint64(0, BigInt(json.length + padding), true);
  out.set(json, 8);
  let at = 8 + json.length + padding;
  for (const { bytes } of tensors.values()) {
    out.set(bytes, at);
    at += bytes.length;
  }
  return out;
}

/** @throws SpikewingError naming `place` when the container is damaged. */
export function decodeContainer(
  file: Uint8Array,
  place: string,
  maxHeaderBytes = MAX_HEADER_BYTES,
): Container {
  const fail = (problem: string): never => {
    throw new SpikewingError(place, problem);
  };
  if (file.length < 8)
    fail(`${file.length} bytes; a safetensors file has at least 8 (the file is cut short)`);
  const length = Number(new DataView(file.buffer, file.byteOffset, 8).getBigUint64(0, true));
  if (length > maxHeaderBytes)
    fail(`header of ${length} bytes; expected up to ${maxHeaderBytes} (not a policy file)`);
  if (8 + length > file.length)
    fail(`${file.length} bytes; the header alone ends at ${8 + length} (the file is cut short)`);
  const header = parseHeader(file.subarray(8, 8 + length), fail);
  const { __metadata__: metadata = {}, ...entries } = header;
  const data = file.subarray(8 + length);
  const tensors = new Map<string, Tensor>();
  let end = 0; // as in the format: no holes and no overlap, so that a checksum over the tensors is one over the data
  for (const [name, entry] of Object.entries(entries)) {
    const tensor = readTensor(cutShort(name), entry, data, end, fail);
    end += tensor.bytes.length;
    tensors.set(name, tensor);
  }
  if (end !== data.length) fail(`${data.length} bytes of data; the header describes ${end}`);
  return { metadata: metadata as Record<string, string>, tensors };
}

type Fail = (problem: string) => never;

function parseHeader(bytes: Uint8Array, fail: Fail): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return fail("the header is not JSON (not a policy file, or damaged)");
  }
  if (typeof header !== "object" || header === null || Array.isArray(header)) {
    return fail("the header is not a JSON object");
  }
  const { __metadata__: metadata } = header as Record<string, unknown>;
  const isRecord = metadata === undefined || (typeof metadata === "object" && metadata !== null);
  if (!isRecord || !Object.values(metadata ?? {}).every((value) => typeof value === "string")) {
    return fail("__metadata__ holds something other than strings");
  }
  return header as Record<string, unknown>;
}

function readTensor(
  name: string,
  entry: unknown,
  data: Uint8Array,
  expectedStart: number,
  fail: Fail,
): Tensor {
  const { dtype, shape, data_offsets: offsets } = (entry ?? {}) as Record<string, unknown>;
  if (typeof dtype !== "string" || !Object.hasOwn(BYTES_PER_VALUE, dtype)) {
    return fail(
      `tensor ${name}: dtype is ${shown(dtype)}; expected one of ${Object.keys(BYTES_PER_VALUE).join(", ")}`,
    );
  }
  const isCount = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 0;
  if (!Array.isArray(shape) || !shape.every(isCount))
    return fail(`tensor ${name}: shape is not a list of integers`);
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount)) {
    return fail(`tensor ${name}: data_offsets is not a pair of integers`);
  }
  const [start, end] = offsets as [number, number];
  const bytes =
    shape.reduce((product: number, size: number) => product * size, 1) * BYTES_PER_VALUE[dtype as "F32"];
  if (end - start !== bytes)
    return fail(`tensor ${name}: ${end - start} bytes; expected ${bytes} for its shape`);
  if (start !== expectedStart)
    return fail(
      `tensor ${name} starts at byte ${start} of the data; expected ${expectedStart}, behind the one before`,
    );
  if (end > data.length)
    return fail(
      `tensor ${name} ends at byte ${end} of the data, which has ${data.length} (the file is cut short)`,
    );
  // A copy: a Buffer's own slice() would share the memory of the file.
  return { dtype: dtype as Tensor["dtype"], shape, bytes: new Uint8Array(data.subarray(start, end)) };
}
