/**
 * TensorBoard event files: TFRecords (tensorflow/core/lib/io/record_writer.cc) of Event messages
 * (tensorflow/core/util/event.proto). Only what scalars need.
 *
 *   record = length u64, masked crc of length u32, data, masked crc of data u32; little-endian
 */

const CRC32C_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  return crc;
});

/** CRC-32C (Castagnoli), as iSCSI has it. */
export function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = CRC32C_TABLE[(crc ^ byte) & 0xff]! ^ (crc >>> 8);
  return ~crc >>> 0;
}

/** A checksum of data that may hold checksums: tensorflow/core/lib/hash/crc32c.h. */
export function maskedCrc32c(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

export function encodeRecord(data: Uint8Array): Uint8Array {
  const record = new Uint8Array(16 + data.length);
  const view = new DataView(record.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, maskedCrc32c(record.subarray(0, 8)), true);
  record.set(data, 12);
  view.setUint32(12 + data.length, maskedCrc32c(data), true);
  return record;
}

// Protocol buffers: a field is its key (number * 8 + wire type) and its value.
const LENGTH_DELIMITED = 2;

function varint(value: number): number[] {
  const bytes: number[] = [];
  for (; value >= 128; value = Math.floor(value / 128)) bytes.push((value % 128) + 128);
  return [...bytes, value];
}

function delimited(field: number, bytes: Uint8Array | readonly number[]): number[] {
  return [...varint(field * 8 + LENGTH_DELIMITED), ...varint(bytes.length), ...bytes];
}

function double(field: number, value: number): number[] {
  return [...varint(field * 8 + 1), ...new Uint8Array(Float64Array.of(value).buffer)];
}

function float(field: number, value: number): number[] {
  return [...varint(field * 8 + 5), ...new Uint8Array(Float32Array.of(value).buffer)];
}

const text = (value: string) => new TextEncoder().encode(value);

/** The record that an event file begins with; times are in seconds since 1970. */
export function encodeFileVersion(wallTime: number): Uint8Array {
  return encodeRecord(Uint8Array.from([...double(1, wallTime), ...delimited(3, text("brain.Event:2"))]));
}

/** One record with the values of one step by tag. */
export function encodeScalars(
  wallTime: number,
  step: number,
  values: ReadonlyMap<string, number>,
): Uint8Array {
  const summary = [...values].flatMap(([tag, value]) =>
    delimited(1, [...delimited(1, text(tag)), ...float(2, value)]),
  );
  const event = [...double(1, wallTime), ...varint(2 * 8), ...varint(step), ...delimited(5, summary)];
  return encodeRecord(Uint8Array.from(event));
}
