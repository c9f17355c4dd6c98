import type { Address, Core } from "@spikewing/core";
import { z } from "zod";
import type { Evaluation } from "./evaluate.js";

/**
 * Levels of skill, by mean return in validation: the first snapshot that reaches the mark, and the best of all. 363 is
 * the published guide's return.
 */
export const GUIDE_LEVELS = { novice: 250, intermediate: 363, expert: Number.POSITIVE_INFINITY } as const;
export type GuideLevel = keyof typeof GUIDE_LEVELS;

/** Return of the snapshot kept for each level; part of a training's progress. */
export const levelsReachedSchema = z.strictObject({
  novice: z.number().exactOptional(),
  intermediate: z.number().exactOptional(),
  expert: z.number().exactOptional(),
});

interface Values {
  readonly at: Address<"F32s">;
  readonly length: number;
}

/** Snapshots of a guide in training, one a level. */
export interface GuideSnapshots<Part extends string> {
  /** Keeps what has come so far for every level that a validation reaches. */
  keep(evaluation: Evaluation): void;
  /** What is kept of a level. */
  of(level: GuideLevel): Readonly<Record<Part, Float32Array>>;
}

/** @param parts what a snapshot is of; @param progress whose levels it keeps up to date */
export function keepLevels<Part extends string>(
  core: Core,
  parts: Readonly<Record<Part, Values>>,
  progress: { readonly levels: z.infer<typeof levelsReachedSchema> },
): GuideSnapshots<Part> {
  const levels = Object.keys(GUIDE_LEVELS) as GuideLevel[];
  const names = Object.keys(parts) as Part[];
  const kept = levels.map(() => names.map((name) => core.allocate("F32s", parts[name].length)));
  const snapshotOf = (level: GuideLevel) =>
    names.map((name, i) => core.f32(kept[levels.indexOf(level)]![i]!, parts[name].length));
  return {
    keep({ meanReturn }) {
      for (const level of levels) {
        const before = progress.levels[level];
        const isBest = level === "expert" && meanReturn > (before ?? Number.NEGATIVE_INFINITY);
        const isFirst = before === undefined && meanReturn >= GUIDE_LEVELS[level];
        if (!isBest && !isFirst) continue;
        progress.levels[level] = meanReturn;
        const snapshot = snapshotOf(level);
        names.forEach((name, i) => {
          snapshot[i]!.set(core.f32(parts[name].at, parts[name].length));
        });
      }
    },
    of: (level) =>
      Object.fromEntries(snapshotOf(level).map((values, i) => [names[i]!, values.slice()])) as Record<
        Part,
        Float32Array
      >,
  };
}
