// The drone as a task in the shape of Gymnasium, and a trainer of forty lines on it: the cross-entropy method (Rubinstein 1999).
// Every drone flies its own linear feedback, motors = hover + gains x observation; the next generation is drawn around the mean
// of the best.
import { AIRFRAMES } from "@spikewing/core";
import { loadCore } from "@spikewing/core/node";
import { createVectorEnvironment, DEFAULT_TASK } from "@spikewing/rl";

const GENERATIONS = Number(process.argv[2] ?? 60);
const DRONES = 256;
const BEST = 32;
const G = 9.81;

const core = loadCore();
const drones = createVectorEnvironment(core, DRONES, { task: DEFAULT_TASK, maxSteps: 200 });
const inputs = drones.observationSpace.shape[0];
const motors = drones.actionSpace.shape[0];
const gains = inputs * motors;

// The command at which four rotors lift the drone: -1 is the slowest rotor, 1 the fastest.
const { massKg, thrust, rotorRange } = AIRFRAMES[DEFAULT_TASK.airframe];
const [constant, linear, square] = thrust;
const missing = constant - (massKg * G) / motors;
const rotor = (-linear + Math.sqrt(linear ** 2 - 4 * square * missing)) / (2 * square);
const hover = (2 * (rotor - rotorRange[0])) / (rotorRange[1] - rotorRange[0]) - 1;

const noise = core.allocate("F32s", DRONES * gains);
const scratch = core.allocate("Scratch", 16);
const NOISE_STREAM = 99; // unlike any stream of the core
const mean = new Float64Array(gains);
const spread = new Float64Array(gains).fill(0.3);

for (let generation = 0; generation < GENERATIONS; generation++) {
  core.kernels.fillNormal(noise, DRONES * gains, 1, NOISE_STREAM, generation, scratch);
  const drawn = core
    .f32(noise, DRONES * gains)
    .map((value, k) => mean[k % gains] + spread[k % gains] * value);
  const returns = new Float64Array(DRONES);
  const over = new Uint8Array(DRONES);
  let { observations } = drones.reset({ seed: 1, episode: generation * DRONES });
  while (over.includes(0)) {
    const actions = Float32Array.from({ length: DRONES * motors }, (_, at) => {
      const [drone, motor] = [Math.floor(at / motors), at % motors];
      let action = hover;
      for (let k = 0; k < inputs; k++)
        action += drawn[drone * gains + motor * inputs + k] * observations[drone * inputs + k];
      return Math.min(1, Math.max(-1, action));
    });
    const flown = drones.step(actions);
    observations = flown.observations;
    for (let i = 0; i < DRONES; i++) {
      if (over[i]) continue;
      returns[i] += flown.rewards[i];
      if (flown.terminated[i] || flown.truncated[i]) over[i] = 1;
    }
  }
  const best = [...returns.keys()].sort((a, b) => returns[b] - returns[a]).slice(0, BEST);
  for (let k = 0; k < gains; k++) {
    const values = best.map((drone) => drawn[drone * gains + k]);
    mean[k] = values.reduce((sum, value) => sum + value, 0) / BEST;
    spread[k] = Math.sqrt(values.reduce((sum, value) => sum + (value - mean[k]) ** 2, 0) / BEST) + 0.01;
  }
  const average = returns.reduce((sum, value) => sum + value, 0) / DRONES;
  console.log(`generation ${generation + 1}  return ${average.toFixed(1)}`);
}
