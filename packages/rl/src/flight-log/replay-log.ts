/**
 * A log, replayed through a policy: what it would have commanded in each logged state, from rest membranes at the first one.
 * The drone goes on as it flew, whatever the policy says.
 */
import {
  ACTION_WORDS,
  Body,
  type Core,
  NO_ARRAY,
  OBSERVATION_WITH_HISTORY_WORDS,
  TARGET_WORDS,
} from "@spikewing/core";
import { LANES, writeWords } from "../drone-words.js";
import { loadPolicy } from "../load-policy.js";
import { requireTeaching } from "../logged-experience.js";
import type { Policy } from "../policy-file.js";
import { SpikewingError } from "../spikewing-error.js";
import { type Task, withoutVariation, writeTask } from "../task.js";
import { type FlightLog, STATE_WORDS } from "./flight-log.js";
import { flownCommands } from "./flown-commands.js";

/** Policy minus log, of one motor, in commands of -1 .. 1. */
export interface MotorDifference {
  readonly meanAbsolute: number;
  readonly mean: number;
  readonly largest: number;
  /** When, s from the log's first sample. */
  readonly largestAtS: number;
}

/** @throws SpikewingError where the log does not say what the policy would have seen, or was done */
export function replayLog(
  core: Core,
  task: Task,
  policy: Policy,
  log: FlightLog,
): readonly MotorDifference[] {
  if (policy.shape.kind === "dense" && policy.shape.history)
    throw new SpikewingError(
      "policy",
      "sees its past actions, which are not the log's; expected one that does not",
    );
  const targets = requireTeaching(log);
  const { kernels } = core;
  const { fields } = writeTask(core, { ...withoutVariation(task), sensorNoise: "none" });
  const environments = core.create("Environments", { n: LANES, seed: 0, ...fields });
  for (let i = 0; i < LANES; i++) kernels.environmentReset(environments, i, 0);
  const { body, target, observation, action } = core.view("Environments", environments);
  const actor = loadPolicy(core, policy);
  const states = core.allocate("Scratch", kernels.actorStateBytes(actor.at));
  const workspace = core.allocate("Scratch", kernels.actorActBytes(actor.at, 1));
  const commands = flownCommands(core, fields.airframe, log);

  const differences = Array.from({ length: ACTION_WORDS }, () => ({
    sum: 0,
    absolute: 0,
    largest: 0,
    at: 0,
  }));
  const row = (words: Float64Array, t: number, width: number) => words.subarray(t * width, (t + 1) * width);
  for (let t = 0; t < log.steps; t++) {
    writeWords(core, body, LANES, 0, Body.POSITION, row(log.states, t, STATE_WORDS));
    writeWords(core, target, LANES, 0, 0, row(targets, t, TARGET_WORDS));
    kernels.environmentsObserve(environments);
    const pitch = 4 * OBSERVATION_WITH_HISTORY_WORDS;
    kernels.actorAct(actor.at, observation, pitch, 1, NO_ARRAY, states, action, workspace);
    const wanted = core.f32(action, ACTION_WORDS);
    differences.forEach((motor, k) => {
      const difference = wanted[k]! - commands[t * ACTION_WORDS + k]!;
      motor.sum += difference;
      motor.absolute += Math.abs(difference);
      if (Math.abs(difference) > motor.largest)
        Object.assign(motor, { largest: Math.abs(difference), at: t });
    });
  }
  return differences.map(({ sum, absolute, largest, at }) => ({
    meanAbsolute: absolute / log.steps,
    mean: sum / log.steps,
    largest,
    largestAtS: at * log.stepS,
  }));
}
