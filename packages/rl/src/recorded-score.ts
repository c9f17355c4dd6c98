import { z } from "zod";
import { standardError } from "./evaluate.js";
import type { Policy } from "./policy-file.js";

/** What a policy's record says of how it flies. */
export interface RecordedScore {
  readonly episodes: number;
  readonly meanReturn: number;
  /** Of that mean. */
  readonly standardError: number;
  /** Of all episodes, 0 to 1. */
  readonly crashRate: number;
}

const scoreSchema = z.object({
  protocol: z.object({ episodes: z.number().int().min(2) }),
  meanReturn: z.number(),
  standardDeviation: z.number().min(0),
  crashRate: z.number().min(0).max(1),
});

/** The score in the record of a file that anybody may have written; undefined if it is not there, or not whole. */
export function recordedScore({ record }: Pick<Policy, "record">): RecordedScore | undefined {
  const { data } = scoreSchema.safeParse(record.evaluation);
  if (!data) return undefined;
  const { protocol, meanReturn, standardDeviation, crashRate } = data;
  const { episodes } = protocol;
  return {
    episodes,
    meanReturn,
    standardError: standardError({ standardDeviation, returns: { length: episodes } }),
    crashRate,
  };
}
