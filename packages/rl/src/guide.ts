import type { z } from "zod";
import type { GuideLevel, levelsReachedSchema } from "./guide-levels.js";

/** A guide in training, whatever the algorithm; the core's memory and `progress` are the whole state. */
export interface GuideTraining<Report> {
  readonly progress: { readonly round: number; readonly levels: z.infer<typeof levelsReachedSchema> };
  run(): Generator<Report>;
  /** Parameters of a level reached, and the critics of that moment where the guide grew up with some. */
  snapshot(level: GuideLevel): { readonly parameters: Float32Array; readonly critics?: Float32Array };
}
