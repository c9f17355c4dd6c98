// Who flies, and why the policy does not: what the Crazyflie's app shows in `spikewing.mode` and `spikewing.refusal`. The C,
// the flight document and fly.py have them from here. A code is the place in its list.

export interface PilotCode {
  readonly name: string;
  readonly meaning: string;
}

export const PILOT_MODES = [
  { name: "OFF", meaning: "`enable` is 0: the stock controller flies" },
  { name: "WAITING", meaning: "waits for an armed answer of the policy; the first good one takes over" },
  { name: "FLYING", meaning: "the policy flies" },
  {
    name: "FALLBACK",
    meaning: "a guard failed in flight: the stock controller flies until `enable` has been 0",
  },
  { name: "REFUSED", meaning: "`enable` is 1, but the policy may not take over as things are" },
] as const satisfies readonly PilotCode[];

export interface Refusal extends PilotCode {
  readonly remedy: string;
}

export const PILOT_REFUSALS = [
  { name: "ACCEPTED", meaning: "none", remedy: "" },
  {
    name: "WRONG_SEQUENCE",
    meaning: "an answer to another request than the last",
    remedy: "the policy is late: look at `roundTrip`; with a Teensy at `badCrc`, wires and ground",
  },
  {
    name: "NOT_ARMED",
    meaning: "the policy's own guards refused",
    remedy: "look at `status` and `reason` of the policy's side",
  },
  {
    name: "NOT_FINITE",
    meaning: "a force that is no number",
    remedy: "set `mass`; with a Teensy, flash both sides from one build",
  },
  { name: "OUT_OF_RANGE", meaning: "a motor beyond -1 .. 1", remedy: "flash both sides from one build" },
  {
    name: "NOT_FRESH",
    meaning: "the last good answer is older than 25 ms",
    remedy: "a lost link to the Teensy, or the app's task does not run: look at `answers`, `stepUs`",
  },
  {
    name: "NOT_READY",
    meaning: "the policy's tests have not passed",
    remedy: "look at `selfTest`; build and flash again",
  },
  {
    name: "NO_TARGET",
    meaning: "the setpoint is no position and yaw",
    remedy: "send position setpoints, as fly.py does; cfclient's assisted hover is a velocity",
  },
  {
    name: "CANNOT_FLY",
    meaning: "the supervisor says it cannot fly",
    remedy: "read `supervisor.info`: not armed, charging, locked or crashed",
  },
  {
    name: "TUMBLED",
    meaning: "the supervisor says it tumbled",
    remedy: "see the dangers: is this the drone of training?",
  },
  {
    name: "WRONG_MASS",
    meaning: "not from half to twice the mass of training, or more than the motors lift 1.2 times",
    remedy: "set `spikewing.mass` to what the drone weighs, kg",
  },
  {
    name: "NOT_FLYING",
    meaning: "the supervisor says it does not fly",
    remedy: "take off with `enable` 0 first",
  },
  { name: "TOO_LOW", meaning: "below `minHeight`", remedy: "climb" },
  { name: "TILTED", meaning: "tilted by more than 90 degrees", remedy: "level out first" },
] as const satisfies readonly Refusal[];

const row = (...cells: readonly (string | number)[]): string => `| ${cells.join(" | ")} |`;

/** Both as a section of the flight document. A test compares the section with this. */
export const pilotCodesMarkdown = (): string =>
  [
    row("`spikewing.mode`", ""),
    row("---", "---"),
    ...PILOT_MODES.map(({ meaning }, code) => row(code, meaning)),
    "",
    row("`spikewing.refusal`", "why the policy does not fly, or stopped last", "what to do"),
    row("---", "---", "---"),
    ...PILOT_REFUSALS.map(({ meaning, remedy }, code) => row(code, meaning, remedy)),
    "",
  ].join("\n");
