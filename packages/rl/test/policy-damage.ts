import { createHash } from "node:crypto";
import { loadCore } from "@spikewing/core/node";
import {
  type ActorShape,
  createActor,
  DEFAULT_TASK,
  encodePolicy,
  initialiseActor,
  narrowPolicy,
  narrowReadOut,
  type Policy,
  policyWeights,
  recordExample,
} from "../src/index.js";

export const PLACE = "fuzz.safetensors";

interface DamagedFile {
  readonly kind: string;
  readonly file: Uint8Array;
}

/** A policy file, taken apart. */
export interface Parts {
  readonly header: Record<string, unknown>;
  readonly data: Uint8Array;
}

/** The smallest spiking policy, the same with weights of 8 bits and of 4 into the motors, and a dense one with critics. */
function smallPolicies(): Uint8Array[] {
  const core = loadCore();
  const make = (shape: ActorShape, more: Partial<Policy>): Policy => {
    const actor = createActor(core, shape);
    initialiseActor(core, actor, 1, 0);
    const example =
      shape.kind === "spiking" ? { example: recordExample(core, DEFAULT_TASK, actor, 2, 1) } : {};
    return { shape, weights: policyWeights(core, actor), record: { seed: 1 }, ...example, ...more };
  };
  const spiking = make(
    { kind: "spiking", hidden: [8, 8], productBits: 25, weightBits: [12, 12], inputGain: [1, 1, 1, 1] },
    {},
  );
  const dense = make(
    { kind: "dense", hidden: [4], activation: "tanh", history: false },
    { critics: Float32Array.of(1, 2, 3) },
  );
  const narrow = narrowReadOut(core, narrowPolicy(core, spiking, DEFAULT_TASK, PLACE), DEFAULT_TASK, PLACE);
  const { observations, actions } = narrow.example!;
  const example = { observations: observations.slice(0, 2 * 18), actions: actions.slice(0, 2 * 4) };
  return [spiking, { ...narrow, example }, dense].map(encodePolicy);
}

export function takeApart(file: Uint8Array): Parts {
  const length = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length)));
  return { header, data: file.slice(8 + length) };
}

function putTogether(headerText: string, data: Uint8Array, length?: bigint): Uint8Array {
  const json = new TextEncoder().encode(headerText);
  const file = new Uint8Array(8 + json.length + data.length);
  new DataView(file.buffer).setBigUint64(0, length ?? BigInt(json.length), true);
  file.set(json, 8);
  file.set(data, 8 + json.length);
  return file;
}

export type Entry = { dtype: string; shape: number[]; data_offsets: [number, number] };

/** Writes the checksum anew, as one who forges a file would. */
export function seal({ header, data }: Parts): Uint8Array {
  const { __metadata__: metadata, ...tensors } = header as { __metadata__: Record<string, string> };
  const pieces = ["format", "shape", "record"].map((key) => Buffer.from(`${key}=${metadata[key]}\n`));
  for (const [name, entry] of Object.entries(tensors as unknown as Record<string, Entry>)) {
    pieces.push(Buffer.from(`${name}:${entry.dtype}:${entry.shape}\n`));
    pieces.push(Buffer.from(data.subarray(...entry.data_offsets)));
  }
  metadata.sha256 = createHash("sha256").update(Buffer.concat(pieces)).digest("hex");
  return putTogether(JSON.stringify(header), data);
}

/** What stands in for a number, a text or anything else in a header. */
const HOSTILE: readonly string[] = [
  ...["-1", "0", "1", "7", "8", "1024", "1025", "65536", "2147483648", "4294967296", "9007199254740993"],
  ...["1e308", "1e400", "-0", "0.5", "null", "true", "[]", "{}", "[0,0]", "[1e300,1e300]", '""', '"I16"'],
  ...['"F32"', '"U8"', '"toString"', '"__proto__"', '"constructor"', '"\\u0000"', '"\\ud800"'],
  `"${"x".repeat(2000)}"`,
];
/** Deeper than the stack of a reader or writer that calls itself. */
const DEEP = `${"[".repeat(20_000)}${"]".repeat(20_000)}`;
const KEYS = [
  "__proto__",
  "constructor",
  "toString",
  "__metadata__",
  "w1",
  "critics",
  "length",
  "x".repeat(500),
];

/** @returns damage number i: a function of seed and i alone */
export function createDamage(seed: number): (i: number) => DamagedFile {
  const files = smallPolicies();
  const parts = files.map(takeApart);
  const headerTokens = parts.map(({ header }) => tokensOf(JSON.stringify(header)));
  const headers = parts.map(({ header }) => JSON.stringify(header));
  let state = 0;
  const word = () => {
    // xorshift32
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  const below = (n: number) => Math.floor((word() / 2 ** 32) * n);
  const pick = <T>(values: readonly T[]): T => values[below(values.length)]!;
  const hostile = () => (below(500) === 0 ? DEEP : pick(HOSTILE));
  const pickFile = () => pick(files);
  const copyParts = (): Parts => {
    const which = below(parts.length);
    return { header: JSON.parse(headers[which]!), data: parts[which]!.data.slice() };
  };

  const kinds: Readonly<Record<string, () => Uint8Array>> = {
    "bytes changed"() {
      const file = pickFile().slice();
      for (let n = below(8); n >= 0; n--) file[below(file.length)] = below(256);
      return file;
    },
    "bits flipped"() {
      const file = pickFile().slice();
      for (let n = below(3); n >= 0; n--) file[below(file.length)]! ^= 1 << below(8);
      return file;
    },
    truncated: () => {
      const file = pickFile();
      return file.subarray(0, below(file.length));
    },
    extended() {
      const file = pickFile();
      const longer = new Uint8Array(file.length + 1 + below(64));
      longer.set(file);
      return longer;
    },
    spliced() {
      const [head, tail] = [pickFile(), pickFile()];
      const [cut, from] = [below(head.length), below(tail.length)];
      const file = new Uint8Array(cut + tail.length - from);
      file.set(head.subarray(0, cut));
      file.set(tail.subarray(from), cut);
      return file;
    },
    "header length"() {
      const file = pickFile().slice();
      const lengths = [
        0n,
        1n,
        2n,
        2n ** 20n,
        2n ** 20n + 1n,
        2n ** 32n,
        2n ** 53n,
        2n ** 63n,
        2n ** 64n - 1n,
      ];
      const near = BigInt(Math.max(0, file.length - 16 + below(32)));
      new DataView(file.buffer).setBigUint64(
        0,
        below(3) === 0 ? near : (pick(lengths) + BigInt(below(2))) & (2n ** 64n - 1n),
        true,
      );
      return file;
    },
    "header text"() {
      const which = below(parts.length);
      const tokens = headerTokens[which]!.slice();
      for (let n = below(3); n >= 0; n--) tokens[below(tokens.length)] = hostile();
      return putTogether(tokens.join(""), parts[which]!.data);
    },
    "field of a tensor, sealed"() {
      const { header, data } = copyParts();
      const names = Object.keys(header).filter((name) => name !== "__metadata__");
      const entry = header[pick(names)] as Record<string, unknown>;
      const field = pick(["dtype", "shape", "data_offsets"]);
      const list = entry[field];
      if (Array.isArray(list) && below(2)) list[below(list.length)] = parse(hostile());
      else entry[field] = parse(hostile());
      return trySeal({ header, data });
    },
    "keys, sealed"() {
      const { header, data } = copyParts();
      const names = Object.keys(header);
      const name = pick(names);
      const key = pick(KEYS);
      const renamed = names.map((other): [string, unknown] => [other === name ? key : other, header[other]]);
      return trySeal({ header: Object.fromEntries(below(2) ? renamed : shuffle(renamed)), data });
    },
    "shape or record, sealed"() {
      const { header, data } = copyParts();
      const metadata = header.__metadata__ as Record<string, string>;
      const field = pick(["shape", "record", "format"]);
      const tokens = tokensOf(metadata[field]!);
      tokens[below(tokens.length)] = hostile();
      metadata[field] = tokens.join("");
      return trySeal({ header, data });
    },
    "values, sealed"() {
      const { header, data } = copyParts();
      for (let n = below(4); n >= 0; n--) {
        const at = below(data.length);
        if (below(2)) data[at] = pick([0, 1, 0x7f, 0x80, 0xff]);
        else data[at] = below(256);
      }
      return trySeal({ header, data });
    },
    "spliced, sealed"() {
      const { header, data } = copyParts();
      const other = pick(parts).data;
      const count = Math.min(1 + below(32), data.length, other.length);
      const from = below(other.length - count + 1);
      data.set(other.subarray(from, from + count), below(data.length - count + 1));
      return trySeal({ header, data });
    },
  };
  const shuffle = <T>(values: T[]): T[] => {
    for (let i = values.length - 1; i > 0; i--) {
      const j = below(i + 1);
      [values[i], values[j]] = [values[j]!, values[i]!];
    }
    return values;
  };
  // Sealing costs the most, so the other kinds come three times as often.
  const names = Object.keys(kinds).flatMap((kind) =>
    Array<string>(kind.endsWith("sealed") ? 1 : 3).fill(kind),
  );
  return (i) => {
    state = (Math.imul(seed ^ i, 0x9e3779b1) ^ (i >>> 3)) | 1;
    for (let n = 0; n < 4; n++) word();
    const kind = names[i % names.length]!;
    return { kind, file: kinds[kind]!() };
  };
}

function parse(text: string): unknown {
  return JSON.parse(text.replace("1e400", "1e308"));
}

/** A JSON text cut before and behind every bracket, comma and colon. */
const tokensOf = (text: string) => text.split(/(?<=[[\]{},:])|(?=[[\]{},:])/);

/** A header that cannot be hashed as the reader would is sent unsealed. */
function trySeal(parts: Parts): Uint8Array {
  try {
    return seal(parts);
  } catch {
    return putTogether(textOf(parts.header), parts.data);
  }
}

function textOf(header: unknown): string {
  try {
    return JSON.stringify(header);
  } catch {
    return "{}"; // too deep for the writer
  }
}
