// A trainer of your own on the core: an evolution strategy (Salimans et al. 2017, arXiv 1703.03864, with its rewards ranked by
// sign of mirrored pairs) on a spiking network of 32 and 16 neurons. Not the way to learn to fly in a minute, and all that a
// trainer needs: an actor, its parameters, randomness that is a function, and a score.
import { createInlinePool } from "@spikewing/core";
import { loadCore } from "@spikewing/core/node";
import { createActor, createEvaluator, DEFAULT_TASK, EVALUATION_SEEDS, initialiseActor } from "@spikewing/rl";

const GENERATIONS = Number(process.argv[2] ?? 100);
const PAIRS = 16;
const NOISE = 0.05;
const RATE = 0.02;

const core = loadCore();
const actor = createActor(core, {
  kind: "spiking",
  hidden: [32, 16],
  productBits: 25,
  weightBits: [12, 12],
  inputGain: [4, 1, 2, 0.5],
});
initialiseActor(core, actor, 1, 0);
const evaluator = createEvaluator(core, createInlinePool(core.kernels), DEFAULT_TASK, actor, {
  episodes: 32,
  seed: EVALUATION_SEEDS.validation,
  otherReward: "paper-end",
});
const noise = core.allocate("F32s", actor.parameterCount);
const scratch = core.allocate(16);
const NOISE_STREAM = 99; // unlike any stream of the core

/** Return of the policy whose parameters lie `step` along the noise. */
function score(mean, direction, step) {
  const parameters = core.f32(actor.parameters, actor.parameterCount);
  for (let i = 0; i < parameters.length; i++) parameters[i] = mean[i] + step * direction[i];
  core.kernels.actorSync(actor.at); // what is flown is made of the parameters
  return evaluator.run().meanReturn;
}

const mean = core.f32(actor.parameters, actor.parameterCount).slice();
for (let generation = 0; generation < GENERATIONS; generation++) {
  const update = new Float32Array(mean.length);
  for (let pair = 0; pair < PAIRS; pair++) {
    core.kernels.fillNormal(noise, mean.length, 1, NOISE_STREAM, generation * PAIRS + pair, scratch);
    const direction = core.f32(noise, mean.length).slice();
    const sign = Math.sign(score(mean, direction, NOISE) - score(mean, direction, -NOISE));
    for (let i = 0; i < update.length; i++) update[i] += (sign * direction[i]) / PAIRS;
  }
  for (let i = 0; i < mean.length; i++) mean[i] += RATE * update[i];
  const line = `generation ${generation + 1}  return ${score(mean, mean, 0).toFixed(1)}`;
  console.log(line);
}
