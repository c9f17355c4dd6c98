// The table: everything that both ends of the serial link must agree on. The C header, the section in README.md and the
// TypeScript codec are made from it. All numbers on the wire are little-endian; frames have no padding.

import { ACTION_BITS, MAX_HIDDEN } from "@spikewing/core";

export type FieldType = "u8" | "u16" | "i16" | "u32" | "f32";
export const FIELD_BYTES = { u8: 1, u16: 2, i16: 2, u32: 4, f32: 4 } as const satisfies Record<
  FieldType,
  number
>;

export interface Field {
  /** As the codec has it; the header makes SNAKE_CASE of it. */
  readonly name: string;
  readonly type: FieldType;
  /** Values, one after another. */
  readonly count: number;
  readonly unit: string;
  /** What a receiver accepts, both ends included; every value if left out. */
  readonly range?: readonly [number, number];
  readonly meaning: string;
}

export interface Frame {
  readonly name: "STATE" | "MOTORS" | "HELLO_REQUEST" | "HELLO";
  /** The byte that tells it on the wire. */
  readonly type: number;
  readonly from: "Crazyflie" | "Teensy";
  readonly meaning: string;
  readonly fields: readonly Field[];
}

/** Of the frames; a board of another is refused. */
export const PROTOCOL_VERSION = 3;
export const SYNC = [0xa5, 0x5a] as const;
/** Of the serial link. */
export const BAUD = 460_800;
/** Before the payload: sync (2), version (1), type (1), sequence (2). */
export const HEADER_BYTES = 6;
/** Behind it: CRC-32 of IEEE 802.3, over version to payload. */
export const CRC_BYTES = 4;

/**
 * What the policy sees, in the order of training. Ranges: position and velocity half of what the policy's i16 can
 * hold; rotation 1 and room for an estimate that is not quite orthonormal; angular velocity the gyro's full scale,
 * 2000 deg/s.
 */
const OBSERVATION: readonly Field[] = [
  {
    name: "positionError",
    type: "f32",
    count: 3,
    unit: "m",
    range: [-4, 4],
    meaning: "estimate minus target, world x y z",
  },
  {
    name: "rotation",
    type: "f32",
    count: 9,
    unit: "1",
    range: [-1.0625, 1.0625],
    meaning: "rotation matrix body to world, row by row",
  },
  { name: "velocity", type: "f32", count: 3, unit: "m/s", range: [-8, 8], meaning: "world x y z" },
  {
    name: "angularVelocity",
    type: "f32",
    count: 3,
    unit: "rad/s",
    range: [-35, 35],
    meaning: "body x y z",
  },
];
export const OBSERVATION_FIELDS = OBSERVATION;

/** Of each group: bits behind the point in the integers that the policy rounds it to (assembly/fixed-point.ts). */
export const OBSERVATION_BITS = [12, 14, 11, 9] as const;

/** As integers, and with no other rounding than the policy's own. */
const inIntegers = (field: Field, bits: number): Field => ({
  ...field,
  type: "i16",
  unit: field.unit === "1" ? `2^-${bits}` : `2^-${bits} ${field.unit}`,
  range: [field.range![0] * 2 ** bits, field.range![1] * 2 ** bits],
});

const MOTORS_FIELD: Field = {
  name: "motors",
  type: "f32",
  count: 4,
  unit: "1",
  range: [-1, 1],
  meaning: "rotors M1 .. M4, -1 stopped, 1 full; -1 unless ARMED",
};

export const STATE = {
  name: "STATE",
  type: 1,
  from: "Crazyflie",
  meaning: "the state estimate, every control period",
  fields: [
    { name: "timeUs", type: "u32", count: 1, unit: "us", meaning: "clock of the estimate; wraps" },
    { name: "flags", type: "u16", count: 1, unit: "bits", meaning: "bit 0 ARM; the others are zero" },
    ...OBSERVATION.map((field, group) => inIntegers(field, OBSERVATION_BITS[group]!)),
  ],
} as const satisfies Frame;

export const MOTORS = {
  name: "MOTORS",
  type: 2,
  from: "Teensy",
  meaning: "answers a STATE, with its sequence number",
  fields: [
    { name: "status", type: "u8", count: 1, unit: "code", range: [0, 3], meaning: "see status codes" },
    { name: "reason", type: "u8", count: 1, unit: "code", range: [0, 7], meaning: "see reason codes" },
    {
      name: "stepUs",
      type: "u16",
      count: 1,
      unit: "us",
      meaning: "from the arrival of the STATE to this answer; 65,535 for more, 0 without a step",
    },
    inIntegers(MOTORS_FIELD, ACTION_BITS),
  ],
} as const satisfies Frame;

export const HELLO_REQUEST = {
  name: "HELLO_REQUEST",
  type: 3,
  from: "Crazyflie",
  meaning: "asks who flies",
  fields: [],
} as const satisfies Frame;

export const HELLO = {
  name: "HELLO",
  type: 4,
  from: "Teensy",
  meaning: "answers a HELLO_REQUEST, with its sequence number",
  fields: [
    { name: "selfTest", type: "u8", count: 1, unit: "code", range: [0, 3], meaning: "see self-test codes" },
    { name: "status", type: "u8", count: 1, unit: "code", range: [0, 3], meaning: "see status codes" },
    {
      name: "widths",
      type: "u16",
      count: MAX_HIDDEN,
      unit: "neurons",
      meaning: "of each hidden layer; 0 behind the last",
    },
    {
      name: "policyId",
      type: "u8",
      count: 8,
      unit: "bytes",
      meaning: "the first 8 of the SHA-256 of the policy image",
    },
  ],
} as const satisfies Frame;

export const FRAMES: readonly Frame[] = [STATE, MOTORS, HELLO_REQUEST, HELLO];

/** Bit of STATE's flags: motors may run. */
export const FLAG_ARM = 1;

/** A code on the wire is the place in its list. */
export const STATUSES = ["FAULT", "STANDBY", "ARMED", "FAILSAFE"] as const;
export type Status = (typeof STATUSES)[number];
/** What a board is at, in words. */
export const STATUS_MEANINGS: Record<Status, string> = {
  FAULT: "the self-test refused; for ever",
  STANDBY: "waits for ARM",
  ARMED: "flies",
  FAILSAFE: "a guard refused; until a valid STATE without ARM",
};

export const REASONS = [
  "NONE",
  "SELF_TEST",
  "LINK_LOST",
  "STALE_STATE",
  "NOT_FINITE",
  "OUT_OF_RANGE",
  "DEADLINE_MISSED",
  "SEQUENCE",
] as const;
export type Reason = (typeof REASONS)[number];
/** Why a board stops, in words. */
export const REASON_MEANINGS: Record<Reason, string> = {
  NONE: "no fault",
  SELF_TEST: "see HELLO's selfTest",
  LINK_LOST: "no new valid STATE for linkTimeoutUs",
  STALE_STATE: "staleFrames STATEs in a row were no newer than the one before, or equal to it",
  NOT_FINITE: "a NaN or an infinity; in a STATE -32768 stands for them",
  OUT_OF_RANGE: "a value outside its range",
  DEADLINE_MISSED: "the answer came later than deadlineUs",
  SEQUENCE: "a sequence number ran backwards or left out more than maxLostFrames",
};

export const SELF_TESTS = ["PASSED", "CHECKSUM", "MEMORY", "EXAMPLE"] as const;
export type SelfTest = (typeof SELF_TESTS)[number];
export const SELF_TEST_MEANINGS: Record<SelfTest, string> = {
  PASSED: "image and example are whole, and the policy gives the example's actions bit for bit",
  CHECKSUM: "image or example differ from their CRC-32",
  MEMORY: "the core's linear memory is too small for this policy",
  EXAMPLE: "the policy gives other actions",
};

export interface Limit {
  readonly value: number;
  readonly unit: string;
  readonly meaning: string;
}

/** When a board says no. */
export const LIMITS = {
  linkTimeoutUs: { value: 50_000, unit: "us", meaning: "without a new valid STATE, then LINK_LOST" },
  deadlineUs: { value: 5_000, unit: "us", meaning: "from the arrival of a STATE to its answer" },
  staleFrames: { value: 3, unit: "frames", meaning: "stale STATEs in a row, then STALE_STATE" },
  maxLostFrames: {
    value: 3,
    unit: "frames",
    meaning: "missing sequence numbers that are flown over; at 100 Hz one more would be LINK_LOST",
  },
} as const satisfies Record<string, Limit>;

/**
 * The frames of the paper's authors, for labs that fly them: start byte, payload, sum of the payload's bytes modulo 256.
 * No version, sequence, time or arming. Their order and their deg/s are not those of training.
 */
export const LEGACY = {
  start: 0x9a,
  state: [
    { ...OBSERVATION[0]!, name: "positionError" },
    { ...OBSERVATION[2]!, name: "velocity" },
    { ...OBSERVATION[1]!, name: "rotation" },
    { name: "gyro", type: "f32", count: 3, unit: "deg/s", meaning: "body x y z" },
  ],
  motors: [MOTORS_FIELD],
} as const satisfies { start: number; state: readonly Field[]; motors: readonly Field[] };

export const payloadBytes = (fields: readonly Field[]): number =>
  fields.reduce((sum, { type, count }) => sum + FIELD_BYTES[type] * count, 0);

/** Sync to CRC. */
export const frameBytes = ({ fields }: Frame): number => HEADER_BYTES + payloadBytes(fields) + CRC_BYTES;

export const LONGEST_FRAME_BYTES = Math.max(...FRAMES.map(frameBytes));

/** Start byte to sum. */
export const legacyFrameBytes = (fields: readonly Field[]): number => 1 + payloadBytes(fields) + 1;

export type PlacedField = Field & { readonly at: number };

const layouts = new WeakMap<readonly Field[], readonly PlacedField[]>();

/** Each field with its offset in the payload. */
export function layout(fields: readonly Field[]): readonly PlacedField[] {
  const known = layouts.get(fields);
  if (known) return known;
  let end = 0;
  const placed = fields.map((field) => {
    const at = end;
    end += FIELD_BYTES[field.type] * field.count;
    return { ...field, at };
  });
  layouts.set(fields, placed);
  return placed;
}
