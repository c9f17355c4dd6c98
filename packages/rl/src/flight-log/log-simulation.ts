import { ACTION_WORDS, BODY_WORDS, Body, type Core, variationFields } from "@spikewing/core";
import type { TaskAirframe } from "../airframe.js";
import { LANES, writeWords } from "../drone-words.js";
import { DEFAULT_TASK, type Task, writeTask } from "../task.js";
import { type FlightLog, MOTORS, STATE_WORDS } from "./flight-log.js";
import { flownCommands } from "./flown-commands.js";

/** What a drone may be that the airframe's file does not say: factors on it, and the delay of its commands. */
export interface DroneParameters {
  readonly mass: number;
  readonly inertia: number;
  readonly thrust: number;
  readonly torqueRatio: number;
  readonly motorRise: number;
  readonly motorFall: number;
  readonly delayS: number;
}

/** Steady all through a piece: a horizontal force (world, N), and a torque (body, N m), of the air or of a centre of mass that is off. */
export const STEADY = ["forceXN", "forceYN", "torqueXNm", "torqueYNm", "torqueZNm"] as const;
export type Steady = (typeof STEADY)[number];

/** Rotors are not logged: before a piece begins they follow the commands for this long, wherever the drone tumbles to. */
const SPIN_UP_STEPS = 200;
/** Of the delay of commands. */
export const MOST_DELAY_PERIODS = 4;

/** The simulator on pieces of a logged flight, all at once. */
export interface LogSimulation {
  /** Pieces of `pieceSteps` control periods each. */
  readonly pieces: number;
  readonly pieceSteps: number;
  /** Differences simulated - logged, (pieces, pieceSteps, 13), of a drone with these parameters; `steady` is (pieces, STEADY). */
  errors(drone: DroneParameters, steady: Float64Array): Float64Array;
}

/** Pieces are placed evenly; each begins in the logged state and is flown by the logged commands. */
export function createLogSimulation(
  core: Core,
  airframe: TaskAirframe,
  log: FlightLog,
  most: number,
  pieceSteps: number,
): LogSimulation {
  const { kernels } = core;
  const task: Task = { ...DEFAULT_TASK, airframe, sensorNoise: "none" };
  const starts = placePieces(log.steps, most, pieceSteps);
  const pieces = starts.length;
  const n = Math.ceil(pieces / LANES) * LANES;
  const variation = core.create("Variation", variationFields({}));
  const { fields } = writeTask(core, task);
  const commands = flownCommands(core, fields.airframe, log);
  const environments = core.create("Environments", { n, seed: 0, ...fields, variation });
  const at = core.view("Environments", environments);
  const bodies = core.f32(at.body, BODY_WORDS * n);
  const action = core.f32(at.action, ACTION_WORDS * n);

  const setWords = (piece: number, first: number, values: ArrayLike<number>) =>
    writeWords(core, at.body, n, piece, first, values);
  const stateOf = (t: number) => log.states.subarray(t * STATE_WORDS, (t + 1) * STATE_WORDS);
  const commandOf = (t: number) => commands.subarray(t * MOTORS, (t + 1) * MOTORS);
  let wholePeriods = 0; // of the delay: an environment has less than one
  const step = (offset: number) => {
    for (const [piece, start] of starts.entries())
      action.set(commandOf(start + offset - wholePeriods), ACTION_WORDS * piece);
    kernels.environmentsStep(environments);
  };

  function reset({ delayS, ...factors }: DroneParameters, steady: Float64Array): void {
    const ranges = Object.entries(factors).map(([name, factor]) => [name, [factor, factor]]);
    core.assign("Variation", variation, variationFields(Object.fromEntries(ranges)));
    wholePeriods = Math.floor(delayS / log.stepS);
    const rest = delayS - wholePeriods * log.stepS;
    core.assign("Environments", environments, { delayMinS: rest, delayMaxS: rest });
    for (let i = 0; i < n; i++) kernels.environmentReset(environments, i, 0);
    for (let piece = 0; piece < pieces; piece++) {
      const [forceX, forceY, ...torque] = steady.subarray(piece * STEADY.length, (piece + 1) * STEADY.length);
      setWords(piece, Body.FORCE, [forceX!, forceY!, 0, ...torque]);
    }
  }

  return {
    pieces,
    pieceSteps,

    errors(drone, steady) {
      reset(drone, steady);
      for (let offset = -SPIN_UP_STEPS; offset < 0; offset++) step(offset);
      for (const [piece, start] of starts.entries()) setWords(piece, 0, stateOf(start));
      const errors = new Float64Array(pieces * pieceSteps * STATE_WORDS);
      for (let t = 0; t < pieceSteps; t++) {
        step(t);
        starts.forEach((start, piece) => {
          const logged = stateOf(start + t + 1);
          const simulated = logged.map((_, k) => bodies[k * n + piece]!);
          alignQuaternion(simulated, logged);
          const row = (piece * pieceSteps + t) * STATE_WORDS;
          for (let k = 0; k < STATE_WORDS; k++) errors[row + k] = simulated[k]! - logged[k]!;
        });
      }
      return errors;
    },
  };
}

/** First steps of at most `most` pieces, evenly over the log, each with room for its spin-up. */
function placePieces(steps: number, most: number, pieceSteps: number): number[] {
  const [first, last] = [SPIN_UP_STEPS + MOST_DELAY_PERIODS, steps - 1 - pieceSteps];
  const pieces = Math.min(most, Math.floor((last - first) / pieceSteps) + 1);
  return Array.from(
    { length: pieces },
    (_, i) => first + Math.round((i * (last - first)) / Math.max(pieces - 1, 1)),
  );
}

/** q and -q are one attitude. */
function alignQuaternion(simulated: Float64Array, logged: Float64Array): void {
  let along = 0;
  for (let k = Body.QUATERNION; k < Body.VELOCITY; k++) along += simulated[k]! * logged[k]!;
  if (along < 0) for (let k = Body.QUATERNION; k < Body.VELOCITY; k++) simulated[k] = -simulated[k]!;
}
