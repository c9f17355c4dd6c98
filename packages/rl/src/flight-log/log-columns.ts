import { z } from "zod";

const name = z.string().min(1).max(120);
const three = z.tuple([name, name, name]);
const four = z.tuple([name, name, name, name]);
const metres = z.enum(["m", "mm"]);
const metresPerSecond = z.enum(["m/s", "mm/s"]);

/** Which columns of a log hold what, and in which unit. Quaternions are body to world, scalar first; the frame is x forward, y left, z up. */
export const logColumnsSchema = z.strictObject({
  time: z.strictObject({ column: name, unit: z.enum(["s", "ms", "us"]) }),
  position: z.strictObject({ columns: three, unit: metres }),
  /** compressed: 32 bits as the Crazyflie logs them. */
  quaternion: z.union([z.strictObject({ columns: four }), z.strictObject({ compressed: name })]),
  velocity: z.strictObject({ columns: three, unit: metresPerSecond, frame: z.literal("world") }),
  angularVelocity: z.strictObject({ columns: three, unit: z.enum(["rad/s", "deg/s", "mrad/s"]) }),
  /** M1 .. M4. pwm: 0 .. 65535; share: of full throttle, 0 .. 1; rad/s and rpm: of the airframe's own rotor range. */
  motors: z.strictObject({ columns: four, unit: z.enum(["pwm", "share", "rpm", "rad/s"]) }),
});
export type LogColumns = z.infer<typeof logColumnsSchema>;

const axes = (prefix: string): [string, string, string] => [`${prefix}x`, `${prefix}y`, `${prefix}z`];

const time: LogColumns["time"] = { column: "Timestamp", unit: "ms" };
const angularVelocity: LogColumns["angularVelocity"] = { columns: axes("gyro."), unit: "deg/s" };
const motors: LogColumns["motors"] = {
  columns: ["motor.m1", "motor.m2", "motor.m3", "motor.m4"],
  unit: "pwm",
};

/** Maps by name: a Crazyflie's own variables, as cfclient writes them and as they are on the card of an SD deck. */
export const LOG_COLUMNS: Readonly<Record<"crazyflie" | "crazyflie-compressed", LogColumns>> = {
  crazyflie: {
    time,
    position: { columns: axes("stateEstimate."), unit: "m" },
    quaternion: { columns: ["stateEstimate.qw", ...axes("stateEstimate.q")] },
    velocity: { columns: axes("stateEstimate.v"), unit: "m/s", frame: "world" },
    angularVelocity,
    motors,
  },
  /** The estimate in half the bytes. Its own rates have pitch turned round; the gyro's are used. */
  "crazyflie-compressed": {
    time,
    position: { columns: axes("stateEstimateZ."), unit: "mm" },
    quaternion: { compressed: "stateEstimateZ.quat" },
    velocity: { columns: axes("stateEstimateZ.v"), unit: "mm/s", frame: "world" },
    angularVelocity,
    motors,
  },
};
export type LogColumnsName = keyof typeof LOG_COLUMNS;

/** What a map reads. */
export const columnNames = ({ quaternion, time, ...others }: LogColumns): readonly string[] => [
  time.column,
  ...("compressed" in quaternion ? [quaternion.compressed] : quaternion.columns),
  ...Object.values(others).flatMap(({ columns }) => columns),
];

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
