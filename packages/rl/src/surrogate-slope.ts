import { z } from "zod";

/** Slopes are kept in 1 .. 100 (paper 3.3). */
export const SLOPE_MIN = 1;
export const SLOPE_MAX = 100;
const slope = z.number().min(SLOPE_MIN).max(SLOPE_MAX);

/** How the slope of the surrogate gradient moves during training (docs/REFERENCE.md, section 6). */
export const slopeScheduleSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("fixed"), slope }),
  /** `steps` equal rises, between steps + 1 stretches of training of equal length: begins at `from`, ends at `to`. */
  z.strictObject({
    kind: z.literal("interval"),
    from: slope,
    to: slope,
    steps: z.number().int().min(1).max(1000),
  }),
  /**
   * Mean over the last `window` scores of 100 (a r + b r') / R, r' the difference of consecutive scores: paper eq. 5 in
   * the reading that makes all its statements true, R = 400 and 100 the largest slope. `first` before any score. `weights`
   * are a and b, one half each where absent (the paper).
   */
  z.strictObject({
    kind: z.literal("adaptive"),
    first: slope,
    window: z.number().int().min(1).max(1000),
    rewardRange: z.number().min(1e-3).max(1e6),
    weights: z.tuple([z.number().min(0).max(10), z.number().min(0).max(10)]).optional(),
  }),
]);
export type SlopeSchedule = z.infer<typeof slopeScheduleSchema>;

const clamp = (value: number) => Math.min(Math.max(value, SLOPE_MIN), SLOPE_MAX);

/** The slope at `progress` in [0, 1) of training, given the scores (returns) so far. */
export function slopeAt(schedule: SlopeSchedule, progress: number, scores: readonly number[]): number {
  switch (schedule.kind) {
    case "fixed":
      return schedule.slope;
    case "interval": {
      const { from, to, steps } = schedule;
      return clamp(from + ((to - from) * Math.floor(progress * (steps + 1))) / steps);
    }
    case "adaptive": {
      if (scores.length === 0) return schedule.first;
      const last = scores.slice(-schedule.window);
      const before = [scores.at(-schedule.window - 1) ?? last[0]!, ...last];
      const [ofScore, ofChange] = schedule.weights ?? [0.5, 0.5];
      const terms = last.map((score, i) => ofScore * score + ofChange * (score - before[i]!));
      const mean = terms.reduce((sum, term) => sum + term, 0) / terms.length;
      return clamp((SLOPE_MAX * mean) / schedule.rewardRange);
    }
  }
}
