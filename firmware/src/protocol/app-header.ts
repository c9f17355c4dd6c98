// What the Crazyflie's app shares with the core and with the documents: crazyflie/src/sw_app_constants.h. A test compares
// the file with this.
import { GRAVITY_M_PER_S2 } from "@spikewing/core";
import { PILOT_MODES, PILOT_REFUSALS, type PilotCode } from "./pilot-codes.js";

const codes = (names: readonly PilotCode[], type: string): readonly string[] => [
  "typedef enum {",
  ...names.map(
    ({ name, meaning }, code) => `  SW_PILOT_${name} = ${code}, // ${meaning.replaceAll("`", "")}`,
  ),
  `} ${type};`,
  "",
];

export const appHeader = (): string =>
  [
    "// Written from src/protocol/pilot-codes.ts and the core by `npm run protocol`; do not edit.",
    "",
    "#ifndef SW_APP_CONSTANTS_H",
    "#define SW_APP_CONSTANTS_H",
    "",
    `#define SW_GRAVITY_M_PER_S2 ${Number(GRAVITY_M_PER_S2.toPrecision(8))}f // of the simulator`,
    "",
    "// Who flies.",
    ...codes(PILOT_MODES, "sw_pilot_mode_t"),
    "// The guard that refused last; what the log shows.",
    ...codes(PILOT_REFUSALS, "sw_pilot_refusal_t"),
    "#endif",
    "",
  ].join("\n");
