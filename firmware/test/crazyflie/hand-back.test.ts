// The policy's app in a closed loop with the core's physics and the stock controller: what happens when the drone is handed back.
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { AIRFRAMES, CLOSED_LOOP_TASK, closedLoopBlocks } from "@spikewing/core";
import { loadCore } from "@spikewing/core/node";
import { describe, expect, test } from "vitest";
import { newFolder } from "../../../scripts/vitest/new-folder.js";
import { libraryFiles } from "../../src/library/library-files.js";
import { makeTemplate } from "../../src/library/template.js";
import { flightData } from "../../src/parity/build-parity.js";
import { SHIPPED_POLICY } from "../emulator/shipped-policy.js";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const folder = newFolder();
const sources = join(folder, "src");
const core = loadCore();

/** That of training, with the mass of a Crazyflie 2.1+ and a rotor that its curve of thrust, at a full battery, does not outrun. */
const DRONE = { ...AIRFRAMES["crazyflie-l2f"], massKg: 0.029, rotorRange: [0, 32000], stepS: 0.001 } as const;

for (const [path, bytes] of libraryFiles(core, SHIPPED_POLICY, "snn.safetensors", makeTemplate(), {
  target: "crazyflie",
})) {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), bytes);
}
writeFileSync(
  join(folder, "flight_data.c"),
  flightData({
    policyImage: new Uint8Array(0),
    blocks: closedLoopBlocks(core, { ...CLOSED_LOOP_TASK, airframe: DRONE }),
    seed: 0,
  }),
);
// Room for the environments beside the policy.
const settings = join(sources, "sw_settings.h");
writeFileSync(
  settings,
  readFileSync(settings, "utf8").replaceAll(/SW_LINEAR_BYTES \d+u/g, "SW_LINEAR_BYTES 1048576u"),
);
const appSource = readFileSync(join(sources, "spikewing_app.c"), "utf8");

/** The program, with this as the app. */
function build(app: string): string {
  writeFileSync(join(sources, "spikewing_app.c"), app);
  const inDriver = ["sw_policy.c", "spikewing_app.c", "sw_pilot_onboard.c"];
  const parts = readdirSync(sources).filter((name) => name.endsWith(".c") && !inDriver.includes(name));
  const program = join(newFolder(), "driver");
  const includes = [here("declarations"), sources, here("../../c/parity")].flatMap((path) => ["-I", path]);
  const { status, stderr } = spawnSync(
    "gcc",
    [
      ...["-std=gnu11", "-O2", "-w", ...includes, here("hand-back-driver.c"), here("stock-pid.c")],
      ...[join(folder, "flight_data.c"), ...parts.map((name) => join(sources, name)), "-lm", "-o", program],
    ],
    { encoding: "utf8" },
  );
  if (status !== 0) throw new Error(stderr);
  return program;
}

const FLIGHT_S = 30;

/** Modes and heights (m) of a flight that this ends. */
function fly(program: string, end: string, volts: number) {
  const { status, stdout, stderr } = spawnSync(program, [end, String(volts), String(FLIGHT_S)], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stderr);
  const [mode, , , modeAfter, refusal, lowest, highest] = stdout.split(" ").map(Number);
  return { mode, after: `${modeAfter} ${refusal}`, farthest: Math.max(1 - lowest!, highest! - 1) };
}

const program = build(appSource);
const wound = build(appSource.replace("  hold_stock_reset(state);\n", ""));

/** What ends the policy's flight, and the mode and refusal that the log shows then. */
const ENDS = [
  ["enable 0", "0 0"],
  ["not armed", "3 2"],
  ["not finite", "3 3"],
  ["out of range", "3 4"],
  ["another sequence", "3 5"],
  ["silent", "3 5"],
] as const;

describe.each([3.3, 3.6, 3.9, 4.2])("with a battery of %f V", (volts) => {
  test.each(ENDS)("after %s the stock controller holds height within 0.3 m for a minute", (end, after) => {
    const flown = fly(program, end, volts);
    expect(flown).toMatchObject({ mode: 2, after });
    expect(flown.farthest).toBeLessThan(0.3);
  });
});

test.each([3.3, 3.9, 4.2])("without the reset it does not, at %f V", (volts) => {
  for (const [end] of ENDS) expect(fly(wound, end, volts).farthest).toBeGreaterThan(2);
});
