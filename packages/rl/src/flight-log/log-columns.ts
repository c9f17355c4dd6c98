import { z } from "zod";

const name = z.string().min(1).max(120);
const three = z.tuple([name, name, name]);
const four = z.tuple([name, name, name, name]);

/** Which columns of a log hold what, and in which unit. Quaternions are body to world, scalar first; the frame is x forward, y left, z up. */
export const logColumnsSchema = z.strictObject({
  time: z.strictObject({ column: name, unit: z.enum(["s", "ms", "us"]) }),
  position: z.strictObject({ columns: three, unit: z.enum(["m", "mm"]) }),
  quaternion: z.strictObject({ columns: four }),
  velocity: z.strictObject({ columns: three, unit: z.enum(["m/s", "mm/s"]), frame: z.literal("world") }),
  angularVelocity: z.strictObject({ columns: three, unit: z.enum(["rad/s", "deg/s", "mrad/s"]) }),
  /** M1 .. M4. pwm: 0 .. 65535; share: of full throttle, 0 .. 1; rad/s and rpm: of the airframe's own rotor range. */
  motors: z.strictObject({ columns: four, unit: z.enum(["pwm", "share", "rpm", "rad/s"]) }),
});
export type LogColumns = z.infer<typeof logColumnsSchema>;

const axes = (prefix: string): [string, string, string] => [`${prefix}x`, `${prefix}y`, `${prefix}z`];

/** Maps by name. */
export const LOG_COLUMNS = {
  /** What cfclient writes where these variables are logged. */
  cfclient: {
    time: { column: "Timestamp", unit: "ms" },
    position: { columns: axes("stateEstimate."), unit: "m" },
    quaternion: { columns: ["stateEstimate.qw", ...axes("stateEstimate.q")] },
    velocity: { columns: axes("stateEstimate.v"), unit: "m/s", frame: "world" },
    angularVelocity: { columns: axes("gyro."), unit: "deg/s" },
    motors: { columns: ["motor.m1", "motor.m2", "motor.m3", "motor.m4"], unit: "pwm" },
  },
} as const satisfies Record<string, LogColumns>;
export type LogColumnsName = keyof typeof LOG_COLUMNS;

/** How many SI units one of these is. */
export const UNIT = {
  s: 1,
  ms: 1e-3,
  us: 1e-6,
  m: 1,
  mm: 1e-3,
  "m/s": 1,
  "mm/s": 1e-3,
  "rad/s": 1,
  "mrad/s": 1e-3,
  "deg/s": Math.PI / 180,
} as const;
