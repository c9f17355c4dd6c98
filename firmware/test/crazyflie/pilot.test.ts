import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadCore } from "@spikewing/core/node";
import { createFlight, DEFAULT_TASK, decodePolicy, loadPolicy } from "@spikewing/rl";
import { describe, expect, test } from "vitest";
import { newFolder } from "../../../scripts/vitest/new-folder.js";
import { createWireNumbers } from "../../src/protocol/wire-numbers.js";
import { generateCore } from "../../src/toolchain/generated-core.js";
import { coreFlags } from "./kbuild.js";

const SOURCES = fileURLToPath(new URL("../../crazyflie/src/", import.meta.url));
const CONTROLLER = fileURLToPath(new URL("../../c/controller/", import.meta.url));
const RUNTIME = fileURLToPath(new URL("../../c/core/wasm_rt.c", import.meta.url));
const DRIVER = fileURLToPath(new URL("pilot-driver.c", import.meta.url));
const folder = newFolder();

const pilotCore = generateCore(folder, false, "pilot");
const guardSource = readFileSync(join(SOURCES, "sw_pilot_guard.c"), "utf8");
let programs = 0;

// Accesses to linear memory check nothing; here the sanitizers do.
const FLAGS = ["-std=gnu11", "-O1", "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"];

let object: string | undefined;
/** The generated C, which has warnings of its own. */
function pilotCoreObject(): string {
  if (object !== undefined) return object;
  object = join(folder, "pilot.o");
  const flags = [...FLAGS, "-w", ...coreFlags(SOURCES), "-c", pilotCore, "-o", object];
  const { status, stderr } = spawnSync("gcc", flags, { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return object;
}

/** The driver with this guard, compiled for the machine that the test runs on; what is cut out leaves warnings. */
function compile(guard: string, warnings: readonly string[] = [], core = coreFlags(SOURCES)): string {
  const place = join(folder, String(programs++));
  mkdirSync(place);
  writeFileSync(join(place, "guard.c"), guard);
  const program = join(place, "driver");
  const { status, stderr } = spawnSync(
    "gcc",
    [
      ...[...FLAGS, ...core, ...warnings, "-I", SOURCES, "-I", CONTROLLER, "-isystem", folder],
      ...[DRIVER, join(place, "guard.c"), join(SOURCES, "sw_pilot_state.c"), RUNTIME],
      ...[pilotCoreObject(), "-lm", "-o", program],
    ],
    { encoding: "utf8" },
  );
  if (status !== 0) throw new Error(stderr);
  return program;
}

function drive(program: string, lines: readonly string[]): string[] {
  const { status, stdout } = spawnSync(program, { encoding: "utf8", input: lines.join("\n") });
  expect(status).toBe(0);
  return stdout.trimEnd().split("\n");
}

const hex = (value: number): string => {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value);
  return view.getUint32(0).toString(16).padStart(8, "0");
};
const NAN = "7fc00000";
const motors = (...values: readonly (number | string)[]): string =>
  values.map((value) => (typeof value === "string" ? value : hex(value))).join(" ");
const HALF = motors(0, 0.5, -0.5, 1);
const HALF_FORCES = motors(0.5, 0.75, 0.25, 1);

/** Switched on, one STATE answered after 3 ms, and flown: the numbers wrap from 65535 to 0. */
const TAKE_OVER = ["want 1", "send 1000", `receive 65535 1 4000 ${HALF}`, "motors 5000"];
const FLYING = `2 0 65535 1 ${HALF_FORCES}`;

const program = compile(guardSource, ["-Wall", "-Wextra", "-Werror"]);

test("the first good answer takes over, and its actions become the forces of training", () => {
  expect(drive(program, TAKE_OVER)).toEqual(["1 0 65534 1", "1 0 65535 1", "1 0 65535 1", FLYING]);
});

test("the time stamps may wrap", () => {
  const late = 2 ** 32 - 2000;
  const lines = ["want 1", `send ${late}`, `receive 65535 1 500 ${HALF}`, "motors 1500"];
  expect(drive(program, lines).at(-1)).toBe(FLYING);
});

test("one lost answer is survived with the motors of the one before", () => {
  const lines = [
    ...TAKE_OVER,
    "send 11000",
    "motors 20500",
    "send 21000",
    `receive 1 1 24000 ${motors(0, 0, 0, 0)}`,
  ];
  expect(drive(program, [...lines, "motors 24500"]).at(-1)).toBe(`2 0 1 1 ${motors(0.5, 0.5, 0.5, 0.5)}`);
});

test("after a fallback only off and on again lets the Teensy fly", () => {
  const failed = [...TAKE_OVER, "motors 40000"];
  const retry = ["send 50000", `receive 0 1 53000 ${HALF}`, "motors 54000"];
  expect(drive(program, [...failed, ...retry]).at(-1)).toBe("3 5 0 0 stock");
  expect(drive(program, [...failed, "want 1", ...retry]).at(-1)).toBe("3 5 0 0 stock");
  expect(drive(program, [...failed, "want 0", "want 1", ...retry]).at(-1)).toBe(`2 0 0 1 ${HALF_FORCES}`);
});

test("STATE holds what the core observes of the same body as the policy rounds it, bit for bit, and rad/s", () => {
  const core = loadCore();
  const shipped = fileURLToPath(import.meta.resolve("@spikewing/rl/policies/snn.safetensors"));
  const actor = loadPolicy(core, decodePolicy(readFileSync(shipped), "snn.safetensors"));
  const flight = createFlight(core, { ...DEFAULT_TASK, sensorNoise: "none" }, actor, 1);
  const { environments } = flight;
  const wire = createWireNumbers(core);
  const degrees = [90, -300.5, 0.25];
  let compared = 0;
  for (let episode = 0; episode < 50; episode++) {
    flight.reset(episode);
    flight.setTarget([0.3, -0.2, 1.1], [0.1, 0.7, -0.4]);
    core.kernels.environmentsObserve(environments);
    const observation = core.f32(core.view("Environments", environments).observation, 15);
    // A nose that is far from its target is another matter: pilot-observation.ts clips that error.
    if (observation[3]! < 0.71 * Math.hypot(observation[3]!, observation[6]!)) continue;
    compared++;
    const { position, velocity, quaternion, target } = flight.state();
    const estimate = [...position, ...velocity, ...quaternion, ...degrees, ...target, 0, 0, 0];
    const radians = degrees.map((rate) => Math.fround(rate * Math.fround(Math.PI / 180)));
    expect(drive(program, [`state ${motors(...estimate)}`])).toEqual([
      `state ${wire.ofObservation([...observation, ...radians]).join(" ")}`,
    ]);
  }
  expect(compared).toBeGreaterThan(20);
});

test("a linear memory that is too small for the core is refused", () => {
  const small = coreFlags(SOURCES).map((flag) => flag.replace(/^(-DSW_LINEAR_BYTES)=.*/, "$1=160"));
  expect(small).not.toEqual(coreFlags(SOURCES));
  const { status, stderr } = spawnSync(compile(guardSource, [], small), { encoding: "utf8", input: "" });
  expect({ status, stderr }).toEqual({ status: 2, stderr: "no room in linear memory\n" });
});

/**
 * A fault, what the guard makes of it, and the line that does: with that line changed the same fault must come to
 * another end, or the test would prove nothing.
 */
const FAULTS = [
  {
    name: "not asked for",
    lines: ["want 0", "send 1000", `receive 65535 1 4000 ${HALF}`, "motors 5000"],
    end: "0 0 65535 0 stock",
    guard: ["return guard->mode == SW_PILOT_WAITING || guard->mode == SW_PILOT_FLYING;", "return true;"],
  },
  {
    name: "switched off in flight",
    lines: [...TAKE_OVER, "want 0", "motors 6000"],
    end: "0 0 65535 0 stock",
    guard: ["if (!conditions->asked) {", "if (0) {"],
  },
  {
    name: "an answer to another STATE",
    lines: [...TAKE_OVER, "send 11000", `receive 65535 1 14000 ${motors(1, 1, 1, 1)}`, "motors 15000"],
    end: `2 0 0 1 ${HALF_FORCES}`,
    guard: ["if (answer->sequence != guard->sequence) return SW_PILOT_WRONG_SEQUENCE;", ""],
  },
  {
    name: "answers to older STATEs only",
    lines: [...TAKE_OVER, "send 11000", "send 21000", `receive 0 1 24000 ${HALF}`, "motors 27000"],
    end: "3 5 1 0 stock",
    guard: ["if (answer->sequence != guard->sequence) return SW_PILOT_WRONG_SEQUENCE;", ""],
  },
  {
    name: "a Teensy that is not armed, at first",
    lines: ["want 1", "send 1000", `receive 65535 0 4000 ${HALF}`, "motors 5000"],
    end: "1 2 65535 1 stock",
    guard: ["if (!answer->armed) return SW_PILOT_NOT_ARMED;", ""],
  },
  {
    name: "a Teensy that is no longer armed",
    lines: [...TAKE_OVER, "send 11000", `receive 0 0 14000 ${HALF}`, "motors 15000"],
    end: "3 2 0 0 stock",
    guard: ["if (!answer->armed) return SW_PILOT_NOT_ARMED;", ""],
  },
  {
    name: "NaN",
    lines: [...TAKE_OVER, "send 11000", `receive 0 1 14000 ${motors(0, 0, NAN, 0)}`, "motors 15000"],
    end: "3 3 0 0 stock",
    guard: ["if (!is_finite(answer->forces[i])) return SW_PILOT_NOT_FINITE;", ""],
  },
  {
    name: "a motor above its range",
    lines: [...TAKE_OVER, "send 11000", `receive 0 1 14000 ${motors(0, 0, 0, 1.0000001)}`, "motors 15000"],
    end: "3 4 0 0 stock",
    guard: ["motor > 1.0f", "0"],
  },
  {
    name: "a motor below its range",
    lines: [...TAKE_OVER, "send 11000", `receive 0 1 14000 ${motors(-1.0000001, 0, 0, 0)}`, "motors 15000"],
    end: "3 4 0 0 stock",
    guard: ["motor < -1.0f", "0"],
  },
  {
    name: "silence",
    lines: [...TAKE_OVER, "motors 26000", "motors 26001"],
    end: "3 5 65535 0 stock",
    guard: ["now_us - guard->forces_us > SW_PILOT_FRESH_US", "0"],
  },
  {
    name: "a motor command from before the switch",
    lines: [...TAKE_OVER, "want 0", "want 1", "motors 6000"],
    end: "1 0 65535 1 stock",
    guard: ["  guard->has_forces = false;\n}", "}"],
  },
  {
    name: "the link comes back after a fallback",
    lines: [...TAKE_OVER, "motors 40000", "send 50000", `receive 0 1 53000 ${HALF}`, "motors 54000"],
    end: "3 5 0 0 stock",
    guard: ["if (guard->mode == SW_PILOT_FLYING) guard->mode = SW_PILOT_FALLBACK;", ""],
  },
  {
    name: "a force that is not finite",
    lines: [...TAKE_OVER, `mass ${NAN}`, "send 11000", `receive 0 1 14000 ${HALF}`, "motors 15000"],
    end: "3 3 0 0 stock",
    guard: ["if (!is_finite(answer->forces[i])) return SW_PILOT_NOT_FINITE;", ""],
  },
  ...(
    [
      ["a policy that has not passed its tests", "ready", 0, 6, "if (!is->ready)"],
      ["a setpoint that is no position and yaw", "has_target", 0, 7, "if (!is->has_target)"],
      ["a supervisor that says it cannot fly", "can_fly", 0, 8, "if (!is->can_fly)"],
      ["a drone that has tumbled", "tumbled", 1, 9, "if (is->tumbled)"],
      ["a mass that it does not lift", "lifts_mass", 0, 10, "if (!is->lifts_mass)"],
    ] as const
  ).flatMap(([name, condition, value, refusal, line]) => [
    {
      name: `${name}, at take-over`,
      lines: [`set ${condition} ${hex(value)}`, ...TAKE_OVER],
      end: `4 ${refusal} 65535 0 stock`,
      guard: [line, "if (0)"],
    },
    {
      name: `${name}, in flight`,
      lines: [...TAKE_OVER, `set ${condition} ${hex(value)}`, "want 1", "motors 6000"],
      end: `3 ${refusal} 65535 0 stock`,
      guard: [line, "if (0)"],
    },
  ]),
  ...(
    [
      ["a drone that stands on the ground", "flying", hex(0), 11, "if (!is->flying)"],
      ["a drone that is too low", "height", hex(0.29), 12, "if (!(is->height_m >= is->least_height_m))"],
      ["a height that is not finite", "height", NAN, 12, "if (!(is->height_m >= is->least_height_m))"],
      ["a drone on its side", "up", hex(0), 13, "if (!(is->up > 0.0f))"],
      ["an attitude that is not finite", "up", NAN, 13, "if (!(is->up > 0.0f))"],
    ] as const
  ).map(([name, condition, value, refusal, line]) => ({
    name: `${name}, at take-over`,
    lines: [`set ${condition} ${value}`, ...TAKE_OVER],
    end: `4 ${refusal} 65535 0 stock`,
    guard: [line, "if (0)"],
  })),
  {
    name: "an answer from before the switch",
    lines: ["want 0", "send 1000", `receive 65535 1 4000 ${HALF}`, "want 1", "motors 5000"],
    end: "1 0 65535 1 stock",
    guard: ["  if (!sw_pilot_guard_arm(guard)) return;\n", ""],
  },
  {
    name: "no answer yet",
    lines: ["want 1", "send 1000", "motors 5000"],
    end: "1 0 65535 1 stock",
    guard: [" || !guard->has_forces", ""],
  },
  {
    name: "fresh forces after a fallback",
    lines: [...TAKE_OVER, `set has_target ${hex(0)}`, "want 1", "motors 6000"],
    end: "3 7 65535 0 stock",
    guard: ["!sw_pilot_guard_arm(guard) || ", ""],
  },
  {
    name: "a fallback that is still asked to fly",
    lines: [
      ...TAKE_OVER,
      "motors 40000",
      "want 1",
      "send 50000",
      `receive 0 1 53000 ${HALF}`,
      "motors 54000",
    ],
    end: "3 5 0 0 stock",
    guard: ["  if (guard->mode == SW_PILOT_FALLBACK) return;\n", ""],
  },
  {
    name: "a refusal that is over",
    lines: [`set flying ${hex(0)}`, "want 1", `set flying ${hex(1)}`, "want 1"],
    end: "1 0 65534 1",
    guard: ["guard->refusal = SW_PILOT_ACCEPTED;\n  }", "}"],
  },
];

test("what is refused at take-over only does not take the drone from the policy in flight", () => {
  for (const low of [`set height ${hex(0)}`, `set flying ${hex(0)}`, `set up ${hex(-1)}`])
    expect(drive(program, [...TAKE_OVER, low, "want 1", "motors 6000"]).at(-1)).toBe(FLYING);
});

test("after a fallback for a lost target its return is not enough", () => {
  const lost = [...TAKE_OVER, `set has_target ${hex(0)}`, "want 1", `set has_target ${hex(1)}`];
  const retry = ["send 11000", `receive 0 1 14000 ${HALF}`, "motors 15000"];
  expect(drive(program, [...lost, "want 1", ...retry]).at(-1)).toBe("3 7 0 0 stock");
  expect(drive(program, [...lost, "want 0", "want 1", ...retry]).at(-1)).toBe(`2 0 0 1 ${HALF_FORCES}`);
});

test("a heavier drone is commanded more, in proportion", () => {
  const heavier = drive(program, [`mass ${hex(1.25)}`, ...TAKE_OVER]).at(-1);
  expect(heavier).toBe(`2 0 65535 1 ${motors(0.625, 0.9375, 0.3125, 1.25)}`);
});

describe.each(FAULTS)("$name", ({ lines, end, guard: [from, to] }) => {
  test("ends as it should", () => {
    expect(drive(program, lines).at(-1)).toBe(end);
  });
  test("would not, without the guard", () => {
    expect(guardSource.split(from!)).toHaveLength(2);
    expect(drive(compile(guardSource.replace(from!, to!)), lines).at(-1)).not.toBe(end);
  });
});
