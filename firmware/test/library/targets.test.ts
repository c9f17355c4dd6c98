// The targets beside the Teensy: what is built compiles without a warning, and flies the commands of the simulation.
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { AIRFRAMES } from "@spikewing/core";
import { loadCore } from "@spikewing/core/node";
import { createFlight, DEFAULT_TASK, loadPolicy, policyImage } from "@spikewing/rl";
import { expect, test } from "vitest";
import { newFolder } from "../../../scripts/vitest/new-folder.js";
import { createReferencePilot } from "../../src/hil/reference-pilot.js";
import { libraryFiles } from "../../src/library/library-files.js";
import { makeTemplate } from "../../src/library/template.js";
import { runParity } from "../../src/parity/run-parity.js";
import { CHIPS, type Chip, type ChipName } from "../../src/toolchain/chips.js";
import { objects } from "../crazyflie/kbuild.js";
import { SHIPPED_POLICY } from "../emulator/shipped-policy.js";

const folder = newFolder();
const core = loadCore();
const template = makeTemplate();
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

function write(target: "crazyflie" | "generic"): string {
  const out = join(folder, target);
  for (const [path, bytes] of libraryFiles(core, SHIPPED_POLICY, "snn.safetensors", template, { target })) {
    mkdirSync(dirname(join(out, path)), { recursive: true });
    writeFileSync(join(out, path), bytes);
  }
  return out;
}
const app = write("crazyflie");
const plain = write("generic");
const sourcesOf = (library: string) =>
  readdirSync(join(library, "src"))
    .filter((name) => name.endsWith(".c"))
    .map((name) => join(library, "src", name));

const WARNINGS = ["-std=gnu11", "-Wall", "-Wextra", "-Werror"];

function run(tool: string, args: readonly string[], input = "") {
  const { status, stdout, stderr } = spawnSync(tool, args, { encoding: "utf8", input, maxBuffer: 1 << 26 });
  if (status !== 0) throw new Error(stderr || `${tool}: status ${status}`);
  return { stdout, stderr };
}

test("the Crazyflie's app compiles for its processor without a warning, with its Kbuild's objects", () => {
  const flags = [
    ...CHIPS["cortex-m4"].architecture,
    "-Os",
    ...WARNINGS,
    "-I",
    here("../crazyflie/declarations"),
  ];
  const named = sourcesOf(app).map((source) => basename(source, ".c"));
  expect(named.sort()).toEqual(objects(join(app, "src")).sort());
  for (const source of sourcesOf(app)) {
    const object = join(folder, "app.o");
    expect(
      run("arm-none-eabi-gcc", [...flags, "-I", join(app, "src"), "-c", source, "-o", object]).stderr,
    ).toBe("");
    // What the app itself computes is compared, no more.
    if (!source.endsWith("spikewing_app.c"))
      expect(run("arm-none-eabi-objdump", ["-d", object]).stdout).not.toMatch(/\tvfn?m[as]/);
  }
});

test("plain C compiles for a Cortex-M33 without a warning", () => {
  const flags = [...CHIPS["cortex-m33"].architecture, "-O2", ...WARNINGS, "-I", join(plain, "src")];
  for (const source of sourcesOf(plain))
    expect(run("arm-none-eabi-gcc", [...flags, "-c", source, "-o", join(folder, "plain.o")]).stderr).toBe("");
});

/** Estimates of a flight, and what the policy said to each. */
function flown(steps: number) {
  const flight = createFlight(
    core,
    { ...DEFAULT_TASK, sensorNoise: "none" },
    loadPolicy(core, SHIPPED_POLICY),
    3,
  );
  flight.reset(0);
  const estimates: number[][] = [];
  for (let i = 0; i < steps; i++) {
    const { position, velocity, quaternion, target } = flight.state();
    const still = [0.5 * i, -0.25 * i, 3]; // deg/s: any, as long as no two are alike
    estimates.push(
      [...position, ...velocity, ...quaternion, ...still, ...target, 20, 0.5, 2].map(Math.fround),
    );
    flight.step();
  }
  return estimates;
}
const ESTIMATES = flown(100);

function hostMotors(): number[][] {
  const host = join(folder, "host");
  const options = ["-O2", ...WARNINGS, "-I", join(plain, "src")];
  run("gcc", [...options, join(plain, "examples/host.c"), ...sourcesOf(plain), "-lm", "-o", host]);
  const lines = ESTIMATES.map((estimate) => estimate.join(" ")).join("\n");
  const { stdout } = run(host, [], lines);
  return stdout
    .trimEnd()
    .split("\n")
    .map((line) => line.split(" ").map((x) => Math.fround(Number(x))));
}

const hex = (x: number): string => {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, x);
  return view.getUint32(0).toString(16).padStart(8, "0");
};

const words = join(folder, "words.c");
const bits = ESTIMATES.flat().map((x) => `0x${hex(x)}`);
writeFileSync(
  words,
  `#include <stdint.h>\nconst uint32_t sw_words[] = {${bits.join(", ")}}, sw_word_count = ${bits.length};\n`,
);
const port = here("../../c/port");
const onboard = [here("../crazyflie/onboard-driver.c"), words];

/** The app's sources that the driver does not include. */
const appParts = () =>
  sourcesOf(app).filter(
    (path) => !["spikewing_app.c", "sw_pilot_onboard.c"].some((name) => path.endsWith(name)),
  );
const appIncludes = [here("../crazyflie/declarations"), join(app, "src"), port].flatMap((path) => [
  "-I",
  path,
]);

/** The app in a loop of the Crazyflie's cycles. */
function flyApp(...args: readonly number[]): { lines: string[]; selfTest: string } {
  const program = join(folder, "app");
  run("gcc", ["-std=gnu11", "-O1", "-w", ...appIncludes, ...onboard, ...appParts(), "-lm", "-o", program]);
  const [selfTest = "", ...lines] = run(program, args.map(String)).stdout.trimEnd().split("\n");
  return { lines, selfTest };
}

/** What a program says on an emulated chip; the machine's own trap is not the app's. */
function runOnChip(name: ChipName, sources: readonly string[], includes: readonly string[]): string[] {
  const chip: Chip = CHIPS[name];
  const elf = join(folder, `${name}.elf`);
  const origins = Object.entries(chip.origins ?? {}).map(
    ([memory, address]) => `-Wl,--defsym=sw_${memory}_origin=${address}`,
  );
  const machine = join(folder, "machine.o");
  const flags = [...chip.architecture, "-std=gnu11", "-O2", "-w", "-ffunction-sections", "-fdata-sections"];
  run("arm-none-eabi-gcc", [...flags, "-c", join(port, "machine_qemu.c"), "-o", machine]);
  run("arm-none-eabi-objcopy", ["--weaken-symbol=sw_port_trap", machine]);
  run("arm-none-eabi-gcc", [
    ...[...flags, "-DON_CHIP", ...includes, "-I", port],
    ...["-nostartfiles", "--specs=nano.specs", "--specs=nosys.specs", "-Wl,--gc-sections", ...origins],
    ...[`-T${join(port, "link.ld")}`, ...sources, machine, join(port, "startup.c"), "-lm", "-o", elf],
  ]);
  const { status, stdout, stderr } = runParity(elf, [], name);
  expect(status, stderr).toBe(0);
  return (stdout + stderr).trimEnd().split("\n"); // QEMU's semihosting writes to stderr
}

const pilotWasm = readFileSync(createRequire(import.meta.url).resolve("@spikewing/core/build/pilot.wasm"));
const observer = new WebAssembly.Instance(new WebAssembly.Module(pilotWasm)).exports as {
  readonly memory: WebAssembly.Memory;
  readonly heapBase: () => number;
  readonly pilotObservation: (estimate: number, observation: number) => void;
  readonly pilotForces: (command: number, motors: number, forces: number) => void;
};

/** What the core itself commands, from zero membranes at the estimate `first`. */
function expectedMotors(first: number): number[][] {
  const pilot = createReferencePilot(core, policyImage(core, loadPolicy(core, SHIPPED_POLICY)));
  pilot.reset();
  const at = observer.heapBase();
  return ESTIMATES.slice(first).map((estimate) => {
    new Float32Array(observer.memory.buffer, at, 22).set(estimate);
    observer.pilotObservation(at, at + 96);
    return Array.from(pilot.step(new Float32Array(observer.memory.buffer, at + 96, 18)));
  });
}

test("on this machine the plain C answers every estimate with the motors of the core, bit for bit", () => {
  expect(hostMotors()).toEqual(expectedMotors(0));
});

/** What the Crazyflie is told of motors: the forces that they meant on the drone of training, scaled to its own mass. */
function normalizedForces(motors: readonly number[]): string {
  const { rotorRange, thrust, massKg } = AIRFRAMES["crazyflie-l2f"];
  const at = observer.heapBase();
  const [massFlown, strongest] = [0.029, Math.fround(0.12)]; // declarations/platform_defaults.h
  new Float32Array(observer.memory.buffer, at, 11).set([
    ...[...rotorRange, ...thrust, massKg, massFlown],
    ...motors,
  ]);
  observer.pilotForces(at, at + 28, at + 44);
  return Array.from(new Float32Array(observer.memory.buffer, at + 44, 4), (force) =>
    hex(force / strongest),
  ).join(" ");
}

test("once enable is 1 the app flies the forces of the core, in the cycle after each estimate", () => {
  const { lines, selfTest } = flyApp(10);
  const ratios = expectedMotors(10).map(normalizedForces);
  expect(new Set(ratios).size).toBeGreaterThan(50);
  expect(selfTest).toBe("self-test 0");
  expect(lines).toEqual([...Array(10).fill("0 0 stock"), ...ratios.map((ratio) => `2 0 ${ratio}`)]);
});

test("on an emulated Cortex-M4 the app flies the forces of the core, bit for bit", () => {
  const [selfTest, ...lines] = runOnChip("cortex-m4", [...onboard, ...appParts()], appIncludes);
  expect(selfTest).toBe("self-test 0");
  const forces = expectedMotors(10).map(normalizedForces);
  expect(lines).toEqual([...Array(10).fill("0 0 stock"), ...forces.map((force) => `2 0 ${force}`)]);
});

test("on an emulated Cortex-M33 the plain C answers every estimate with the motors of the core, bit for bit", () => {
  const sources = [here("plain-driver.c"), words, ...sourcesOf(plain)];
  const [selfTest, ...lines] = runOnChip("cortex-m33", sources, ["-I", join(plain, "src")]);
  expect(selfTest).toBe("self-test 0");
  expect(lines).toEqual(expectedMotors(0).map((motors) => motors.map(hex).join(" ")));
});

test("an answer after the deadline never flies", () => {
  const { lines } = flyApp(10, 5001);
  expect(lines.slice(0, 11).filter((line) => line.startsWith("2"))).toEqual([]);
  expect(lines.at(-1)).toBe("1 2 stock");
  expect(flyApp(10, 4000).lines.at(-1)).toMatch(/^2 0 /);
});

test("a flipped bit of the weights keeps the stock controller in charge", () => {
  const data = join(app, "src/sw_policy_data.c");
  const text = readFileSync(data, "utf8");
  writeFileSync(data, text.replace(/crc = 0x/, "crc = ~0x"));
  const { lines, selfTest } = flyApp(10);
  writeFileSync(data, text);
  expect(selfTest).toBe("self-test 1");
  expect(new Set(lines)).toEqual(new Set(["0 0 stock", "4 6 stock"]));
});
