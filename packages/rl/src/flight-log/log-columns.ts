import { z } from "zod";

const name = z.string().min(1).max(120);
const three = z.tuple([name, name, name]);
const four = z.tuple([name, name, name, name]);
const place = z.number().min(-1000).max(1000);
const metres = z.enum(["m", "mm"]);
const metresPerSecond = z.enum(["m/s", "mm/s"]);

/**
 * Newton of a motor at v volts, the battery's times the share of the PWM: c0 + c1 v + c2 v^2 + c3 v^3. Bitcraze's own, of
 * crazyflie-firmware at 2a18fc29 (platform_defaults).
 */
export const THRUST_CURVES = {
  "crazyflie-2.1-plus": [
    -0.02476537915958403, 0.06523793527519485, -0.026792504967750107, 0.006776789303971145,
  ],
  "thrust-upgrade-kit": [
    0.006728127583707208, 0.01011557616217668, 0.010263198062061085, 0.0028358638322392503,
  ],
  "legacy-propellers": [-0.014830744918356092, 0.04724465241828281, -0.01847364358025878, 0.005960923942142],
  brushless: [-0.014058926705279723, 0.04265273261724981, 0.0018327760144017432, 0.0020576974784587178],
} as const;
/** Coefficients of each. */
export const THRUST_COEFFICIENTS = THRUST_CURVES.brushless.length;
export type ThrustCurveName = keyof typeof THRUST_CURVES;

/** Which columns of a log hold what, and in which unit. Quaternions are body to world, scalar first; the frame is x forward, y left, z up. */
export const logColumnsSchema = z.strictObject({
  time: z.strictObject({ column: name, unit: z.enum(["s", "ms", "us"]) }),
  position: z.strictObject({ columns: three, unit: metres }),
  /** compressed: 32 bits as the Crazyflie logs them. */
  quaternion: z.union([z.strictObject({ columns: four }), z.strictObject({ compressed: name })]),
  velocity: z.strictObject({ columns: three, unit: metresPerSecond, frame: z.literal("world") }),
  angularVelocity: z.strictObject({ columns: three, unit: z.enum(["rad/s", "deg/s", "mrad/s"]) }),
  /**
   * M1 .. M4. pwm: 0 .. 65535; share: of full throttle, 0 .. 1; command: -1 .. 1; rad/s and rpm: of the airframe's own rotor
   * range. They hold from their row's time on, or did until then.
   */
  motors: z.strictObject({
    columns: four,
    unit: z.enum(["pwm", "share", "command", "rpm", "rad/s"]),
    hold: z.enum(["from", "until"]).optional(),
    /** What a motor lifts at the volts that its PWM gives it. Training asks for it; identification finds it. */
    thrust: z
      .strictObject({ curve: z.enum(Object.keys(THRUST_CURVES) as [ThrustCurveName]), batteryV: name })
      .optional(),
  }),
  /** Where the drone was to be, or the one place (m) where it was to hover. Only training asks. */
  target: z
    .union([
      z.strictObject({ columns: three, unit: metres }),
      z.strictObject({ hover: z.tuple([place, place, place]) }),
    ])
    .optional(),
  /** How fast the target moved; it stood still where this is left out. */
  targetVelocity: z
    .strictObject({ columns: three, unit: metresPerSecond, frame: z.literal("world") })
    .optional(),
});
export type LogColumns = z.infer<typeof logColumnsSchema>;

const axes = (prefix: string): [string, string, string] => [`${prefix}x`, `${prefix}y`, `${prefix}z`];

const time: LogColumns["time"] = { column: "Timestamp", unit: "ms" };
const angularVelocity: LogColumns["angularVelocity"] = { columns: axes("gyro."), unit: "deg/s" };
const motors: LogColumns["motors"] = {
  columns: ["motor.m1", "motor.m2", "motor.m3", "motor.m4"],
  unit: "pwm",
};

/** Maps by name: a Crazyflie's own variables, as cfclient writes them and as they are on the card of an SD deck; our own. */
export const LOG_COLUMNS: Readonly<Record<"crazyflie" | "crazyflie-compressed" | "spikewing", LogColumns>> = {
  crazyflie: {
    time,
    position: { columns: axes("stateEstimate."), unit: "m" },
    quaternion: { columns: ["stateEstimate.qw", ...axes("stateEstimate.q")] },
    velocity: { columns: axes("stateEstimate.v"), unit: "m/s", frame: "world" },
    angularVelocity,
    motors,
    target: { columns: axes("ctrltarget."), unit: "m" },
    targetVelocity: { columns: axes("ctrltarget.v"), unit: "m/s", frame: "world" },
  },
  /** The estimate in half the bytes. Its own rates have pitch turned round; the gyro's are used. */
  "crazyflie-compressed": {
    time,
    position: { columns: axes("stateEstimateZ."), unit: "mm" },
    quaternion: { compressed: "stateEstimateZ.quat" },
    velocity: { columns: axes("stateEstimateZ.v"), unit: "mm/s", frame: "world" },
    angularVelocity,
    motors,
    target: { columns: axes("ctrltargetZ."), unit: "mm" },
    targetVelocity: { columns: axes("ctrltargetZ.v"), unit: "mm/s", frame: "world" },
  },
  /** What `spikewing fly` writes: each row has the command that led to it. */
  spikewing: {
    time: { column: "t", unit: "s" },
    position: { columns: axes("position_"), unit: "m" },
    quaternion: { columns: ["quaternion_w", ...axes("quaternion_")] },
    velocity: { columns: axes("velocity_"), unit: "m/s", frame: "world" },
    angularVelocity: { columns: axes("angular_velocity_"), unit: "rad/s" },
    motors: { columns: ["action_1", "action_2", "action_3", "action_4"], unit: "command", hold: "until" },
    target: { columns: axes("target_"), unit: "m" },
    targetVelocity: { columns: axes("target_velocity_"), unit: "m/s", frame: "world" },
  },
};
export type LogColumnsName = keyof typeof LOG_COLUMNS;

/** What every reader of a map asks for. */
export const columnNames = (map: LogColumns): readonly string[] => [
  map.time.column,
  ...("compressed" in map.quaternion ? [map.quaternion.compressed] : map.quaternion.columns),
  ...[map.position, map.velocity, map.angularVelocity, map.motors].flatMap(({ columns }) => columns),
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
