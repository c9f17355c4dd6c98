import { z } from "zod";

/** How the guide hands over (JSRL, Uchendu et al. 2023): it flies the first steps of each episode, fewer every round. */
export const jumpStartSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("none") }),
  /** From `first` steps down to `last`, linearly over the first `rounds` rounds. */
  z.strictObject({
    kind: z.literal("linear"),
    first: z.number().int().min(0).max(500),
    last: z.number().int().min(0).max(500),
    rounds: z.number().int().min(1).max(1_000_000),
  }),
]);
export type JumpStart = z.infer<typeof jumpStartSchema>;

/** Steps that the guide flies in episodes that begin in this round. */
export function jumpStartStepsAt(jumpStart: JumpStart, round: number): number {
  if (jumpStart.kind === "none") return 0;
  const { first, last, rounds } = jumpStart;
  return Math.round(first + (last - first) * Math.min(round / rounds, 1));
}
