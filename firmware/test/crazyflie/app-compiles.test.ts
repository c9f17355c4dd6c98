import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { generateCore } from "../../src/toolchain/generated-core.js";
import { coreFlags } from "./kbuild.js";

const APP = fileURLToPath(new URL("../../crazyflie/", import.meta.url));
const LINK = fileURLToPath(new URL("../../c/link/", import.meta.url));
const DECLARATIONS = fileURLToPath(new URL("declarations/", import.meta.url));
const RUNTIME = fileURLToPath(new URL("../../c/core/wasm_rt.c", import.meta.url));
const SOURCES = ["spikewing_app", "sw_link", "sw_pilot_guard", "sw_pilot_state", "wasm_rt", "pilot"];
const folder = mkdtempSync(join(tmpdir(), "spikewing-crazyflie-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// As libraryFiles lays it out: link and generated code beside the app.
const app = join(folder, "app");
cpSync(APP, app, { recursive: true });
cpSync(LINK, join(app, "src"), { recursive: true });
cpSync(RUNTIME, join(app, "src/wasm_rt.c"));
generateCore(join(app, "src"), false, "pilot");

const compile = (source: string, ...defines: string[]) =>
  spawnSync(
    "arm-none-eabi-gcc",
    [
      ...["-mcpu=cortex-m4", "-mthumb", "-mfloat-abi=hard", "-mfpu=fpv4-sp-d16", "-std=gnu11", "-Os"],
      ...["-Wall", "-Wextra", "-Werror", "-fno-math-errno", ...coreFlags(join(app, "src")), ...defines],
      ...(source === "pilot" ? ["-w"] : []),
      ...["-I", DECLARATIONS, "-I", join(app, "src"), "-c", join(app, "src", `${source}.c`)],
      ...["-o", join(folder, `${source}.o`)],
    ],
    { encoding: "utf8" },
  );

test.each(SOURCES)("%s.c compiles for the Crazyflie against declarations", (source) => {
  expect(compile(source)).toMatchObject({ status: 0, stderr: "" });
});

test.each([
  ["CONFIG_ENABLE_THRUST_BAT_COMPENSATED", "The policy commands PWM ratios"],
  ["CONFIG_DEBUG_PRINT_ON_UART1", "The Teensy is on UART1"],
])("%s stops the build", (option, reason) => {
  const { status, stderr } = compile("spikewing_app", `-D${option}`);
  expect(status).toBe(1);
  expect(stderr).toContain(reason);
});

const firmware = process.env.CRAZYFLIE_FIRMWARE;
const skipReason = firmware
  ? ""
  : " (skipped: CRAZYFLIE_FIRMWARE names no checkout of bitcraze/crazyflie-firmware)";

describe.skipIf(!firmware)(`in the Crazyflie firmware's own build${skipReason}`, () => {
  test("the app's objects are built, without a warning", { timeout: 600_000 }, () => {
    const make = (...args: string[]) =>
      spawnSync("make", ["-k", "-j2", `CRAZYFLIE_BASE=${firmware}`, ...args], {
        cwd: app,
        encoding: "utf8",
        maxBuffer: 1 << 26,
        env: { ...process.env, PWD: app },
      });
    expect(make("cf2_defconfig").status).toBe(0);
    const { stdout, stderr } = make();
    const ofApp = stderr.split("\n").filter((line) => line.includes(app) && /error|warning/.test(line));
    expect(ofApp).toEqual([]);
    for (const source of SOURCES) expect(existsSync(join(app, "src", `${source}.o`))).toBe(true);
    const whole = existsSync(join(app, "build/cf2.elf"));
    console.log(whole ? "the whole firmware was linked" : `not linked: ${stdout.trim().split("\n").at(-1)}`);
  });
});
