import { AIRFRAMES, BOUNDS, FULL_BATTERY_V, REWARDS, SENSOR_NOISES, SHARDS, STARTS } from "@spikewing/core";
import { LIBRARY_PROTOCOLS } from "@spikewing/firmware/library-options";
import {
  ALGORITHMS,
  airframeSchema,
  boundsSchema,
  GUIDE_LEVELS,
  PRESETS,
  parseAs,
  rewardSchema,
  SCALES,
  SpikewingError,
  sensorNoiseSchema,
  startSchema,
  TRAJECTORIES,
  VARIATION_LIMITS,
} from "@spikewing/rl";
import { LOG_COLUMNS } from "@spikewing/rl/log-columns";
import { Option } from "commander";
import type { z } from "zod";
import { readJsonObject } from "./input-file.js";
import { ENGINES } from "./sweep/engines.js";

/** What help adds about calls that one may type. */
export const examples = (...calls: string[]) =>
  `\nExamples:\n${calls.map((call) => `  spikewing ${call}`).join("\n")}`;

/** A flag that takes an integer. */
export function integerFlag(flags: string, description: string, min: number, max: number): Option {
  const option = new Option(flags, description);
  return option.argParser((text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    throw new SpikewingError(
      option.long!,
      `${JSON.stringify(text)}; expected an integer from ${min} to ${max}`,
    );
  });
}

/** Episodes are shared out evenly among the shards. */
function episodesFlag(): Option {
  const option = integerFlag("--episodes <n>", "reserved episodes to score in, a multiple of 4", 4, 100_000);
  const parseInteger = option.parseArg!;
  return option.argParser((text, previous: unknown) => {
    const value = parseInteger(text, previous) as unknown as number;
    if (value % SHARDS === 0) return value;
    throw new SpikewingError(option.long!, `${JSON.stringify(text)}; expected a multiple of ${SHARDS}`);
  });
}

/** A flag that takes a finite number. */
export function numberFlag(flags: string, description: string, min: number, max: number): Option {
  const option = new Option(flags, description);
  return option.argParser((text) => {
    const value = text.trim() === "" ? Number.NaN : Number(text);
    if (value >= min && value <= max) return value;
    throw new SpikewingError(
      option.long!,
      `${JSON.stringify(text)}; expected a number from ${min} to ${max}`,
    );
  });
}

/** A flag that takes a finite number, or a range of them from which every episode draws: 3, or 0..6. */
export function rangeFlag(flags: string, description: string, min: number, max: number): Option {
  const option = new Option(flags, `${description}; a range (low..high) is drawn from`);
  return option.argParser((text): [low: number, high: number] => {
    const ends = text.split("..");
    const [low, high = low] = ends.map((end) => (end.trim() === "" ? Number.NaN : Number(end)));
    if (ends.length <= 2 && low! >= min && high! <= max && low! <= high!) return [low!, high!];
    throw new SpikewingError(
      option.long!,
      `${JSON.stringify(text)}; expected a number from ${min} to ${max}, or two of them as low..high`,
    );
  });
}

/** A flag that takes one of the names in a table. */
export function nameFlag(flags: string, description: string, table: object): Option {
  const names = Object.keys(table);
  const option = new Option(flags, description).choices(names); // which help and completion show
  return option.argParser((text) => {
    if (names.includes(text)) return text;
    throw new SpikewingError(option.long!, `${JSON.stringify(text)}; expected one of ${names.join(", ")}`);
  });
}

/** A flag that takes the name of a preset, or a file that describes something else of its kind. */
function presetFlag(flags: string, description: string, table: object, schema: z.ZodType): Option {
  const names = Object.keys(table);
  const option = new Option(flags, `${description}, or a JSON file of your own`).choices(names);
  return option.argParser((text) => {
    if (Object.hasOwn(table, text)) return text;
    if (text.endsWith(".json")) return readOwn(text, schema);
    throw new SpikewingError(
      option.long!,
      `${JSON.stringify(text)}; expected one of ${names.join(", ")}, or a file that ends with .json`,
    );
  });
}

function readOwn(file: string, schema: z.ZodType): unknown {
  const { $schema, ...fields } = readJsonObject(file);
  return parseAs(schema, fields, file);
}

const limits = (name: keyof typeof VARIATION_LIMITS) =>
  [VARIATION_LIMITS[name].min, VARIATION_LIMITS[name].max] as const;

/** The flags that several commands share, made anew for each. */
export const flag = {
  columns: () =>
    new Option(
      "--columns <name>",
      `${Object.keys(LOG_COLUMNS).join(", ")}, or a JSON file (spikewing schema log-columns); what is there by default`,
    ),
  quiet: () => new Option("--quiet", "print no progress and no notes; errors still come"),
  json: () => new Option("--json", "print one JSON document on standard output, everything else on stderr"),
  out: () => new Option("--out <dir>", "folder to write"),
  config: () =>
    new Option("--config <file>", "JSON file laid over the preset, nested like a run's config.json"),
  adapter: () =>
    new Option(
      "--adapter <file>",
      "JSON file that says what each input and output is (spikewing schema adapter)",
    ),
  seed: () => integerFlag("--seed <n>", "seed of everything random", 0, 0xffffffff),
  episodes: () => episodesFlag(),
  workers: () => integerFlag("--workers <n>", "threads; any number gives the same bytes", 1, 4),
  parallelRuns: () =>
    integerFlag(
      "--workers <n>",
      "runs at a time, each on one core; any number gives the same bytes",
      1,
      1024,
    ),
  engine: () => nameFlag("--engine <name>", "who does the runs: this machine, or a Slurm cluster", ENGINES),
  reportOnly: () =>
    new Option("--report-only", "set table and picture anew of results that are there, whichever program's"),
  scale: () => nameFlag("--scale <name>", "how much is spent", SCALES),
  preset: () => nameFlag("--preset <name>", "hyperparameters", PRESETS),
  algorithm: () => nameFlag("--algorithm <name>", "how the policy learns", ALGORITHMS),
  guideLevel: () => nameFlag("--guide-level <name>", "skill of the guide", GUIDE_LEVELS),
  airframe: () => presetFlag("--airframe <name>", "drone", AIRFRAMES, airframeSchema),
  start: () => presetFlag("--start <name>", "how episodes start", STARTS, startSchema),
  noise: () => presetFlag("--noise <name>", "noise of the sensors", SENSOR_NOISES, sensorNoiseSchema),
  bounds: () => presetFlag("--bounds <name>", "where an episode terminates", BOUNDS, boundsSchema),
  reward: () => presetFlag("--reward <name>", "reward", REWARDS, rewardSchema),
  delay: () =>
    rangeFlag("--delay <ms>", "from the sensors' moment to the motors, beside the policy's own time", 0, 10),
  mass: () => rangeFlag("--mass <factor>", "on the airframe's mass", ...limits("mass")),
  thrust: () => rangeFlag("--thrust <factor>", "on the airframe's thrust", ...limits("thrust")),
  battery: () =>
    rangeFlag("--battery <V>", `voltage of the cell, ${FULL_BATTERY_V} V when full`, ...limits("batteryV")),
  wind: () => rangeFlag("--wind <mN>", "steady level force", ...limits("windMn")),
  yaw: () => rangeFlag("--yaw <uNm>", "steady torque about the drone's z axis", ...limits("yawUnm")),
  trajectory: () => nameFlag("--trajectory <name>", "what the target does", TRAJECTORIES),
  protocol: () =>
    nameFlag(
      "--protocol <name>",
      "frames on the serial link; the paper's authors have their own",
      LIBRARY_PROTOCOLS,
    ),
  checkpointEvery: () =>
    numberFlag("--checkpoint-every <s>", "seconds between checkpoints; 0: after every round", 0, 1e6),
} as const;
