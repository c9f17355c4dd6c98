import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { AIRFRAMES } from "@spikewing/core";
import { describe, expect, test } from "vitest";
import { newFolder } from "../../../scripts/vitest/new-folder.js";
import { makeTemplate } from "../../src/library/template.js";
import { trainedSource } from "../../src/library/trained-airframe.js";
import { coreFlags, objects } from "./kbuild.js";

const DECLARATIONS = fileURLToPath(new URL("declarations/", import.meta.url));
const folder = newFolder();

// As every library has it: link and generated code beside the app.
for (const [path, text] of Object.entries(makeTemplate().files)) {
  if (!path.startsWith("crazyflie/")) continue;
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}
const app = join(folder, "crazyflie");
writeFileSync(join(app, "src/sw_trained.c"), trainedSource(AIRFRAMES["crazyflie-l2f"]));
const SOURCES = objects(join(app, "src"));

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

test("the app compiles for the brushless Crazyflie too", () => {
  expect(compile("spikewing_app", "-DCONFIG_PLATFORM_CF21BL")).toMatchObject({ status: 0, stderr: "" });
});

test("the generated code calls no trap, so that the handler may rely on it", () => {
  compile("pilot");
  const { stdout } = spawnSync("arm-none-eabi-nm", ["-u", join(folder, "pilot.o")], { encoding: "utf8" });
  expect(stdout).toContain(" wasm_rt_allocate_memory\n");
  expect(stdout).not.toContain("wasm_rt_trap");
});

test("the generated code fuses no multiply and add; without the flag of Kbuild GCC would", () => {
  const fused = (...defines: string[]): number => {
    compile("pilot", ...defines);
    const { stdout } = spawnSync("arm-none-eabi-objdump", ["-d", join(folder, "pilot.o")], {
      encoding: "utf8",
    });
    return stdout.match(/\bvfn?m[as]\./g)?.length ?? 0;
  };
  expect(fused()).toBe(0);
  expect(fused("-ffp-contract=fast")).toBeGreaterThan(0);
});

test.each([
  ["NOT_COMPENSATED", "spikewing_app", "a platform whose thrust curve is known"],
  ["CONFIG_DEBUG_PRINT_ON_UART1", "sw_pilot_teensy", "The Teensy is on UART1"],
])("%s stops the build", (option, source, reason) => {
  const { status, stderr } = compile(source, `-D${option}`);
  expect(status).toBe(1);
  expect(stderr).toContain(reason);
});

const firmware = process.env.CRAZYFLIE_FIRMWARE;
const skipReason = firmware
  ? ""
  : " (skipped: CRAZYFLIE_FIRMWARE names no checkout of bitcraze/crazyflie-firmware)";

describe.skipIf(!firmware)(`in the Crazyflie firmware's own build${skipReason}`, () => {
  test("the app's objects are built, without a warning", () => {
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
