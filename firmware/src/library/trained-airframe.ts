// sw_trained.c: the drone that a policy was trained on, as far as the Crazyflie needs it to turn a command into a force.
import type { Airframe } from "@spikewing/core";
import { airframeOf, DEFAULT_TASK, type Policy, taskSchema } from "@spikewing/rl";

/** The drone of the policy's training; where its file does not say, the default task's. */
export function trainedAirframe(policy: Policy): Airframe {
  const trained = taskSchema.safeParse(policy.record.task);
  return airframeOf((trained.success ? trained.data : DEFAULT_TASK).airframe);
}

/** A float of C, which reads the same f32. */
const float = (x: number): string => `${Math.fround(x).toPrecision(9)}f`;

export const trainedSource = ({ name, massKg, thrust, rotorRange }: Airframe): string =>
  `// Written from a policy file; do not edit. Trained on ${name}.

#include "sw_force.h"

const sw_trained_t sw_trained = {
  .rotor_min = ${float(rotorRange[0])},
  .rotor_max = ${float(rotorRange[1])},
  .thrust0 = ${float(thrust[0])},
  .thrust1 = ${float(thrust[1])},
  .thrust2 = ${float(thrust[2])},
  .mass_kg = ${float(massKg)},
};
`;
