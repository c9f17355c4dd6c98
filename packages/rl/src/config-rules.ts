import type { z } from "zod";

/** What a field may be beside the others of its config. */
export interface Rule<Config> {
  readonly path: keyof Config & string;
  readonly least?: (config: Config) => number;
  readonly most?: (config: Config) => number;
  readonly because: string;
}

/** A schema that holds its rules too, and says what would have been accepted. */
export function withRules<Schema extends z.ZodObject>(
  schema: Schema,
  rules: readonly Rule<z.output<Schema>>[],
): Schema {
  return rules.reduce((checked, { path, least, most, because }) => {
    const range = (config: z.output<Schema>) =>
      [least?.(config) ?? Number.NEGATIVE_INFINITY, most?.(config) ?? Number.POSITIVE_INFINITY] as const;
    return checked.refine(
      (config) => {
        const [low, high] = range(config);
        const value = config[path] as number;
        return value >= low && value <= high;
      },
      {
        path: [path],
        error: ({ input }) => {
          const [low, high] = range(input as z.output<Schema>);
          return `expected ${least ? `at least ${low}` : `at most ${high}`} (${because})`;
        },
      },
    );
  }, schema);
}

export interface Collection {
  readonly environments: number;
  readonly stepsPerRound: number;
  readonly updatesPerRound: number;
  readonly rounds: number;
  readonly bufferEpisodes: number;
}

/** Random numbers are drawn by a counter of 32 bits: of updates, and of episodes, of which each has a step. */
const COUNTER_MAX = 0xffffffff;

/** What holds for flying and learning by turns, in every algorithm. */
export const COLLECTION_RULES: readonly Rule<Collection>[] = [
  {
    path: "bufferEpisodes",
    least: ({ environments }) => 2 * environments,
    because: "every drone in the air holds a place, and ended episodes need some too",
  },
  {
    path: "rounds",
    most: ({ updatesPerRound }) => Math.floor(COUNTER_MAX / updatesPerRound),
    because: "with updatesPerRound: updates are counted in 32 bits",
  },
  {
    path: "rounds",
    most: ({ environments, stepsPerRound }) => Math.floor(COUNTER_MAX / (environments * stepsPerRound)),
    because: "with environments and stepsPerRound: episodes are counted in 32 bits",
  },
];
