import { type CoreBuild, Surrogate } from "@spikewing/core";
import type { Claim, Work } from "./measure.js";
import {
  ACTIONS,
  H1,
  H2,
  INPUTS,
  networkInCore,
  networkTwin,
  observationsOf,
  SLOPE,
  STEPS,
} from "./spiking-network.js";
import { createAdam } from "./twin/adam.js";
import {
  backwardTwin,
  createBackwardScratch,
  createTape,
  forwardTwin,
  gradientTensors,
} from "./twin/spiking.js";

/** Small enough that the network stays as it was; as large in cost as any other. */
const LEARNING_RATE = 1e-9;
const D_ACTION = 1e-4;

/** Forward, backward and Adam over a batch of sequences of 100 steps; the core also quantises its weights anew. */
function inCore(build: CoreBuild, batchSize: number): Work {
  const { core, actor } = networkInCore(build);
  const { kernels } = core;
  const pitch = 4 * INPUTS;
  const observations = Array.from({ length: batchSize }, (_, b) => {
    const at = core.allocate("F32s", STEPS * INPUTS);
    core.f32(at, STEPS * INPUTS).set(observationsOf(b));
    return at;
  });
  const sequences = Array.from({ length: batchSize }, () =>
    core.create("Sequence", { actor: actor.at, steps: STEPS }),
  );
  const { adjoint } = core.view("Sequence", sequences[0]!);
  for (const sequence of sequences) core.view("Sequence", sequence).adjoint = adjoint; // as a shard's
  const dAction = core.allocate("F32s", ACTIONS * STEPS);
  const gradient = core.allocate("F32s", actor.parameterCount);
  const rates = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0, clipNorm: 0 };
  const adam = core.create("Adam", { n: actor.parameterCount, ...rates });
  core.f32(dAction, ACTIONS * STEPS).fill(D_ACTION);
  return () => {
    core.bytes(gradient, 4 * actor.parameterCount).fill(0);
    for (const [b, sequence] of sequences.entries()) {
      kernels.sequenceForward(sequence, observations[b]!, pitch, STEPS);
      kernels.sequenceBackward(sequence, dAction, STEPS, Surrogate.FAST_SIGMOID, SLOPE, gradient);
    }
    kernels.adamStep(adam, actor.parameters, gradient, LEARNING_RATE);
    kernels.actorSync(actor.at);
    return batchSize;
  };
}

function inTwin(batchSize: number): Work {
  const net = networkTwin();
  const observations = Array.from({ length: batchSize }, (_, b) => observationsOf(b));
  const tapes = observations.map(() => createTape(H1, H2, STEPS));
  const dAction = new Float32Array(ACTIONS * STEPS).fill(D_ACTION);
  const gradient = new Float32Array(net.parameters.length);
  const tensors = gradientTensors(gradient, H1, H2);
  const scratch = createBackwardScratch(H1, H2, STEPS);
  const adam = createAdam(net.parameters.length);
  return () => {
    gradient.fill(0);
    for (let b = 0; b < batchSize; b++) {
      forwardTwin(net, tapes[b]!, observations[b]!, 0, STEPS);
      backwardTwin(net, tapes[b]!, dAction, STEPS, SLOPE, tensors, scratch);
    }
    adam(net.parameters, gradient, LEARNING_RATE);
    return batchSize;
  };
}

export function bpttSequences(batchSize: number): Claim {
  return {
    name: `BPTT, batch ${batchSize}`,
    unit: "sequences/s",
    simd: inCore("simd", batchSize),
    scalar: inCore("scalar", batchSize),
    twin: inTwin(batchSize),
  };
}
