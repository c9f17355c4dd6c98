import type { CoreBuild } from "@spikewing/core";
import type { Claim, Work } from "./measure.js";
import { H1, H2, INPUTS, networkInCore, networkTwin, observationsOf, STEPS } from "./spiking-network.js";
import { createTape, forwardTwin } from "./twin/spiking.js";

/** One control period of the policy a step, from f32 observation to f32 action. */
function inCore(build: CoreBuild): Work {
  const { core, actor } = networkInCore(build);
  const { kernels } = core;
  const observations = core.allocate("F32s", STEPS * INPUTS);
  core.f32(observations, STEPS * INPUTS).set(observationsOf(0));
  const pilot = core.create("Pilot", { image: actor.image });
  const view = core.view("Pilot", pilot);
  return () => {
    kernels.pilotReset(pilot);
    for (let t = 0; t < STEPS; t++) {
      view.observation = core.element("F32s", observations, t * INPUTS);
      kernels.pilotStep(pilot);
    }
    return STEPS;
  };
}

export function policySteps(): Claim {
  const net = networkTwin();
  const tape = createTape(H1, H2, STEPS);
  const observations = observationsOf(0);
  return {
    name: "policy steps",
    unit: "steps/s",
    simd: inCore("simd"),
    scalar: inCore("scalar"),
    twin() {
      forwardTwin(net, tape, observations, 0, STEPS);
      return STEPS;
    },
  };
}

/** Spikes of one sequence in the core and in the twin: that both do the same work. */
export function spikesOfBoth(): { readonly core: number; readonly twin: number } {
  const { core, actor } = networkInCore("simd");
  const { kernels } = core;
  const observations = core.allocate("F32s", STEPS * INPUTS);
  core.f32(observations, STEPS * INPUTS).set(observationsOf(0));
  const sequence = core.create("Sequence", { actor: actor.at, steps: STEPS });
  kernels.sequenceForward(sequence, observations, 4 * INPUTS, STEPS);
  const twinTape = createTape(H1, H2, STEPS);
  forwardTwin(networkTwin(), twinTape, observationsOf(0), 0, STEPS);
  const twin = [...twinTape.count1, ...twinTape.count2].reduce((sum, count) => sum + count, 0);
  const { tape } = core.view("Sequence", sequence);
  return { core: Number(core.view("Tape", tape).spikes), twin };
}
