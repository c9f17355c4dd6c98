// Log configurations of cfclient, which fly.py reads too: what the app shows, and what `spikewing identify` needs.
/** cflib's LogConfig.MAX_LEN: what one packet of the radio carries. */
export const MAX_BLOCK_BYTES = 26;
export const LOG_TYPE_BYTES = { float: 4, uint8_t: 1, uint16_t: 2, uint32_t: 4, int8_t: 1 } as const;
type LogType = keyof typeof LOG_TYPE_BYTES;

export interface LogBlock {
  readonly periodMs: number;
  readonly variables: readonly (readonly [name: string, type: LogType])[];
}

const floats = (names: readonly string[]) => names.map((name) => [name, "float"] as const);
const ofAxes = (prefix: string) => ["x", "y", "z"].map((axis) => prefix + axis);

/** What the policy's side says of itself. */
const POLICY_SIDE = {
  crazyflie: [
    ["swPolicy.selfTest", "uint8_t"],
    ["swPolicy.status", "uint8_t"],
    ["swPolicy.reason", "uint8_t"],
    ["swPolicy.stepUs", "uint16_t"],
  ],
  teensy: [
    ["swTeensy.status", "uint8_t"],
    ["swTeensy.reason", "uint8_t"],
    ["swTeensy.stepUs", "uint16_t"],
    ["swTeensy.sent", "uint32_t"],
    ["swTeensy.answers", "uint32_t"],
    ["swTeensy.badCrc", "uint32_t"],
  ],
} as const;
export type KitTarget = keyof typeof POLICY_SIDE;

/** By name. */
export const logBlocks = (target: KitTarget): Readonly<Record<string, LogBlock>> => ({
  pilot: {
    periodMs: 20,
    variables: [
      ["spikewing.mode", "uint8_t"],
      ["spikewing.refusal", "uint8_t"],
      ["spikewing.flies", "uint8_t"],
      ["spikewing.roundTrip", "uint32_t"],
      ["supervisor.info", "uint16_t"],
      ["pm.state", "int8_t"],
      ["pm.vbat", "float"],
      ["stateEstimate.yaw", "float"],
    ],
  },
  policy: { periodMs: 100, variables: POLICY_SIDE[target] },
  position: { periodMs: 10, variables: floats([...ofAxes("stateEstimate."), ...ofAxes("stateEstimate.v")]) },
  attitude: {
    periodMs: 10,
    variables: [
      ...floats(["stateEstimate.qw", ...ofAxes("stateEstimate.q")]),
      ...["motor.m1", "motor.m2", "motor.m3", "motor.m4"].map((name) => [name, "uint16_t"] as const),
    ],
  },
  turning: { periodMs: 10, variables: floats(ofAxes("gyro.")) },
  estimate: { periodMs: 100, variables: floats(["kalman.varPX", "kalman.varPY", "kalman.varPZ"]) },
});

/** As cfclient saves one. */
export function cfclientJson(name: string, { periodMs, variables }: LogBlock): string {
  const logblock = {
    name,
    period: periodMs,
    variables: variables.map(([name, type]) => ({ name, type: "TOC", stored_as: type, fetch_as: type })),
  };
  return `${JSON.stringify({ logconfig: { logblock } }, undefined, 2)}\n`;
}
