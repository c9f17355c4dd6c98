import { expect, test } from "vitest";
import { createNodePool } from "../dist/node-entry.js";
import { firstDifference, type TrainingOptions, trainBriefly } from "./training.js";

const train = (workers: number, options: TrainingOptions): Uint8Array[] => {
  const { core, pool } = createNodePool(workers);
  try {
    expect(pool.workers).toBe(workers);
    return trainBriefly(core, pool, options);
  } finally {
    pool.close();
  }
};

test.each(["spiking", "history"] as const)(
  "1, 2 and 4 workers train a %s actor to the same bytes",
  (actor) => {
    const options: TrainingOptions = { actor, seed: 11, updates: 20, hidden: [32, 16] };
    const alone = train(1, options);
    for (const workers of [2, 4]) expect(firstDifference(alone, train(workers, options))).toBe("same");
  },
);

test("one seed twice gives the same bytes, another seed others", () => {
  const options: TrainingOptions = { actor: "spiking", seed: 5, updates: 4, hidden: [16, 16] };
  const once = train(1, options);
  expect(firstDifference(once, train(1, options))).toBe("same");
  expect(firstDifference(once, train(1, { ...options, seed: 6 }))).not.toBe("same");
});
