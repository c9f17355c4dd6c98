import type { TrainChoice } from "./train-messages.js";

/** What "Teach it to fly" trains; the policy "untrained" is how it begins. */
export const LESSON = {
  preset: "fast",
  algorithm: "apg",
  seed: 1,
  overrides: { policy: { rounds: 20, evaluateEvery: 2 } },
} as const satisfies TrainChoice;

/** Rounds after which what it can do is kept, to fly beside what it learns later. */
export const KEPT_ROUNDS: readonly number[] = [1, 2, 4, 8, 20];
