// One drone under one spiking policy, with all that a control period needs laid out once: firmware, parity and whoever
// proves an example fly by it. Batches of drones fly by their actor (actors/kind.ts).

import { F32s, I16s, Scratch } from "../addresses";
import { laidTo, lay, layFrom, take } from "../cursor";
import { INPUTS, NetworkImage, OUTPUTS } from "./image";
import { dequantiseAction, quantiseObservation } from "./rounding";
import { policyStepInPlace } from "./step";

@unmanaged
export abstract class Pilot {
  image: NetworkImage;
  observation: F32s = 0; // (18), in the order of training; may be set to where an observation is
  quantised: I16s = 0; // (18)
  state: Scratch = 0; // of image.stateBytes: membranes
  action: I16s = 0; // (4)
  motors: F32s = 0; // (4), in [-1, 1]; may be set to where they go
  scratch: Scratch = 0;
}

/** Lays the arrays out from base on; returns where they end. */
export function pilotLayout(p: Pilot, base: usize): usize {
  layFrom(base);
  p.observation = lay<f32>(INPUTS);
  p.quantised = lay<i16>(INPUTS);
  p.state = take(p.image.stateBytes);
  p.action = lay<i16>(OUTPUTS);
  p.motors = lay<f32>(OUTPUTS);
  p.scratch = take(p.image.scratchBytes);
  return laidTo();
}

/** As before the first step of a flight. */
export function pilotReset(p: Pilot): void {
  memory.fill(p.state, 0, p.image.stateBytes);
}

/** One control period: motors of observation. Returns the spikes of all layers. */
export function pilotStep(p: Pilot): i32 {
  quantiseObservation(p.observation, p.quantised);
  const spikes = pilotStepQuantised(p);
  dequantiseAction(p.action, p.motors);
  return spikes;
}

/** The integers within: action of quantised. */
export function pilotStepQuantised(p: Pilot): i32 {
  return policyStepInPlace(p.image, p.state, p.quantised, p.action, p.scratch);
}
