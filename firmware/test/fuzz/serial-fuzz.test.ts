// 10^6 serial streams against the C of the link and the controller, under AddressSanitizer and
// UndefinedBehaviorSanitizer on this machine, and the same against the TypeScript receiver: no crash, no hang, every
// byte in a frame or dropped under a name, every whole frame after garbage found, and both ends count the same.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadCore } from "@spikewing/core/node";
import { beforeAll, expect, test } from "vitest";
import { newFolder } from "../../../scripts/vitest/new-folder.js";
import { startBench } from "../../src/emulator/bench.js";
import { CONTROLLER_FILES } from "../../src/emulator/build-controller.js";
import { controllerLinearBytes } from "../../src/library/linear-memory.js";
import { policyDataSource } from "../../src/library/policy-data.js";
import { createReceiver, REFUSALS } from "../../src/protocol/codec.js";
import { createLegacyReceiver } from "../../src/protocol/legacy-codec.js";
import {
  FRAMES,
  frameBytes,
  LEGACY,
  LONGEST_FRAME_BYTES,
  legacyFrameBytes,
  STATE,
} from "../../src/protocol/table.js";
import { C_SOURCES } from "../../src/toolchain/cross-compile.js";
import { generateCore, policyHeapBase } from "../../src/toolchain/generated-core.js";
import { runTool } from "../../src/toolchain/tools.js";
import { buildBench, changedSources, SHIPPED_DATA } from "../faults/builds.js";
import { type SerialCase, serialCases } from "./serial-cases.js";

const CASES = 1_000_000;
const CASES_OF_OTHER_ENDS = 100_000;
const CASES_ON_CHIP = 300;

const folder = newFolder();

let program: string;
beforeAll(() => {
  const core = generateCore(folder, true);
  runTool("gcc", [...FLAGS, "-w", "-isystem", folder, "-c", core, "-o", join(folder, "policy.o")]);
  program = buildForHost(C_SOURCES, folder);
});

/** The generated core has bounds checks of its own, and no sanitizer. */
const FLAGS = [
  ...["-std=gnu11", "-O2", "-ffp-contract=off"],
  ...["-DWASM_RT_MEMCHECK_SIGNAL_HANDLER=0", "-DSW_CHECKED=1", "-DWASM_RT_USE_STACK_DEPTH_COUNT=0"],
];

/** The fuzz program of the C in `sources`. */
function buildForHost(sources: string, outDir: string, missingBytes = 0): string {
  mkdirSync(outDir, { recursive: true });
  const data = join(outDir, "sw_policy_data.c");
  writeFileSync(data, policyDataSource(SHIPPED_DATA));
  const { image } = SHIPPED_DATA;
  const linearBytes = controllerLinearBytes(loadCore(), policyHeapBase(), image, image.length) - missingBytes;
  const executable = join(outDir, "fuzz");
  runTool("gcc", [
    ...[...FLAGS, "-Wall", "-Wextra", "-Werror", `-DSW_LINEAR_BYTES=${linearBytes}u`],
    ...["-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"],
    ...["-isystem", folder, "-I", join(sources, "link"), "-I", join(sources, "controller")],
    ...["bench/fuzz-host.c", "core/wasm_rt.c", ...CONTROLLER_FILES].map((file) => join(sources, file)),
    ...[data, join(folder, "policy.o"), "-lm", "-o", executable],
  ]);
  return executable;
}

const BATCH_BYTES = 1 << 20;

interface HostRun {
  readonly status: number | null;
  readonly output: string;
  readonly errors: string;
}

/** Feeds cases to the fuzz program; `see` gets each of them too. */
async function fuzz(
  mode: "teensy" | "crazyflie" | "legacy" | "teensy refused" | "legacy refused" | "teensy small",
  seed: number,
  count: number,
  see: (one: SerialCase) => void,
  executable = program,
): Promise<HostRun> {
  const run = spawn(executable, mode.split(" "), { stdio: ["pipe", "pipe", "pipe"] });
  let output = "";
  let errors = "";
  run.stdout.on("data", (data: Buffer) => {
    output += data.toString();
  });
  run.stderr.on("data", (data: Buffer) => {
    errors += data.toString();
  });
  run.stdin.on("error", () => {}); // it ended early; its status tells
  const ended = once(run, "close");
  const batch = Buffer.alloc(BATCH_BYTES + 8192);
  let end = 0;
  const flush = async () => {
    const whole = Buffer.from(batch.subarray(0, end));
    end = 0;
    const drained = new Promise((resolve) => run.stdin.once("drain", resolve));
    if (!run.stdin.write(whole)) await Promise.race([drained, ended]);
  };
  const cases = serialCases(seed);
  for (let i = 0; i < count && run.exitCode === null; i++) {
    const one = cases.next().value;
    see(one);
    end = batch.writeUInt32LE(one.elapsedUs, end);
    end = batch.writeUInt32LE(one.bytes.length, end);
    end = batch.writeUInt32LE(one.frameAtEnd ? 1 : 0, end);
    batch.set(one.bytes, end);
    end += one.bytes.length;
    if (end > BATCH_BYTES) await flush();
  }
  await flush();
  run.stdin.end();
  const [status] = (await ended) as [number | null];
  return { status, output, errors };
}

const dropped = (counts: Readonly<Record<string, number>>): number =>
  REFUSALS.reduce((sum, name) => sum + (name === "badField" ? 0 : counts[name]!), 0);

test("10^6 serial streams: the controller in C and the receiver in TypeScript", async () => {
  const receiver = createReceiver("Teensy");
  let bytes = 0;
  let found = 0;
  let missed = 0;
  const { status, output, errors } = await fuzz("teensy", 1, CASES, (one) => {
    const messages = receiver.receive(one.bytes);
    bytes += one.bytes.length;
    for (const { kind } of messages) found += frameBytes(FRAMES.find(({ name }) => name === kind)!);
    if (one.frameAtEnd && messages.at(-1)?.kind !== "STATE") missed++;
  });
  expect(errors, "the controller").toMatch(/^1000000 records, \d+ answers, \d+ steps\n$/);
  expect(status).toBe(0);
  const { badField, ...counts } = receiver.counts;
  expect(JSON.parse(output)).toEqual(counts);
  expect(badField).toBe(0);
  expect(missed, "whole frames that the receiver did not find").toBe(0);
  const waiting = bytes - found - counts.noiseBytes - 2 * dropped(counts);
  expect(waiting, "bytes that are in no frame and not counted").toBeGreaterThanOrEqual(0);
  expect(waiting).toBeLessThan(frameBytes(STATE));
  for (const count of Object.values(counts)) expect(count).toBeGreaterThan(10_000);
  const [answers, steps] = /(\d+) answers, (\d+) steps/.exec(errors)!.slice(1).map(Number);
  expect(answers).toBe(counts.frames);
  expect(steps, "steps of the policy: the streams must reach it").toBeGreaterThan(10_000);
});

test("the Crazyflie's end: link in C and receiver in TypeScript", async () => {
  const receiver = createReceiver("Crazyflie");
  const { status, output, errors } = await fuzz("crazyflie", 2, CASES_OF_OTHER_ENDS, (one) => {
    receiver.receive(one.bytes);
  });
  expect(errors).toMatch(/^100000 records/);
  expect(status).toBe(0);
  const { badField, frames, ...drops } = receiver.counts;
  expect(JSON.parse(output)).toEqual({ ...drops, frames: frames + badField });
  expect(badField).toBeGreaterThan(100);
});

test("the authors' frames: controller in C, receiver in TypeScript", async () => {
  const receiver = createLegacyReceiver();
  const length = legacyFrameBytes(LEGACY.motors);
  let bytes = 0;
  const { status, errors } = await fuzz("legacy", 3, CASES_OF_OTHER_ENDS, (one) => {
    receiver.receive(one.bytes);
    bytes += one.bytes.length;
  });
  expect(errors).toMatch(/^100000 records/);
  expect(status).toBe(0);
  const { frames, badField, noiseBytes, badSum } = receiver.counts;
  const waiting = bytes - length * (frames + badField) - noiseBytes - badSum;
  expect(waiting).toBeGreaterThanOrEqual(0);
  expect(waiting).toBeLessThan(length);
});

test.each([
  {
    guard: "the limit of the receiver's buffer",
    from: "  if (link->count == sizeof link->bytes) reject(link, &link->counts.bad_crc); // only if sw_link_next was not called\n",
    to: "",
    error: new RegExp(`sw_link\\.c:\\d+:\\d+: runtime error: index ${LONGEST_FRAME_BYTES} out of bounds`),
  },
  {
    guard: "the refusal of an unknown type",
    from: "payload_bytes == UINT32_MAX || ",
    to: "",
    error: /sw_link\.c:\d+:\d+: runtime error: shift exponent \d+ is too large/,
  },
  {
    guard: "the search inside a rejected frame",
    from: "drop(link, SW_SYNC_BYTES);",
    to: "link->counts.noise_bytes += link->count - SW_SYNC_BYTES;\n  drop(link, link->count);",
    error: /^broken: a valid frame after garbage was not found$/m,
  },
])("without $guard the streams notice it", async ({ guard, from, to, error }) => {
  const sources = changedSources(join(folder, "changed", guard.split(" ")[1]!), [
    { file: "link/sw_link.c", from, to },
  ]);
  const executable = buildForHost(sources, join(sources, "out"));
  const { status, errors } = await fuzz("teensy", 1, 10_000, () => {}, executable);
  expect(errors).toMatch(error);
  expect(status).not.toBe(0);
});

test("a board whose self-test did not pass answers every stream as a board at FAULT, the authors' not at all", async () => {
  for (const [mode, words] of [
    ["teensy refused", /^20000 records, [1-9]\d* answers, 0 steps\n$/],
    ["legacy refused", /^20000 records, 0 answers, 0 steps\n$/],
  ] as const) {
    const { status, errors } = await fuzz(mode, 5, 20_000, () => {});
    expect({ mode, status, errors }).toEqual({ mode, status: 0, errors: expect.stringMatching(words) });
  }
});

test.each([
  {
    guard: "the look at the self-test, at writing",
    file: "controller/sw_controller.c",
    from: "  if (passed) sw_policy_observe_wire(",
    to: "  sw_policy_observe_wire(",
    mode: "teensy refused",
  },
  {
    guard: "the look at the self-test, at reading",
    file: "controller/sw_controller.c",
    from: ".observation = passed ? sw_policy_observation(&controller->policy) : NULL,",
    to: ".observation = sw_policy_observation(&controller->policy),",
    mode: "teensy refused",
  },
  {
    guard: "the look for a core",
    file: "controller/sw_policy.c",
    from: "return policy->is_set_up ? (uint16_t)Z_policyZ_policyWidth(&core, pilot_of(policy)->image, l) : 0;",
    to: "return (uint16_t)Z_policyZ_policyWidth(&core, pilot_of(policy)->image, l);",
    mode: "teensy refused",
  },
  {
    guard: "the silence at FAULT",
    file: "controller/sw_legacy.c",
    from: "  if (supervisor->status == SW_STATUS_FAULT) return;\n",
    to: "",
    mode: "legacy refused",
  },
] as const)("without $guard the streams notice it", async ({ file, from, to, mode }) => {
  const sources = changedSources(join(newFolder(), "changed"), [{ file, from, to }]);
  const { status } = await fuzz(mode, 5, 2000, () => {}, buildForHost(sources, join(sources, "out")));
  expect(status).not.toBe(0);
});

test.each([
  { guard: "the look for room before the image is copied", from: "if (!is_full()) memcpy(", to: "memcpy(" },
  {
    guard: "the look for room before the pilot is written",
    from: "  if (is_full()) return false;\n",
    to: "",
  },
])("a board with no room for its policy says so, and would not without $guard", async ({ from, to }) => {
  const missing = SHIPPED_DATA.image.length - 10_000;
  const run = async (sources: string) =>
    fuzz("teensy small", 5, 2000, () => {}, buildForHost(sources, newFolder(), missing));
  expect(await run(C_SOURCES)).toMatchObject({ status: 0, errors: expect.stringMatching(/, 0 steps\n$/) });
  const sources = changedSources(join(newFolder(), "changed"), [
    { file: "controller/sw_policy.c", from, to },
  ]);
  expect((await run(sources)).status).not.toBe(0);
});

test("serial streams on the emulated chip: the counts of the receiver in TypeScript", async () => {
  const bench = await startBench(buildBench());
  try {
    const receiver = createReceiver("Teensy");
    const answers = createReceiver("Crazyflie");
    const cases = serialCases(4);
    let nowUs = 0;
    let answered = 0;
    let last = await bench.poll(0);
    for (let i = 0; i < CASES_ON_CHIP; i += 20) {
      const joined: number[] = [];
      for (let k = 0; k < 20; k++) joined.push(...cases.next().value.bytes);
      const bytes = Uint8Array.from(joined);
      receiver.receive(bytes);
      nowUs += 10_000;
      const { sent, report } = await bench.take(bytes, nowUs);
      answered += answers.receive(sent).length;
      last = report;
    }
    const { badField, ...counts } = receiver.counts;
    expect(last).toMatchObject(counts);
    expect(badField).toBe(0);
    expect(answered).toBe(counts.frames);
    expect(answers.counts).toMatchObject({ noiseBytes: 0, badCrc: 0, badField: 0 });
  } finally {
    await bench.stop();
  }
});
