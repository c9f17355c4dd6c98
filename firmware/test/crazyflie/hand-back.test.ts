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
import { type Platform, STOCK_CONTROLLERS } from "./stock-controllers.js";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const folder = newFolder();
const sources = join(folder, "src");
const core = loadCore();

/** That of training, with the mass of a Crazyflie, and rotors that its curve of thrust does not outrun. */
const drone = (massKg: number) =>
  ({ ...AIRFRAMES["crazyflie-l2f"], massKg, rotorRange: [0, 32000], stepS: 0.001 }) as const;

for (const [path, bytes] of libraryFiles(core, SHIPPED_POLICY, "snn.safetensors", makeTemplate(), {
  target: "crazyflie",
})) {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), bytes);
}
// Room for the environments beside the policy.
const settings = join(sources, "sw_settings.h");
writeFileSync(
  settings,
  readFileSync(settings, "utf8").replaceAll(/SW_LINEAR_BYTES \d+u/g, "SW_LINEAR_BYTES 1048576u"),
);
const appSource = readFileSync(join(sources, "spikewing_app.c"), "utf8");

const FLIGHT_S = 30;
const VOLTS = [3.3, 3.6, 3.9, 4.2];

/** What ends the policy's flight, and the mode and refusal that the log shows then. */
const ENDS = [
  ["enable 0", "0 0"],
  ["not armed", "3 2"],
  ["not finite", "3 3"],
  ["out of range", "3 4"],
  ["another sequence", "3 5"],
  ["silent", "3 5"],
] as const;

/** Modes, and how far from its target, of a flight that this ends. */
function fly(program: string, end: string, volts: number, yaw = 0, ahead = 0) {
  const { status, stdout, stderr } = spawnSync(program, [end, ...[volts, FLIGHT_S, yaw, ahead].map(String)], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stderr);
  const [mode, refusal, distance, yawError, modeAfter, refusalAfter, lowest, highest] = stdout
    .split(" ")
    .map(Number);
  const farthest = Math.max(1 - lowest!, highest! - 1);
  return {
    ...{ mode: `${mode} ${refusal}`, distance, yawError: Math.abs(yawError!) },
    ...{ after: `${modeAfter} ${refusalAfter}`, farthest },
  };
}

describe.each(STOCK_CONTROLLERS)("$name as the stock controller", ({ controller, motors }) => {
  /** The program, with this as the app, on a drone of this mass. */
  function build(app: string, massKg = 0.029, platform: Platform = "CONFIG_PLATFORM_CF2"): string {
    writeFileSync(join(sources, "spikewing_app.c"), app);
    const blocks = closedLoopBlocks(core, { ...CLOSED_LOOP_TASK, airframe: drone(massKg) });
    const data = flightData({ policyImage: new Uint8Array(0), blocks, seed: 0 });
    writeFileSync(join(folder, "flight_data.c"), data);
    const inDriver = ["sw_policy.c", "spikewing_app.c", "sw_pilot_onboard.c"];
    const parts = readdirSync(sources).filter((name) => name.endsWith(".c") && !inDriver.includes(name));
    const program = join(newFolder(), "driver");
    const args = [
      ...["-std=gnu11", "-O2", "-w", `-D${platform}`, ...controller, ...motors],
      ...["-I", sources, "-I", here("../../c/parity"), here("hand-back-driver.c")],
      ...[join(folder, "flight_data.c"), ...parts.map((name) => join(sources, name)), "-lm", "-o", program],
    ];
    const { status, stderr } = spawnSync("gcc", args, { encoding: "utf8" });
    if (status !== 0) throw new Error(stderr);
    return program;
  }

  const program = build(appSource);

  describe.each(VOLTS)("with a battery of %f V", (volts) => {
    test.each(ENDS)("after %s the stock controller holds height within 0.3 m for a minute", (end, after) => {
      const flown = fly(program, end, volts);
      expect(flown).toMatchObject({ mode: "2 0", after });
      expect(flown.farthest).toBeLessThan(0.3);
    });

    test("the policy holds its height, whatever the battery", () => {
      expect(fly(program, "enable 0", volts).distance).toBeLessThan(0.08);
    });
  });

  describe("a drone that weighs more than it is told", () => {
    const heavy = build(appSource, 0.036);
    const wound = build(appSource.replace("  hold_stock_reset(state);\n", ""), 0.036);

    test.each(VOLTS)("is held below its target, and handed back whole, at %f V", (volts) => {
      const flown = fly(heavy, "enable 0", volts);
      expect(flown.mode).toBe("2 0");
      expect(flown.distance).toBeGreaterThan(0.04);
      expect(flown.farthest).toBeLessThan(0.3);
    });

    test.each(VOLTS)("is lost without the reset, at %f V", (volts) => {
      for (const [end] of ENDS) expect(fly(wound, end, volts).farthest).toBeGreaterThan(0.3);
    });

    test("is held where it should be once it is told", () => {
      const told = build(appSource.replace("mass_kg = CF_MASS", "mass_kg = 0.036f"), 0.036);
      expect(fly(told, "enable 0", 3.9).distance).toBeLessThan(0.04);
    });
  });

  test("the policy takes over and turns to any heading", () => {
    for (let yaw = -180; yaw < 180; yaw += 45) {
      const flown = fly(program, "enable 0", 3.9, yaw);
      expect(flown, `${yaw} degrees`).toMatchObject({ mode: "2 0" });
      expect(flown.distance, `${yaw} degrees`).toBeLessThan(0.15);
      expect(flown.yawError, `${yaw} degrees`).toBeLessThan(15);
    }
  });

  test("a target that steps 3 m away is flown to", () => {
    for (const yaw of [0, 130]) {
      const flown = fly(program, "enable 0", 3.9, yaw, 3);
      expect(flown.mode).toBe("2 0");
      expect(flown.distance).toBeLessThan(0.15);
    }
  });

  test("a target that is not credible ends the policy's flight", () => {
    expect(fly(program, "enable 0", 3.9, 0, 5)).toMatchObject({ mode: "3 2" });
  });

  test("the brushless Crazyflie hovers by its own curve and mass", () => {
    const brushless = build(appSource, 0.0393, "CONFIG_PLATFORM_CF21BL");
    for (const volts of VOLTS) {
      const flown = fly(brushless, "enable 0", volts);
      expect(flown.mode).toBe("2 0");
      expect(flown.distance).toBeLessThan(0.08);
    }
  });
});
