// The table as C: c/link/sw_protocol.h. A test compares the file with this.
import { ACTION_BITS } from "@spikewing/core";
import {
  BAUD,
  CRC_BYTES,
  type Field,
  FLAG_ARM,
  FRAMES,
  frameBytes,
  HEADER_BYTES,
  LEGACY,
  LIMITS,
  LONGEST_FRAME_BYTES,
  layout,
  legacyFrameBytes,
  OBSERVATION_FIELDS,
  PROTOCOL_VERSION,
  payloadBytes,
  REASON_MEANINGS,
  REASONS,
  SELF_TEST_MEANINGS,
  SELF_TESTS,
  STATUS_MEANINGS,
  STATUSES,
  SYNC,
} from "./table.js";

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
const hex = (byte: number): string => `0x${byte.toString(16).toUpperCase().padStart(2, "0")}u`;
const float = (x: number): string => `${Number.isInteger(x) ? x.toFixed(1) : x}f`;
const define = (name: string, value: string | number, comment?: string): string =>
  `#define SW_${name} ${value}${comment ? ` // ${comment}` : ""}`;

function codes(kind: string, names: readonly string[], meanings: Record<string, string>): readonly string[] {
  const words = `{${names.map((name) => `"${name}"`).join(", ")}}`;
  return [
    `// ${kind}`,
    ...names.map((name, i) => define(`${kind}_${name}`, `${i}u`, meanings[name])),
    define(`${kind}_NAMES`, words, "by code"),
    "",
  ];
}

const offsets = (frame: string, fields: readonly Field[]): readonly string[] =>
  layout(fields).map(({ name, at, type, count, unit, meaning }) =>
    define(
      `${frame}_${snake(name)}_AT`,
      `${at}u`,
      `${type}${count > 1 ? ` x ${count}` : ""}, ${unit}: ${meaning}`,
    ),
  );

export function protocolHeader(): string {
  const ranges = OBSERVATION_FIELDS.map(
    ({ count, range, name, unit }) =>
      `    {${count}u, ${float(range![0])}, ${float(range![1])}}, /* ${name}, ${unit} */ \\`,
  );
  const observationWords = OBSERVATION_FIELDS.reduce((sum, { count }) => sum + count, 0);
  const motorWords = LEGACY.motors.reduce((sum, { count }) => sum + count, 0);
  return [
    "// What both ends of the serial link agree on. Written from src/protocol/table.ts by `npm run protocol`; do not edit.",
    "// All numbers on the wire are little-endian.",
    "",
    "#ifndef SW_PROTOCOL_H",
    "#define SW_PROTOCOL_H",
    "",
    define("BAUD", `${BAUD}u`, "8N1"),
    "",
    "// A frame: sync (2), version u8, type u8, sequence u16, payload, CRC-32 u32 over version to payload.",
    define("PROTOCOL_VERSION", `${PROTOCOL_VERSION}u`),
    define("SYNC_0", hex(SYNC[0])),
    define("SYNC_1", hex(SYNC[1])),
    define("SYNC_BYTES", `${SYNC.length}u`),
    define("VERSION_AT", "2u"),
    define("TYPE_AT", "3u"),
    define("SEQUENCE_AT", "4u"),
    define("HEADER_BYTES", `${HEADER_BYTES}u`),
    define("CRC_BYTES", `${CRC_BYTES}u`),
    define("LONGEST_FRAME_BYTES", `${LONGEST_FRAME_BYTES}u`),
    "",
    "// Numbers of the policy",
    define("OBSERVATION_WORDS", `${observationWords}u`),
    define("MOTORS_WORDS", `${motorWords}u`),
    define("MOTORS_STOPPED", -(2 ** ACTION_BITS), "in a MOTORS frame"),
    "",
    ...FRAMES.flatMap((frame) => [
      `// ${frame.name}, ${frame.from} ->: ${frame.meaning}. Offsets are in the payload.`,
      define(`TYPE_${frame.name}`, `${frame.type}u`),
      define(`${frame.name}_PAYLOAD_BYTES`, `${payloadBytes(frame.fields)}u`),
      define(`${frame.name}_FRAME_BYTES`, `${frameBytes(frame)}u`),
      ...offsets(frame.name, frame.fields),
      "",
    ]),
    define("FLAG_ARM", `${FLAG_ARM}u`, "STATE flags, bit 0: motors may run"),
    "",
    ...codes("STATUS", STATUSES, STATUS_MEANINGS),
    ...codes("REASON", REASONS, REASON_MEANINGS),
    ...codes("SELF_TEST", SELF_TESTS, SELF_TEST_MEANINGS),
    "// Limits of the fail-safes",
    ...Object.entries(LIMITS).map(([name, { value, meaning }]) => define(snake(name), `${value}u`, meaning)),
    "",
    "// The observation's groups in the order of training: {values, lowest, highest} that are accepted",
    "#define SW_OBSERVATION_RANGES \\",
    "  { \\",
    ...ranges,
    "  }",
    define("OBSERVATION_GROUPS", `${OBSERVATION_FIELDS.length}u`),
    "",
    "// The frames of the paper's authors: start byte, payload, sum of the payload's bytes modulo 256",
    define("LEGACY_START", hex(LEGACY.start)),
    define("LEGACY_STATE_FRAME_BYTES", `${legacyFrameBytes(LEGACY.state)}u`),
    define("LEGACY_STATE_PAYLOAD_BYTES", `${payloadBytes(LEGACY.state)}u`),
    ...offsets("LEGACY_STATE", LEGACY.state),
    define("LEGACY_MOTORS_FRAME_BYTES", `${legacyFrameBytes(LEGACY.motors)}u`),
    define("LEGACY_MOTORS_PAYLOAD_BYTES", `${payloadBytes(LEGACY.motors)}u`),
    ...offsets("LEGACY_MOTORS", LEGACY.motors),
    "",
    "#endif",
    "",
  ].join("\n");
}
