import {
  type Core,
  createCore,
  createMemory,
  EPISODE_STEPS,
  FNV1A_START,
  fnv1a,
  TARGET_WORDS,
} from "@spikewing/core";
import {
  type Actor,
  createFlight,
  createLesion,
  type Flight,
  type FlightState,
  type Lesion,
  loadPolicy,
  neuronThresholds,
  type Policy,
  TRAJECTORIES,
  TRAJECTORY_DEFAULTS,
  type TrajectoryName,
  widthsOf,
} from "@spikewing/rl";
import type { FlightInput, TimedInput } from "./flight-input.js";
import { airframeOf, type FlightSettings, gustsOf, sensorNoiseOf } from "./flight-settings.js";
import { taskOf } from "./flight-task.js";
import { silentNeurons } from "./lesion.js";

/** Several policies, each with a drone and a core of its own, under one and the same set of inputs. */
export interface Formation {
  readonly drones: readonly FormationDrone[];
  /** Control periods flown. */
  readonly step: number;
  /** Settings with every change since the start. */
  readonly settings: FlightSettings;
  /** What was done so far, in order. */
  readonly inputs: readonly TimedInput[];
  /** Applies an input now, before the next control period. */
  apply(input: FlightInput): void;
  /** One control period of every drone that still flies. */
  advance(): void;
  /** Wind and gusts on the first drone in the last step, N, world: without pushes and what the episode drew. */
  readonly wind: readonly number[];
  /** Steady force that the start of the episode drew for the first drone, N, world. */
  readonly hiddenForce: readonly number[];
  /** A round of the target's path, x y z after x y z, m; empty where it stands. */
  readonly path: Float32Array;
  /** FNV-1a over actions and body of the first drone, all steps so far. */
  readonly hash: number;
}

export interface FormationDrone {
  readonly name: string;
  readonly flight: Flight;
  readonly lesion: Lesion;
  readonly thresholds: Int32Array;
  readonly hidden: readonly number[] | undefined;
  state: FlightState;
  /** The return when 5 s, the length of an episode, had passed. */
  episodeReturn: number | undefined;
}

export interface NamedPolicy {
  readonly name: string;
  readonly policy: Policy;
}

/** @param replay inputs of a link, applied when their step comes */
export function createFormation(
  module: WebAssembly.Module,
  policies: readonly NamedPolicy[],
  start: FlightSettings,
  replay: readonly TimedInput[] = [],
): Formation {
  const drones = policies.map((named) => createDrone(module, named, start));
  const [first] = drones;
  if (!first) throw new TypeError("a formation has at least one policy");
  const inputs: TimedInput[] = [];
  const waiting = [...replay];
  let settings = start;
  let step = 0;
  let hash = FNV1A_START;
  const drawn = first.state.force;
  const isHeld = () => settings.hiddenForce === "on";
  let push = [0, 0, 0]; // mN
  let pushes: { readonly until: number; readonly input: FlightInput & { kind: "push" } }[] = [];

  function disturb(): void {
    push = [0, 0, 0];
    let yaw = 0;
    for (const { input } of pushes) {
      push = push.map((value, axis) => value + input.force[axis]!);
      yaw += input.yaw;
    }
    const force = [settings.windX + push[0]!, settings.windY + push[1]!, push[2]!];
    for (const { flight } of drones) {
      flight.holdDrawn(isHeld());
      flight.setDisturbance(
        force.map((mN) => mN / 1000),
        [0, 0, yaw / 1e6],
      );
    }
  }

  function useSettings(): void {
    for (const { flight } of drones) {
      flight.setAirframe(airframeOf(settings));
      flight.setSensorNoise(sensorNoiseOf(settings));
      flight.setGusts(gustsOf(settings));
      flight.stopMotors(settings.failedMotor > 0 ? [settings.failedMotor - 1] : []);
    }
    disturb();
  }

  function apply(input: FlightInput): void {
    inputs.push({ step, input });
    for (const { flight } of drones) flight.disturb();
    switch (input.kind) {
      case "push":
        pushes.push({ until: step + input.steps, input });
        disturb();
        break;
      case "target":
        for (const { flight } of drones) flight.setTarget(input.position, [0, 0, 0]);
        break;
      case "change":
        settings = { ...settings, [input.name]: input.value };
        useSettings();
        break;
      case "lesion":
      case "silence":
        first!.lesion.silence(silentNeurons(inputs, start.seed, first!.thresholds.length));
        break;
    }
    for (const drone of drones) drone.state = drone.flight.state();
  }

  useSettings();
  return {
    drones,
    inputs,
    apply,
    hiddenForce: Array.from(drawn),
    path: roundOf(module, start.path),
    get step() {
      return step;
    },
    get settings() {
      return settings;
    },
    get wind() {
      return Array.from(
        first.state.force,
        (value, axis) => value - (isHeld() ? drawn[axis]! : 0) - push[axis]! / 1000,
      );
    },
    get hash() {
      return hash;
    },

    advance() {
      while (waiting[0] && waiting[0].step <= step) apply(waiting.shift()!.input);
      if (pushes.some(({ until }) => until <= step)) {
        pushes = pushes.filter(({ until }) => until > step);
        disturb();
      }
      for (const drone of drones) {
        if (drone.state.crashed) continue;
        drone.flight.step();
        drone.state = drone.flight.state();
        if (drone.state.step === EPISODE_STEPS) drone.episodeReturn = drone.state.episodeReturn;
      }
      step++;
      const { action, position, quaternion, velocity, angularVelocity, rotors } = first.state;
      for (const part of [action, position, quaternion, velocity, angularVelocity, rotors])
        hash = fnv1a(hash, new Uint8Array(part.buffer));
    },
  };
}

const PATH_POINTS = 240;

/** The second round of a trajectory, which has grown to its size by then. */
function roundOf(module: WebAssembly.Module, name: TrajectoryName): Float32Array {
  if (name === "hover") return new Float32Array(0);
  const core = createCore(module, createMemory("simd"));
  const at = core.allocate("F32s", TARGET_WORDS);
  const { size, period } = TRAJECTORY_DEFAULTS[name];
  const points = new Float32Array(3 * PATH_POINTS);
  for (let i = 0; i < PATH_POINTS; i++) {
    core.kernels.trajectoryTarget(TRAJECTORIES[name], period * (1 + i / PATH_POINTS), size, period, at);
    points.set(core.f32(at, 3), 3 * i);
  }
  return points;
}

function createDrone(
  module: WebAssembly.Module,
  { name, policy }: NamedPolicy,
  settings: FlightSettings,
): FormationDrone {
  const core: Core = createCore(module, createMemory("simd"));
  const actor: Actor = loadPolicy(core, policy);
  const flight = createFlight(core, taskOf(settings), actor, settings.seed);
  flight.setAirframe(airframeOf(settings)); // the start scales its forces with the weight
  const { size, period } = TRAJECTORY_DEFAULTS[settings.path];
  if (settings.path !== "hover") flight.follow(settings.path, size, period);
  flight.reset(0);
  return {
    name,
    flight,
    lesion: createLesion(core, actor),
    thresholds: neuronThresholds(policy),
    hidden: policy.shape.kind === "spiking" ? widthsOf(policy.shape) : undefined,
    state: flight.state(),
    episodeReturn: undefined,
  };
}
