// The flight kit of a built folder: fly.py with its codes and log blocks.
import { PILOT_MODES, PILOT_REFUSALS } from "../protocol/pilot-codes.js";
import { SELF_TEST_MEANINGS, SELF_TESTS, STATUS_MEANINGS, STATUSES } from "../protocol/table.js";
import { cfclientJson, type KitTarget, logBlocks } from "./log-blocks.js";

const text = (value: string): string => JSON.stringify(value.replaceAll("`", ""));
const table = (name: string, rows: readonly string[]): string =>
  [`${name} = {`, ...rows.map((row, code) => `    ${code}: ${row},`), "}", ""].join("\n");

/** spikewing_codes.py: what fly.py says of codes. */
export const pythonCodes =
  (): string => `"""Codes of the log. Written when this folder was built; do not edit."""

${table(
  "MODES",
  PILOT_MODES.map(({ meaning }) => text(meaning)),
)}
MODE_WAITING = ${PILOT_MODES.findIndex(({ name }) => name === "WAITING")}
MODE_FLYING = ${PILOT_MODES.findIndex(({ name }) => name === "FLYING")}

# What it means, what to do
${table(
  "REFUSALS",
  PILOT_REFUSALS.map(({ meaning, remedy }) => `(${text(meaning)}, ${text(remedy)})`),
)}
CANNOT_FLY = ${PILOT_REFUSALS.findIndex(({ name }) => name === "CANNOT_FLY")}

${table(
  "SELF_TESTS",
  SELF_TESTS.map((name) => text(SELF_TEST_MEANINGS[name])),
)}
${table(
  "STATUSES",
  STATUSES.map((name) => text(STATUS_MEANINGS[name])),
)}
STATUS_STANDBY = ${STATUSES.indexOf("STANDBY")}

LOW_POWER = 3  # pm.state
`;

/** By path in the kit; fly.py and dry_run.py are the template's. */
export function kitFiles(target: KitTarget): Record<string, string> {
  const blocks = Object.entries(logBlocks(target));
  return {
    "spikewing_codes.py": pythonCodes(),
    ...Object.fromEntries(
      blocks.map(([name, block]) => [`log/Spikewing/${name}.json`, cfclientJson(name, block)]),
    ),
  };
}
