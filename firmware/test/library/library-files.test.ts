import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { loadCore } from "@spikewing/core/node";
import { createActor, decodePolicy, type Policy, policyWeights } from "@spikewing/rl";
import { describe, expect, test } from "vitest";
import { libraryFiles, libraryPaths } from "../../src/library/library-files.js";
import { parseLibraryTemplate } from "../../src/library/library-template.js";
import { loadTemplate, makeTemplate, TEMPLATE_PATH } from "../../src/library/template.js";
import { SHIPPED_POLICY } from "../emulator/shipped-policy.js";

const core = loadCore();
const template = makeTemplate();
const build = (policy: Policy = SHIPPED_POLICY, options = {}) =>
  libraryFiles(core, policy, "runs/a/snn.safetensors", template, { target: "teensy", ...options });
const text = (files: Map<string, Uint8Array>, path: string) => new TextDecoder().decode(files.get(path));

const shipped = (name: string) => {
  const file = fileURLToPath(import.meta.resolve(`@spikewing/rl/policies/${name}.safetensors`));
  return decodePolicy(readFileSync(file), `${name}.safetensors`);
};

test("the build has made this template", () => {
  expect(loadTemplate()).toEqual(template);
});

test("one policy gives one library, byte for byte, in another core too", () => {
  const other = libraryFiles(loadCore("scalar"), SHIPPED_POLICY, "snn.safetensors", template, {
    target: "teensy",
  });
  const same = build();
  expect([...other.keys()]).toEqual([...same.keys()]);
  for (const [path, bytes] of other) expect(Buffer.compare(bytes, same.get(path)!), path).toBe(0);
});

test("another policy changes its data, its settings and the README, and no other file", () => {
  const files = build();
  const narrow = build(shipped("snn-i8"));
  expect([...narrow.keys()]).toEqual([...files.keys()]);
  const changed = [...files.keys()].filter((path) => text(files, path) !== text(narrow, path));
  expect(changed).toEqual(["README.md", "src/sw_policy_data.c"]);
});

test("every C and C++ file of the board includes the settings first", () => {
  for (const [path, bytes] of build())
    if (/^src\/.*\.(c|cpp)$/.test(path))
      expect([path, new TextDecoder().decode(bytes.subarray(0, 25))]).toEqual([
        path,
        '#include "sw_settings.h"\n',
      ]);
});

test("it has what Arduino and PlatformIO look for, the Crazyflie's side and both licences", () => {
  const files = build();
  for (const path of [
    "library.properties",
    "library.json",
    "keywords.txt",
    "platformio.ini",
    "src/Spikewing.h",
    "examples/CrazyflieLink/CrazyflieLink.ino",
    "crazyflie/Makefile",
    "crazyflie/src/spikewing_app.c",
    "crazyflie/src/sw_link.c",
    "LICENSE",
    "LICENSE-Apache-2.0.txt",
  ])
    expect(files.get(path)?.length, path).toBeGreaterThan(0);
});

test("the README says which policy flies", () => {
  const readme = text(build(), "README.md");
  for (const fact of [
    "| policy | `snn.safetensors` |",
    "| layers | 18-256-128-4 |",
    "| seed | 301 |",
    "| return in 100 episodes, mean and its standard error | 486.0 +- 0.8 |",
    "| weights | 80608 bytes, in RAM, copied from flash at power-on |",
    "| 6 | `positionError` | i16 x 3 | 2^-12 m | -16384 .. 16384 |",
  ])
    expect(readme).toContain(fact);
});

test("texts of a policy's record go into the README as text, not as Markdown or HTML", () => {
  const record = {
    algorithm: "<img src=x onerror=alert(1)> | [a](javascript:b)\n\n# c `d`",
    preset: ["\u001b[31m"],
    seed: "x".repeat(5000),
    task: { airframe: "</td><script>" },
  };
  const readme = text(build({ ...SHIPPED_POLICY, record }), "README.md");
  expect(readme).toContain("\n| algorithm | `<img src=x onerror=alert(1)> / [a](javascript:b) # c 'd'` |\n");
  expect(readme).toContain("\n| preset | `\\u{1b}[31m` |\n");
  expect(readme).toContain(`\n| seed | \`${"x".repeat(100)}...\` |\n`);
  expect(readme).toContain("\n| trained on | `</td><script>` |\n");
});

/** A policy of silent neurons, with the shipped one's example. */
function silentPolicy(weightFormat: "i16" | "i8"): Policy {
  const shape = { ...SHIPPED_POLICY.shape, hidden: [1024, 1024], weightFormat } as Policy["shape"];
  const policy = { ...SHIPPED_POLICY, shape, weights: new Uint8Array(0) };
  const core = loadCore();
  return { ...policy, weights: policyWeights(core, createActor(core, shape)) };
}

test("a policy that no Teensy holds is refused, with what is too large", () => {
  expect(() => build(silentPolicy("i16"), { weights: "flash" })).toThrow(
    /^runs\/a\/snn\.safetensors: weights and example are 2\d{6} bytes; a Teensy 4\.0 has 1982464 bytes of flash /,
  );
  expect(build(silentPolicy("i8"), { weights: "flash" }).size).toBeGreaterThan(0);
  expect(() => build(silentPolicy("i8"), { weights: "ram" })).toThrow(
    /: weights and membranes are 1\d{6} bytes; a Teensy 4\.0 has 458752 bytes of RAM for them \(leave the weights in flash/,
  );
});

test("a Crazyflie without room for the policy is named", () => {
  expect(() => build(silentPolicy("i16"), { target: "crazyflie" })).toThrow(
    /: weights and example are 2\d{6} bytes; a Crazyflie has 671744 bytes of flash /,
  );
});

test("each target has what it is built from, and nothing of the others", () => {
  const paths = (target: string) => [...build(SHIPPED_POLICY, { target }).keys()];
  const app = paths("crazyflie");
  expect(app).toContain("src/sw_pilot_onboard.c");
  expect(app).toContain("fly.py");
  expect(paths("teensy")).toContain("crazyflie/fly.py");
  expect(app.filter((path) => /uart|teensy|pilot_state|\.cpp$|examples/i.test(path))).toEqual([]);
  expect(paths("teensy").filter((path) => /onboard|generic/.test(path))).toEqual([]);
  const plain = paths("generic");
  expect(plain).toContain("examples/host.c");
  expect(plain.filter((path) => /Kbuild|spikewing_app|\.cpp$/.test(path))).toEqual([]);
  const every = libraryPaths(template);
  for (const path of [...app, ...paths("teensy"), ...plain])
    expect([path, every.has(path)]).toEqual([path, true]);
});

test("the authors' frames come without our side of the Crazyflie", () => {
  const files = build(SHIPPED_POLICY, { protocol: "authors" });
  expect([...files.keys()].some((path) => path.startsWith("crazyflie/"))).toBe(false);
  expect(text(files, "src/sw_settings.h")).toContain("#define SW_AUTHORS_FRAMES 1 ");
  expect(text(build(), "src/sw_settings.h")).toContain("#define SW_AUTHORS_FRAMES 0 ");
});

test("weights for RAM lie in no section of their own", () => {
  const ram = text(build(SHIPPED_POLICY, { weights: "ram" }), "src/sw_settings.h");
  expect(ram).toMatch(/^#define SW_WEIGHTS$/m);
  const flash = text(build(SHIPPED_POLICY, { weights: "flash" }), "src/sw_settings.h");
  expect(flash).toMatch(/^#define SW_WEIGHTS __attribute__.*progmem/m);
});

describe("what cannot be built is refused by name", () => {
  test.each([
    [
      "a dense policy",
      () => build(shipped("guide-expert")),
      "runs/a/snn.safetensors: kind is dense; expected spiking: a board flies nothing else",
    ],
    [
      "a policy without an example",
      () => {
        const { example: _, ...rest } = SHIPPED_POLICY;
        return build(rest);
      },
      "runs/a/snn.safetensors: there is no example; a board could not test itself",
    ],
    [
      "an unknown protocol",
      () => build(SHIPPED_POLICY, { protocol: "v2" }),
      'protocol: "v2"; expected one of spikewing, authors',
    ],
    [
      "weights elsewhere",
      () => build(SHIPPED_POLICY, { weights: "toString" }),
      'weights: "toString"; expected one of ram, flash',
    ],
    [
      "another board",
      () => build(SHIPPED_POLICY, { target: "bolt" }),
      'target: "bolt"; expected one of crazyflie, teensy, generic',
    ],
    [
      "frames without a wire",
      () => build(SHIPPED_POLICY, { target: "crazyflie", protocol: "authors" }),
      "protocol: goes with target teensy, not with crazyflie",
    ],
    [
      "a place of the weights where there is no choice",
      () => build(SHIPPED_POLICY, { target: "generic", weights: "ram" }),
      "weights: goes with target teensy, not with generic",
    ],
    [
      "an unknown option",
      () => build(SHIPPED_POLICY, { baud: 9600 }),
      "baud: no such option; expected target, protocol, weights",
    ],
    [
      "a template that is no JSON",
      () => parseLibraryTemplate("<html>", "template"),
      "template: is not JSON; expected the template of the Teensy library",
    ],
    [
      "a template of another format",
      () => parseLibraryTemplate('{"format":"x"}', "template"),
      'template: format is "x"; expected spikewing-library-template-1 (build the package again)',
    ],
    [
      "a build without a template",
      () => loadTemplate("nowhere.json"),
      "nowhere.json: is missing: this build was made without wasm2c, which turns the policy core into C " +
        "(install the Debian package wabt and build again: npm run build)",
    ],
  ])("%s", (_, run, message) => {
    expect(run).toThrow(expect.objectContaining({ name: "SpikewingError", message }));
  });
});

test("the template is where the package exports it", () => {
  expect(fileURLToPath(import.meta.resolve("@spikewing/firmware/library-template.json"))).toBe(TEMPLATE_PATH);
});
