// The integers of STATE and MOTORS from floats and to floats, by the core.
import { ACTION_WORDS, type Core, OBSERVATION_WORDS } from "@spikewing/core";

export interface WireNumbers {
  /** Of an observation (18), as the policy rounds it. */
  ofObservation(observation: ArrayLike<number>): Int16Array;
  /** (4) in [-1, 1] of the motors of an answer. */
  toMotors(motors: Int16Array): Float32Array;
}

/** Takes memory of the core for good. */
export function createWireNumbers(core: Core): WireNumbers {
  const observed = core.allocate("F32s", OBSERVATION_WORDS);
  const rounded = core.allocate("I16s", OBSERVATION_WORDS);
  const action = core.allocate("I16s", ACTION_WORDS);
  const motors = core.allocate("F32s", ACTION_WORDS);
  return {
    ofObservation(observation) {
      core.f32(observed, OBSERVATION_WORDS).set(observation);
      core.kernels.observationToWire(observed, rounded);
      return core.i16(rounded, OBSERVATION_WORDS).slice();
    },
    toMotors(answered) {
      core.i16(action, ACTION_WORDS).set(answered);
      core.kernels.dequantiseAction(action, motors);
      return core.f32(motors, ACTION_WORDS).slice();
    },
  };
}
