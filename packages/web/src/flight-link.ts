import { decodeInputs, encodeInputs, type TimedInput } from "./flight-input.js";
import {
  DEFAULT_SETTINGS,
  type FlightSettings,
  LONGEST_SHOWN,
  parseSetting,
  type SettingName,
} from "./flight-settings.js";
import type { FlightCheck } from "./messages.js";

/** A flight as the part of an address behind "#". */
export interface LinkedFlight {
  readonly policy: string | undefined;
  readonly settings: FlightSettings;
  readonly inputs: readonly TimedInput[];
  /** The hash that the flight had at a step, to prove that the link gave the same bytes. */
  readonly check: FlightCheck | undefined;
}

export function encodeLink(flight: LinkedFlight): string {
  const fields: [string, string][] = [];
  if (flight.policy) fields.push(["policy", flight.policy]);
  for (const [name, value] of Object.entries(flight.settings)) {
    if (value !== DEFAULT_SETTINGS[name as SettingName] || name === "seed")
      fields.push([name, String(value)]);
  }
  if (flight.inputs.length > 0) fields.push(["inputs", encodeInputs(flight.inputs)]);
  if (flight.check) fields.push(["check", `${flight.check.step}.${flight.check.hash.toString(16)}`]);
  const plain = (value: string) => value.replace(/[^\w.,~-]/g, encodeURIComponent); // stays readable
  return fields.map(([name, value]) => `${name}=${plain(value)}`).join("&");
}

/** The flight of a link and every problem that was found; a field with a problem keeps its default. */
export function decodeLink(text: string): {
  readonly flight: LinkedFlight;
  readonly problems: readonly string[];
} {
  const problems: string[] = [];
  const settings: Record<string, string | number> = { ...DEFAULT_SETTINGS };
  let policy: string | undefined;
  let inputs: readonly TimedInput[] = [];
  let check: LinkedFlight["check"];
  for (const [name, value] of new URLSearchParams(text)) {
    if (name === "policy") {
      policy = value;
    } else if (name === "inputs") {
      const decoded = decodeInputs(value);
      if ("problem" in decoded) problems.push(decoded.problem);
      else inputs = decoded.inputs;
    } else if (name === "check") {
      const [, step, hash] = /^(\d{1,7})\.([0-9a-f]{1,8})$/.exec(value) ?? [];
      if (step && hash) check = { step: Number(step), hash: Number.parseInt(hash, 16) };
      else problems.push(`check is "${value.slice(0, LONGEST_SHOWN)}"; expected STEP.HASH`);
    } else if (Object.hasOwn(DEFAULT_SETTINGS, name)) {
      const parsed = parseSetting(name as SettingName, value);
      if ("problem" in parsed) problems.push(parsed.problem);
      else settings[name] = parsed.value;
    } else {
      problems.push(`unknown field "${name.slice(0, LONGEST_SHOWN)}"`);
    }
  }
  return { flight: { policy, settings: settings as unknown as FlightSettings, inputs, check }, problems };
}
