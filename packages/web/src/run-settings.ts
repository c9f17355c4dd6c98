import { type RunSettings, SLOPE_CHOICES, type TrainChoice } from "./train-messages.js";

/** @param guide the name of the one that was given */
export function settingsOf(choice: TrainChoice, guide: string | undefined): RunSettings {
  const overrides = flatten(choice.overrides);
  const take = (path: string) => {
    const found = [...overrides.keys()].filter((key) => key === path || key.startsWith(`${path}.`));
    const values = found.map((key) => [key, overrides.get(key)!] as const);
    for (const key of found) overrides.delete(key);
    return values;
  };
  const learning = choice.algorithm === "staged" ? "policy.improvement" : "policy";
  const slope = JSON.stringify(take(`${learning}.surrogateSlope`));
  const slopeName = Object.entries(SLOPE_CHOICES).find(([, schedule]) => {
    const offered = schedule ? flatten({ [`${learning}.surrogateSlope`]: schedule }) : new Map();
    return JSON.stringify([...offered]) === slope;
  })?.[0];
  const rounds = take(`${learning}.rounds`)[0]?.[1];
  take(`${learning}.evaluateEvery`); // the curve shows it
  return {
    Method: choice.algorithm.toUpperCase(),
    ...(choice.preset !== "fast" && { Preset: choice.preset }),
    ...(choice.algorithm !== "apg" && { Guide: guide ?? "trained first" }),
    Slope: slopeName ?? slope,
    Rounds: rounds ?? "as in the preset",
    Seed: String(choice.seed),
    ...Object.fromEntries(overrides),
  };
}

/** Every value by its path. */
function flatten(value: Readonly<Record<string, unknown>>, path = ""): Map<string, string> {
  return new Map(
    Object.entries(value).flatMap(([key, inner]): [string, string][] =>
      typeof inner === "object" && inner !== null
        ? [...flatten(inner as Record<string, unknown>, `${path}${key}.`)]
        : [[`${path}${key}`, String(inner)]],
    ),
  );
}

/** Names of settings in which some runs differ, and those that all of them share. */
export function compareSettings(runs: readonly RunSettings[]): {
  readonly differing: readonly string[];
  readonly shared: RunSettings;
} {
  const names = [...new Set(runs.flatMap((settings) => Object.keys(settings)))];
  const isShared = (name: string) => runs.every((settings) => settings[name] === runs[0]![name]);
  return {
    differing: names.filter((name) => !isShared(name)),
    shared: Object.fromEntries(names.filter(isShared).map((name) => [name, runs[0]![name]!])),
  };
}
