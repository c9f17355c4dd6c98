import { PbfWriter } from "pbf";

/**
 * TensorBoard event files: TFRecords (tensorflow/core/lib/io/record_writer.cc) of Event messages
 * (tensorflow/core/util/event.proto), whose field numbers stand below.
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

/** The record that an event file begins with; times are in seconds since 1970. */
export function encodeFileVersion(wallTime: number): Uint8Array {
  const event = new PbfWriter();
  event.writeDoubleField(1, wallTime);
  event.writeStringField(3, "brain.Event:2");
  return encodeRecord(event.finish());
}

/** One record with the values of one step by tag. */
export function encodeScalars(
  wallTime: number,
  step: number,
  values: ReadonlyMap<string, number>,
): Uint8Array {
  const event = new PbfWriter();
  event.writeDoubleField(1, wallTime);
  event.writeVarintField(2, step);
  event.writeMessage(5, writeSummary, values);
  return encodeRecord(event.finish());
}

function writeSummary(values: ReadonlyMap<string, number>, summary: PbfWriter): void {
  for (const scalar of values) summary.writeMessage(1, writeValue, scalar);
}

function writeValue([tag, value]: readonly [string, number], to: PbfWriter): void {
  to.writeStringField(1, tag);
  to.writeFloatField(2, value);
}
