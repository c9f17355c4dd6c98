/**
 * What a Crazyflie writes on the card of its micro-SD deck: a header that names events and their variables, the events as
 * they came, and a CRC-32 over all of it. Little-endian; version 1 stamps an event in ms (u32), version 2 in us (u64).
 *
 *   0xBC | version u16 | events u16 | per event: id u16, name 0, variables u16, per variable: name(type) 0
 *   per record: id u16 | time | its variables, without padding
 *   CRC-32 of IEEE 802.3 u32
 *
 * Bitcraze's crazyflie-firmware: the driver of the deck writes it, the tool cfusdlog reads it.
 */
import crc32 from "crc/calculators/crc32";
import { SpikewingError } from "../spikewing-error.js";
import type { LogTable } from "./log-table.js";

const MAGIC = 0xbc;
const HEADER_BYTES = 5;
const CRC_BYTES = 4;
/** Of an event or a variable; the firmware has 27. */
const LONGEST_NAME = 120;

/** The time of an event, ms: named as cfclient names it. */
const TIME_COLUMN = "Timestamp";

interface Type {
  readonly bytes: number;
  read(view: DataView, at: number): number;
}
const TYPES: Readonly<Record<string, Type>> = {
  b: { bytes: 1, read: (view, at) => view.getInt8(at) },
  B: { bytes: 1, read: (view, at) => view.getUint8(at) },
  h: { bytes: 2, read: (view, at) => view.getInt16(at, true) },
  H: { bytes: 2, read: (view, at) => view.getUint16(at, true) },
  i: { bytes: 4, read: (view, at) => view.getInt32(at, true) },
  I: { bytes: 4, read: (view, at) => view.getUint32(at, true) },
  f: { bytes: 4, read: (view, at) => view.getFloat32(at, true) },
  e: { bytes: 2, read: (view, at) => halfFloat(view.getUint16(at, true)) },
};
const STAMPS: Readonly<Record<number, Type>> = {
  1: { bytes: 4, read: (view, at) => view.getUint32(at, true) },
  2: { bytes: 8, read: (view, at) => Number(view.getBigUint64(at, true)) / 1000 },
};

/** A variable of an event: where it lies behind the record's id. */
interface Variable {
  readonly type: Type;
  readonly at: number;
}
interface EventKind {
  readonly name: string;
  readonly variables: ReadonlyMap<string, Variable>;
  readonly bytes: number;
  /** Where the records lie, behind their ids. */
  readonly records: number[];
}

export const isSdCardLog = (bytes: Uint8Array): boolean => bytes[0] === MAGIC;

/** Each kind of event is a table. @throws SpikewingError naming the byte where the file is not whole. */
export function sdCardTables(bytes: Uint8Array, place: string): readonly LogTable[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = bytes.length - CRC_BYTES;
  const cut = (at: number, wanted: string) =>
    new SpikewingError(
      place,
      `byte ${at}: the file is cut short at ${bytes.length} bytes; expected ${wanted}`,
    );
  if (end < HEADER_BYTES) throw cut(0, "a header of 5 bytes and a CRC-32");
  const version = view.getUint16(1, true);
  const stamp = STAMPS[version];
  if (!stamp) throw new SpikewingError(place, `byte 1: version is ${version}; expected 1 or 2`);

  const kinds = new Map<number, EventKind>();
  let at = readHeader(bytes, view, stamp, kinds, { place, cut });
  while (at < end) {
    if (at + 2 > end) throw cut(at, "an event");
    const id = view.getUint16(at, true);
    const kind = kinds.get(id);
    if (!kind) {
      const known = [...kinds.keys()].slice(0, 12).join(", ");
      throw new SpikewingError(place, `byte ${at}: event ${id}; expected one of the header's: ${known}`);
    }
    if (at + 2 + kind.bytes > end) throw cut(at, `${2 + kind.bytes} bytes of ${kind.name} and a CRC-32`);
    kind.records.push(at + 2);
    at += 2 + kind.bytes;
  }
  const [found, said] = [crc32(bytes.subarray(0, end)) >>> 0, view.getUint32(end, true)];
  if (found !== said) {
    const problem = `CRC-32 is ${hex(said)}; expected ${hex(found)} (the file is damaged or cut short)`;
    throw new SpikewingError(place, `byte ${end}: ${problem}`);
  }
  return [...kinds.values()].map((kind) => tableOf(kind, view, stamp, place));
}

interface Complaints {
  readonly place: string;
  cut(at: number, wanted: string): SpikewingError;
}

/** Fills `kinds`; returns where the records begin. */
function readHeader(
  bytes: Uint8Array,
  view: DataView,
  stamp: Type,
  kinds: Map<number, EventKind>,
  { place, cut }: Complaints,
): number {
  const end = bytes.length - CRC_BYTES;
  let at = HEADER_BYTES;
  const readCount = (what: string) => {
    if (at + 2 > end) throw cut(at, what);
    at += 2;
    return view.getUint16(at - 2, true);
  };
  const readName = (what: string) => {
    const last = bytes.subarray(at, Math.min(end, at + LONGEST_NAME + 1)).indexOf(0);
    if (last < 0) {
      if (at + LONGEST_NAME >= end) throw cut(at, what);
      throw new SpikewingError(place, `byte ${at}: ${what} of over ${LONGEST_NAME} bytes; expected a zero`);
    }
    const name = new TextDecoder().decode(bytes.subarray(at, at + last));
    at += last + 1;
    return name;
  };
  for (let left = view.getUint16(3, true); left > 0; left--) {
    const startsAt = at;
    const id = readCount("the number of an event");
    const name = readName("an event's name");
    if (kinds.has(id)) {
      throw new SpikewingError(place, `byte ${startsAt}: event ${id} comes twice; expected another number`);
    }
    const variables = new Map<string, Variable>();
    let size = stamp.bytes;
    for (let more = readCount("how many variables an event has"); more > 0; more--) {
      const variableAt = at;
      const described = readName("a variable's name");
      const type = described.endsWith(")") && described.at(-3) === "(" ? TYPES[described.at(-2)!] : undefined;
      if (!type) {
        const wanted = `expected a name and (${Object.keys(TYPES).join("), (")})`;
        const found = JSON.stringify(described);
        throw new SpikewingError(place, `byte ${variableAt}: a variable is ${found}; ${wanted}`);
      }
      variables.set(described.slice(0, -3), { type, at: size });
      size += type.bytes;
    }
    kinds.set(id, { name, variables, bytes: size, records: [] });
  }
  return at;
}

function tableOf(
  { name, variables, records }: EventKind,
  view: DataView,
  stamp: Type,
  place: string,
): LogTable {
  const nameRow = (row: number) => `${name} ${row + 1}`;
  const columns = new Map([[TIME_COLUMN, { type: stamp, at: 0 }], ...variables]);
  return {
    columns: [...columns.keys()],
    nameRow,
    values(column) {
      const { type, at } = columns.get(column)!;
      return records.map((record, i) => {
        const value = type.read(view, record + at);
        if (Number.isFinite(value)) return value;
        throw new SpikewingError(place, `${nameRow(i)}, ${column}: ${value}; expected a number`);
      });
    },
  };
}

/** IEEE 754's 16 bits. */
function halfFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const [exponent, fraction] = [(bits >> 10) & 0x1f, bits & 0x3ff];
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}

const hex = (value: number): string => `0x${value.toString(16).padStart(8, "0")}`;
