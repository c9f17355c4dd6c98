import {
  AIRFRAMES,
  type Airframe,
  type AirframeName,
  FULL_BATTERY_V,
  type Gusts,
  levelGusts,
  SENSOR_NOISES,
  type SensorNoise,
} from "@spikewing/core";
import { TRAJECTORIES, type TrajectoryName } from "@spikewing/rl";

/** All that a flight is a function of, beside its policies and what is done to it on the way. */
export interface FlightSettings {
  readonly seed: number;
  readonly airframe: AirframeName;
  readonly path: TrajectoryName;
  /** Where a flight ends: 0.6 m from the target, as in training, or 2 m. */
  readonly bounds: "l2f" | "l2f-py";
  /** Factors on the airframe's mass and thrust, on the training's sensor noise. */
  readonly mass: number;
  readonly thrust: number;
  readonly noise: number;
  /** Steady force, mN, world x and y. */
  readonly windX: number;
  readonly windY: number;
  /** Random force on top of the wind, mN: its standard deviation along x and y, half of it along z. */
  readonly gusts: number;
  /** The motor that has failed, 1 .. 4; 0: none. */
  readonly failedMotor: number;
  /** Whether the steady force and torque act that the start draws and no policy senses. */
  readonly hiddenForce: "on" | "off";
  /** How late commands arrive, ms. */
  readonly delay: number;
  /** Of the single cell under load, V. */
  readonly battery: number;
}

export const DEFAULT_SETTINGS: FlightSettings = {
  seed: 1,
  airframe: "crazyflie-l2f",
  path: "hover",
  bounds: "l2f-py",
  mass: 1,
  thrust: 1,
  noise: 1,
  windX: 0,
  windY: 0,
  gusts: 0,
  failedMotor: 0,
  hiddenForce: "on",
  delay: 0,
  battery: FULL_BATTERY_V,
};

export type SettingName = keyof FlightSettings;

type Accepted =
  | { readonly kind: "number"; readonly min: number; readonly max: number; readonly step: number }
  | { readonly kind: "choice"; readonly choices: readonly string[] };

/** What each setting accepts: the one declaration for controls and links. */
export const ACCEPTED: Readonly<Record<SettingName, Accepted>> = {
  seed: { kind: "number", min: 0, max: 0xffffffff, step: 1 },
  airframe: { kind: "choice", choices: Object.keys(AIRFRAMES) },
  path: { kind: "choice", choices: Object.keys(TRAJECTORIES) },
  bounds: { kind: "choice", choices: ["l2f", "l2f-py"] },
  mass: { kind: "number", min: 0.7, max: 1.6, step: 0.01 },
  thrust: { kind: "number", min: 0.7, max: 1.6, step: 0.01 },
  noise: { kind: "number", min: 0, max: 30, step: 0.5 },
  windX: { kind: "number", min: -60, max: 60, step: 1 },
  windY: { kind: "number", min: -60, max: 60, step: 1 },
  gusts: { kind: "number", min: 0, max: 40, step: 1 },
  failedMotor: { kind: "number", min: 0, max: 4, step: 1 },
  hiddenForce: { kind: "choice", choices: ["on", "off"] },
  delay: { kind: "number", min: 0, max: 10, step: 1 },
  battery: { kind: "number", min: 3, max: FULL_BATTERY_V, step: 0.05 },
};

/** Settings that only the next restart can take up: the start of the flight depends on them. */
export const NEEDS_RESTART: ReadonlySet<SettingName> = new Set([
  "seed",
  "airframe",
  "path",
  "bounds",
  "delay",
  "battery",
]);

/** Characters of a wrong text that a message repeats. */
export const LONGEST_SHOWN = 40;

/** The value that a text means, or what is wrong with it. */
export function parseSetting(
  name: SettingName,
  text: string,
): { readonly value: string | number } | { readonly problem: string } {
  const accepted = ACCEPTED[name];
  const given = text.slice(0, LONGEST_SHOWN);
  if (accepted.kind === "choice") {
    return accepted.choices.includes(text)
      ? { value: text }
      : { problem: `${name} is "${given}"; expected one of ${accepted.choices.join(", ")}` };
  }
  const value = text.trim() === "" ? Number.NaN : Number(text);
  const { min, max, step } = accepted;
  const fits = value >= min && value <= max && (step !== 1 || Number.isInteger(value));
  const kind = step === 1 ? "an integer" : "a number";
  return fits ? { value } : { problem: `${name} is "${given}"; expected ${kind} from ${min} to ${max}` };
}

export function airframeOf({ airframe, mass, thrust }: FlightSettings): Airframe {
  const model: Airframe = AIRFRAMES[airframe];
  const [c0, c1, c2] = model.thrust;
  return { ...model, massKg: model.massKg * mass, thrust: [c0 * thrust, c1 * thrust, c2 * thrust] };
}

export function sensorNoiseOf({ noise }: FlightSettings): SensorNoise {
  const model: SensorNoise = SENSOR_NOISES.l2f;
  return {
    ...model,
    positionM: model.positionM * noise,
    rotation: model.rotation * noise,
    velocityMPerS: model.velocityMPerS * noise,
    angularVelocityRadPerS: model.angularVelocityRadPerS * noise,
  };
}

export function gustsOf({ gusts }: FlightSettings): Gusts | undefined {
  return gusts === 0 ? undefined : levelGusts(gusts / 1000);
}
