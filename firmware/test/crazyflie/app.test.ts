import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { AIRFRAMES } from "@spikewing/core";
import { expect, test } from "vitest";
import { newFolder } from "../../../scripts/vitest/new-folder.js";
import { makeTemplate } from "../../src/library/template.js";
import { trainedSource } from "../../src/library/trained-airframe.js";
import { coreFlags } from "./kbuild.js";

const DECLARATIONS = fileURLToPath(new URL("declarations/", import.meta.url));
const DRIVER = fileURLToPath(new URL("app-driver.c", import.meta.url));
const folder = newFolder();

// As every library has it: link and generated code beside the app.
for (const [path, text] of Object.entries(makeTemplate().files)) {
  if (!path.startsWith("crazyflie/")) continue;
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}
const sources = join(folder, "crazyflie/src");
writeFileSync(join(sources, "sw_trained.c"), trainedSource(AIRFRAMES["crazyflie-l2f"]));
// The driver includes both; flyApp writes the first.
const appSource = readFileSync(join(sources, "spikewing_app.c"), "utf8");

/** The lines of the driver, by phase, with this as the app. */
function flyApp(app: string): Record<string, string> {
  writeFileSync(join(sources, "spikewing_app.c"), app);
  const program = join(folder, "driver");
  const flags = [
    "-std=gnu11",
    "-O1",
    "-g",
    "-fsanitize=address,undefined",
    "-fno-sanitize-recover=all",
    "-w",
  ];
  const parts = ["sw_pilot_guard", "sw_pilot_state", "sw_trained", "sw_link", "wasm_rt", "pilot"];
  const built = spawnSync(
    "gcc",
    [
      ...[...flags, ...coreFlags(sources), "-I", DECLARATIONS, "-I", sources, DRIVER],
      ...parts.map((name) => join(sources, `${name}.c`)),
      ...["-lm", "-o", program],
    ],
    { encoding: "utf8" },
  );
  if (built.status !== 0) throw new Error(built.stderr);
  const { status, stdout, stderr } = spawnSync(program, { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return Object.fromEntries(
    stdout
      .trimEnd()
      .split("\n")
      .map((line) => line.split(/ (.*)/, 2)),
  );
}

const flown = flyApp(appSource);

test("the stock controller winds up only while it flies, and is held reset while the policy does", () => {
  expect(flown.stock).toMatch(/^flies 0 resets 0 sum 2000 /);
  expect(flown.policy).toMatch(/^flies (\d+) resets \1 sum 0 /);
  expect(Number(flown.policy?.split(" ")[1])).toBeGreaterThan(9900);
  expect(flown.back).toMatch(/^flies 0 resets 0 sum 1 /); // one cycle of its own, after 10 s of the policy's
});

test("without the reset the hand-over back brings the sum of the whole flight", () => {
  const wound = flyApp(appSource.replace("  hold_stock_reset(state);\n", ""));
  expect(wound.back).toMatch(/^flies 0 resets 0 sum 1[0-9]{4} /);
});

test("the status in the log is what the Teensy says now, or that it says nothing", () => {
  expect(flown.silent).toMatch(/ status 255$/);
  expect(flown.policy).toMatch(/ status 2$/);
  expect(flown.lost).toMatch(/ status 255$/);
});

test("every byte from the Teensy wakes the task, and those that it has no room for are lost, no more", () => {
  expect(flown.bytes).toBe("unnoticed 0");
  expect(flown.flood).toBe("noise 256");
  expect(flown.flooded).toMatch(/^flies 100 resets 100 /);
});
