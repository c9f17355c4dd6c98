import { z } from "zod";
import { parseAs, resolveRunConfig } from "../run-config.js";
import type { JsonObject, ShippedName, SweepRun } from "./sweep.js";
import type { TrainSettings } from "./train.js";

const GUIDES = {
  novice: "guide-novice",
  intermediate: "guide-intermediate",
  expert: "guide-expert",
} as const satisfies Record<string, ShippedName>;

const seeds = z.array(z.number().int().min(0).max(0xffffffff)).min(1).max(1000);
const jsonObject = z.record(z.string(), z.json()) as unknown as z.ZodType<JsonObject>;

/** A list of trainings of one's own: every run with every seed. */
export const sweepSchema = z.strictObject({
  runs: z
    .array(
      z.strictObject({
        name: z.string().min(1).max(80).describe("what the table calls it"),
        config: jsonObject.default({}).describe("laid over the preset, as `train --config` has it"),
        seeds: seeds.optional().describe("instead of those of the sweep"),
        guide: z
          .enum(["novice", "intermediate", "expert"])
          .optional()
          .describe("a guide that comes with the package; else the run trains its own"),
      }),
    )
    .min(1)
    .max(1000),
  seeds: seeds.default([1]),
  episodes: z.number().int().min(4).max(100_000).multipleOf(4).default(400).describe("of every score"),
  score: z
    .enum(["validation", "reserved"])
    .default("validation")
    .describe("choose by validation; reserved episodes are for figures to publish"),
});

/** The runs that a file describes. @throws SpikewingError naming place, field, value and what is accepted. */
export function parseSweep(value: unknown, place: string): readonly SweepRun[] {
  const sweep = parseAs(sweepSchema, value, place);
  return sweep.runs.flatMap(({ name, config, guide, seeds = sweep.seeds }, i) => {
    const settings: TrainSettings = {
      name,
      config,
      guide: guide === undefined ? null : GUIDES[guide],
      episodes: sweep.episodes,
      seeds: sweep.score,
      conditions: false,
    };
    return seeds.map((seed) => {
      resolveRunConfig({ seed, overrides: config }, `${place}: runs.${i}.config`);
      return { measure: "train", settings, seed };
    });
  });
}
