// The table as a section of README.md. A test compares the section with this.
import {
  BAUD,
  type Field,
  FRAMES,
  frameBytes,
  LEGACY,
  LIMITS,
  layout,
  legacyFrameBytes,
  PROTOCOL_VERSION,
  REASON_MEANINGS,
  REASONS,
  SELF_TEST_MEANINGS,
  SELF_TESTS,
  STATUS_MEANINGS,
  STATUSES,
  SYNC,
} from "./table.js";

const hex = (byte: number): string => `0x${byte.toString(16).toUpperCase().padStart(2, "0")}`;
const row = (...cells: readonly (string | number)[]): string => `| ${cells.join(" | ")} |`;
const grouped = (x: number): string => x.toLocaleString("en-US");

function fieldRows(fields: readonly Field[]): readonly string[] {
  if (fields.length === 0) return ["no payload"];
  return [
    row("at", "field", "type", "unit", "range", "meaning"),
    row("---", "---", "---", "---", "---", "---"),
    ...layout(fields).map(({ at, name, type, count, unit, range, meaning }) =>
      row(
        at,
        `\`${name}\``,
        count > 1 ? `${type} x ${count}` : type,
        unit,
        range ? `${range[0]} .. ${range[1]}` : "any",
        meaning,
      ),
    ),
  ];
}

function codeRows(names: readonly string[], meanings: Record<string, string>): readonly string[] {
  return names.map((name, code) => row(code, `\`${name}\``, meanings[name]!));
}

function policyCodesLines(): readonly string[] {
  return [
    row("status", "", ""),
    row("---", "---", "---"),
    ...codeRows(STATUSES, STATUS_MEANINGS),
    "",
    row("reason", "", ""),
    row("---", "---", "---"),
    ...codeRows(REASONS, REASON_MEANINGS),
    "",
    row("self-test", "", ""),
    row("---", "---", "---"),
    ...codeRows(SELF_TESTS, SELF_TEST_MEANINGS),
  ];
}

/** What the policy's side says of itself, as a section of the flight document. */
export const policyCodesMarkdown = (): string => `${policyCodesLines().join("\n")}\n`;

export function protocolMarkdown(): string {
  return [
    `Version ${PROTOCOL_VERSION}, ${grouped(BAUD)} baud, 8N1, little-endian. A frame is`,
    "",
    "```",
    `sync ${SYNC.map(hex).join(" ")} | version u8 | type u8 | sequence u16 | payload, its length fixed by the type | CRC-32 u32`,
    "```",
    "",
    "The CRC is that of IEEE 802.3, over version to payload. `at` is the offset in the payload.",
    "",
    ...FRAMES.flatMap((frame) => [
      `**${frame.name}**, type ${frame.type}, from the ${frame.from}, ${frameBytes(frame)} bytes: ${frame.meaning}`,
      "",
      ...fieldRows(frame.fields),
      "",
    ]),
    ...policyCodesLines(),
    "",
    row("limit", "", ""),
    row("---", "---", "---"),
    ...Object.entries(LIMITS).map(([name, { value, unit, meaning }]) =>
      row(`\`${name}\``, `${grouped(value)} ${unit}`, meaning),
    ),
    "",
    `Legacy frames, of the paper's authors: start byte ${hex(LEGACY.start)}, payload, sum of the payload's bytes modulo 256.`,
    "",
    `**From the Crazyflie**, ${legacyFrameBytes(LEGACY.state)} bytes`,
    "",
    ...fieldRows(LEGACY.state),
    "",
    `**From the Teensy**, ${legacyFrameBytes(LEGACY.motors)} bytes`,
    "",
    ...fieldRows(LEGACY.motors),
    "",
  ].join("\n");
}
