import { decodeInputs, encodeInputs, type TimedInput } from "./flight-input.js";
import {
  DEFAULT_SETTINGS,
  type FlightSettings,
  LONGEST_SHOWN,
  parseSetting,
  type SettingName,
} from "./flight-settings.js";
import type { FlightCheck } from "./messages.js";
import { decodePacked, encodePacked, type PackedPolicy } from "./packed-policy.js";

/** A flight as the part of an address behind "#". */
export interface LinkedFlight {
  /** Who flies, the first drone's first; none: whoever opens it decides. */
  readonly policies: readonly string[];
  /** Those of them that no page has. */
  readonly files: readonly PackedPolicy[];
  readonly settings: FlightSettings;
  readonly inputs: readonly TimedInput[];
  /** The hash that the flight had at a step, to prove that the link gave the same bytes. */
  readonly check: FlightCheck | undefined;
  /** The first drone's return in 5 s, or until it was lost, in thousandths: who opens it is asked to have more. */
  readonly challenge: number | undefined;
}

/** As many as can fly. */
export const MAX_POLICIES = 6;

export function encodeLink(flight: LinkedFlight): string {
  const fields: [string, string][] = [];
  for (const policy of flight.policies) fields.push(["policy", policy]);
  for (const file of flight.files) fields.push(["file", encodePacked(file)]);
  for (const [name, value] of Object.entries(flight.settings)) {
    if (value !== DEFAULT_SETTINGS[name as SettingName] || name === "seed")
      fields.push([name, String(value)]);
  }
  if (flight.inputs.length > 0) fields.push(["inputs", encodeInputs(flight.inputs)]);
  if (flight.check) fields.push(["check", `${flight.check.step}.${flight.check.hash.toString(16)}`]);
  if (flight.challenge !== undefined) fields.push(["challenge", String(flight.challenge)]);
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
  const policies: string[] = [];
  const files: PackedPolicy[] = [];
  let challenge: number | undefined;
  let inputs: readonly TimedInput[] = [];
  let check: LinkedFlight["check"];
  for (const [name, value] of new URLSearchParams(text)) {
    if (name === "policy") {
      if (policies.length < MAX_POLICIES) policies.push(value);
      else problems.push(`more than ${MAX_POLICIES} policies`);
    } else if (name === "file") {
      const packed = decodePacked(value);
      if (typeof packed === "string") problems.push(packed);
      else if (files.length < MAX_POLICIES) files.push(packed);
      else problems.push(`more than ${MAX_POLICIES} files`);
    } else if (name === "challenge") {
      if (/^-?\d{1,9}$/.test(value)) challenge = Number(value);
      else problems.push(`challenge is "${value.slice(0, LONGEST_SHOWN)}"; expected thousandths of a return`);
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
  const read = { settings: settings as unknown as FlightSettings, inputs, check, challenge };
  return { flight: { policies, files, ...read }, problems };
}
