import {
  ACTION_WORDS as ACTION,
  OBSERVATION_WITH_HISTORY_WORDS as OBSERVATION,
  PRIVILEGED_WORDS as PRIVILEGED,
} from "@spikewing/core";
import { createAdam, polyak } from "./adam.js";
import { backward, createActivations, createMlp, forward } from "./mlp.js";
import { normalPair } from "./random.js";

const GAMMA = 0.99;
const TAU = 0.01;
const LEARNING_RATE = 1e-3;

/** A row of the replay buffer: observation with history, privileged, action, then the same two of the next step. */
const ROW = 2 * (OBSERVATION + PRIVILEGED) + ACTION;

/** TD3 (Fujimoto et al. 2018) for the guide, one update a call, the actor's every second time; plain TypeScript. */
export function createTd3Twin(batchSize: number, hidden: readonly number[], transitions: number) {
  const actor = createMlp([OBSERVATION, ...hidden, ACTION], true);
  const critics = [0, 1].map(() => createMlp([PRIVILEGED + ACTION, ...hidden, 1], false));
  const actorTarget = actor.parameters.slice();
  const criticTargets = critics.map(({ parameters }) => parameters.slice());
  const actorActivations = createActivations(actor, batchSize);
  const criticActivations = critics.map((critic) => createActivations(critic, batchSize));
  const actorAdam = createAdam(actor.parameters.length);
  const criticAdams = critics.map(({ parameters }) => createAdam(parameters.length));
  const actorGradient = new Float32Array(actor.parameters.length);
  const criticGradient = new Float32Array(critics[0]!.parameters.length);

  const replay = Float32Array.from({ length: transitions * ROW }, (_, i) => Math.sin(i * 0.7));
  const observation = new Float32Array(batchSize * OBSERVATION);
  const nextObservation = new Float32Array(batchSize * OBSERVATION);
  const seen = new Float32Array(batchSize * (PRIVILEGED + ACTION));
  const nextSeen = new Float32Array(batchSize * (PRIVILEGED + ACTION));
  const target = new Float32Array(batchSize);
  const dQ = new Float32Array(batchSize);
  const dSeen = new Float32Array(batchSize * (PRIVILEGED + ACTION));
  const dAction = new Float32Array(batchSize * ACTION);
  const noise = new Float32Array(2);
  let update = 0;

  function sample(): void {
    for (let i = 0; i < batchSize; i++) {
      const at = ((Math.imul(update * batchSize + i, 0x9e3779b1) >>> 0) % transitions) * ROW;
      const privileged = at + OBSERVATION;
      const action = privileged + PRIVILEGED;
      const next = action + ACTION;
      const nextPrivileged = next + OBSERVATION;
      observation.set(replay.subarray(at, privileged), i * OBSERVATION);
      seen.set(replay.subarray(privileged, next), i * (PRIVILEGED + ACTION));
      nextObservation.set(replay.subarray(next, nextPrivileged), i * OBSERVATION);
      nextSeen.set(replay.subarray(nextPrivileged, nextPrivileged + PRIVILEGED), i * (PRIVILEGED + ACTION));
    }
  }

  function improveCritics(): void {
    const actions = forward(actor, actorTarget, nextObservation, batchSize, actorActivations);
    for (let i = 0; i < batchSize * ACTION; i += 2) {
      normalPair(1, 6, update, i, noise);
      for (let k = 0; k < 2; k++) {
        const smoothed = actions[i + k]! + Math.min(Math.max(0.2 * noise[k]!, -0.5), 0.5);
        const at = ((i + k) >> 2) * (PRIVILEGED + ACTION) + PRIVILEGED + ((i + k) & 3);
        nextSeen[at] = Math.min(Math.max(smoothed, -1), 1);
      }
    }
    const [q1, q2] = critics.map((critic, j) =>
      forward(critic, criticTargets[j]!, nextSeen, batchSize, criticActivations[j]!),
    );
    for (let i = 0; i < batchSize; i++)
      target[i] = observation[i * OBSERVATION]! + GAMMA * Math.min(q1![i]!, q2![i]!);
    critics.forEach((critic, j) => {
      const q = forward(critic, critic.parameters, seen, batchSize, criticActivations[j]!);
      for (let i = 0; i < batchSize; i++) dQ[i] = (2 / batchSize) * (q[i]! - target[i]!);
      criticGradient.fill(0);
      backward(critic, seen, batchSize, criticActivations[j]!, dQ, criticGradient, undefined);
      criticAdams[j]!(critic.parameters, criticGradient, LEARNING_RATE);
    });
  }

  function improveActor(): void {
    const critic = critics[0]!;
    const actions = forward(actor, actor.parameters, observation, batchSize, actorActivations);
    for (let i = 0; i < batchSize; i++)
      for (let k = 0; k < ACTION; k++)
        seen[i * (PRIVILEGED + ACTION) + PRIVILEGED + k] = actions[i * ACTION + k]!;
    forward(critic, critic.parameters, seen, batchSize, criticActivations[0]!);
    backward(critic, seen, batchSize, criticActivations[0]!, dQ.fill(-1 / batchSize), undefined, dSeen);
    for (let i = 0; i < batchSize; i++)
      for (let k = 0; k < ACTION; k++)
        dAction[i * ACTION + k] = dSeen[i * (PRIVILEGED + ACTION) + PRIVILEGED + k]!;
    actorGradient.fill(0);
    backward(actor, observation, batchSize, actorActivations, dAction, actorGradient, undefined);
    actorAdam(actor.parameters, actorGradient, LEARNING_RATE);
    polyak(actorTarget, actor.parameters, TAU);
    critics.forEach((each, j) => {
      polyak(criticTargets[j]!, each.parameters, TAU);
    });
  }

  return function improve(): void {
    sample();
    improveCritics();
    if (update % 2 === 0) improveActor();
    update++;
  };
}
