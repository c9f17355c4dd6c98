// Every guard of the app, of both who step the policy: a fault, what it comes to, and that it comes to something else with the guard
// cut out of the C.
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { newFolder } from "../../../scripts/vitest/new-folder.js";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const FIRMWARE = here("../..");
const HEADERS = ["crazyflie/src", "c/controller", "c/link"].map((path) => join(FIRMWARE, path));
const PARTS = ["crazyflie/src/sw_pilot_guard.c", "c/controller/sw_supervisor.c", "c/link/sw_link.c"];
const APP = "crazyflie/src/spikewing_app.c";
const TEENSY = "crazyflie/src/sw_pilot_teensy.c";
const ONBOARD = "onboard/src/sw_pilot_onboard.c";
type Side = "Teensy" | "on board";
const SIDES: Readonly<Record<Side, string>> = { Teensy: TEENSY, "on board": ONBOARD };

interface Cut {
  readonly file: string;
  readonly changes: readonly (readonly [from: string, to: string])[];
}

const textOf = (file: string) => readFileSync(join(FIRMWARE, file), "utf8");

/** The driver of a side, of a platform, with something cut out. */
function build(side: Side, platform?: string, cut?: Cut): string {
  const folder = newFolder();
  for (const file of [APP, SIDES[side]]) {
    let text = textOf(file);
    for (const [from, to] of cut?.file === file ? cut.changes : []) {
      if (text.split(from).length !== 2) throw new Error(`${file}: expected one place with ${from}`);
      text = text.replace(from, to);
    }
    writeFileSync(join(folder, file.split("/").at(-1)!), text);
  }
  const program = join(folder, "driver");
  const defines = [...(side === "Teensy" ? ["-DTEENSY"] : []), ...(platform ? [`-D${platform}`] : [])];
  const includes = [folder, here("declarations"), ...HEADERS].flatMap((path) => ["-I", path]);
  const sources = [here("app-guards-driver.c"), ...PARTS.map((path) => join(FIRMWARE, path))];
  const args = ["-std=gnu11", "-O1", "-w", ...defines, ...includes, ...sources, "-lm", "-o", program];
  const { status, stderr } = spawnSync("gcc", args, { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return program;
}

const programs = new Map<string, string>();
function whole(side: Side, platform?: string): string {
  const key = `${side} ${platform}`;
  if (!programs.has(key)) programs.set(key, build(side, platform));
  return programs.get(key)!;
}

function fly(program: string, fault: string, from: number, until: number): string {
  const { stdout } = spawnSync(program, [fault, String(from), String(until)], { encoding: "utf8" });
  return stdout.trimEnd();
}

const ALWAYS = [0, 1000] as const;
const IN_FLIGHT = [200, 1000] as const;

/** A fault and when it is there; what is printed with the guard; and the guard. */
interface Fault {
  readonly fault: string;
  readonly sides: readonly Side[];
  readonly when: readonly (readonly [number, number])[];
  readonly end: readonly RegExp[];
  readonly platform?: string;
  readonly cut: Cut;
}

const BOTH: readonly Side[] = ["Teensy", "on board"];
/** The app is the same in both. */
const EITHER: readonly Side[] = ["on board"];
const refused = (refusal: number) => [new RegExp(`^4 ${refusal} stock`), new RegExp(`^3 ${refusal} stock`)];
const cut = (file: string, ...changes: readonly (readonly [string, string])[]): Cut => ({ file, changes });

/** Refused at take-over, and the end of a flight. */
const ANY_TIME = (
  [
    ["a velocity ahead", 7, "mode->x == modeAbs && ", ""],
    ["a velocity aside", 7, "mode->y == modeAbs && ", ""],
    ["a velocity up", 7, "mode->z == modeAbs && ", ""],
    ["a yaw rate", 7, " && mode->yaw == modeAbs", ""],
    ["cannot fly", 8, ".can_fly = supervisorCanFly()", ".can_fly = true"],
    ["tumbled", 9, ".tumbled = supervisorIsTumbled()", ".tumbled = false"],
    ["too light", 10, "mass_kg >= 0.5f * sw_trained.mass_kg && ", ""],
    [
      "too heavy for its motors",
      10,
      " &&\n         STABILIZER_NR_OF_MOTORS * THRUST_MAX >= LEAST_LIFT * SW_GRAVITY_M_PER_S2 * mass_kg",
      "",
    ],
  ] as const
).map(
  ([fault, refusal, from, to]): Fault => ({
    fault,
    sides: EITHER,
    when: [ALWAYS, IN_FLIGHT],
    end: refused(refusal),
    cut: cut(APP, [from, to]),
  }),
);

/** Refused at take-over alone. */
const AT_FIRST = (
  [
    ["not flying", /^4 11 stock/, ".flying = supervisorIsFlying()", ".flying = true"],
    ["low", /^4 12 stock/, ".height_m = state->position.z", ".height_m = 1"],
    ["on its side", /^4 13 stock/, ".up = 1.0f - 2.0f * (q->x * q->x + q->y * q->y)", ".up = 1"],
    ["enable is 2", /^0 0 stock/, ".asked = enable == 1", ".asked = enable"],
  ] as const
).map(
  ([fault, end, from, to]): Fault => ({
    fault,
    sides: EITHER,
    when: [ALWAYS],
    end: [end],
    cut: cut(APP, [from, to]),
  }),
);

const FAULTS: readonly Fault[] = [
  ...ANY_TIME,
  ...AT_FIRST,
  {
    fault: "too heavy",
    platform: "CONFIG_PLATFORM_CF21BL", // whose motors lift it
    sides: EITHER,
    when: [ALWAYS, IN_FLIGHT],
    end: refused(10),
    cut: cut(APP, ["mass_kg <= 2.0f * sw_trained.mass_kg &&", ""]),
  },
  {
    fault: "no request before there is a task to wake",
    sides: EITHER,
    when: [ALWAYS],
    end: [/^2 0 policy \d+ \d+ 0$/m],
    cut: cut(APP, ["if (ready && RATE_DO", "if (RATE_DO"]),
  },
  {
    fault: "what the stock controller said last, at hand-over",
    sides: EITHER,
    when: [ALWAYS],
    end: [/^36000$/m],
    cut: cut(APP, ["controllerPid(&stock,", "controllerPid(control,"], ["    *control = stock;\n", ""]),
  },
  {
    fault: "self-test",
    sides: ["on board"],
    when: [ALWAYS],
    end: [/^4 6 stock/],
    cut: cut(ONBOARD, [
      "if (self_test == SW_SELF_TEST_PASSED) sw_app_ready();",
      "sw_app_ready(), sw_supervisor_start(&supervisor, 0);",
    ]),
  },
  {
    fault: "late",
    sides: ["on board"],
    when: [ALWAYS, IN_FLIGHT],
    end: [/^1 2 stock 3/, /^3 2 stock/],
    cut: cut(ONBOARD, [
      "sw_supervisor_check_deadline(&supervisor, sw_app_now_us() - request->asked_us);",
      "",
    ]),
  },
  {
    fault: "no number",
    sides: ["on board"],
    when: [IN_FLIGHT],
    end: [/^3 2 stock/],
    cut: cut(ONBOARD, ["answer.armed = supervisor.status == SW_STATUS_ARMED;", "answer.armed = true;"]),
  },
  {
    fault: "the same estimate",
    sides: ["on board"],
    when: [IN_FLIGHT],
    end: [/^3 2 stock/],
    cut: cut(ONBOARD, ["answer.armed = supervisor.status == SW_STATUS_ARMED;", "answer.armed = true;"]),
  },
  {
    fault: "held up",
    sides: ["on board"],
    when: [[50, 120]], // the app's task does not run until after the switch
    end: [/^1 2 stock 1/],
    cut: cut(ONBOARD, ["  sw_supervisor_check_link(&supervisor, sw_app_now_us());\n", ""]),
  },
  {
    fault: "membranes that are not zero",
    sides: ["on board"],
    when: [ALWAYS],
    end: [/^2 0 policy/],
    cut: cut(ONBOARD, ["case SW_FIRST_STEP: sw_policy_reset(&policy);", "case SW_FIRST_STEP:"]),
  },
  {
    fault: "a trap",
    sides: ["on board"],
    when: [IN_FLIGHT],
    end: [/^3 5 stock/],
    cut: cut(ONBOARD, ["  for (;;) vTaskDelay(M2T(1000));\n", ""]),
  },
  {
    fault: "no memory",
    sides: ["Teensy"],
    when: [ALWAYS],
    end: [/^4 6 stock/],
    cut: cut(TEENSY, ["if (sw_pilot_state_start()) sw_app_ready();", "sw_app_ready();"]),
  },
  {
    fault: "not armed",
    sides: ["Teensy"],
    when: [ALWAYS, IN_FLIGHT],
    end: [/^1 2 stock/, /^3 2 stock/],
    cut: cut(TEENSY, [".armed = status == SW_STATUS_ARMED", ".armed = true"]),
  },
  {
    fault: "silence",
    sides: ["Teensy"],
    when: [IN_FLIGHT],
    end: [/^3 5 stock 255/],
    cut: cut(TEENSY, ["    forget_stale_status();\n", ""]),
  },
  {
    fault: "an echo",
    sides: ["Teensy"],
    when: [IN_FLIGHT],
    end: [/^2 0 policy/],
    cut: cut(TEENSY, ["1u << SW_TYPE_MOTORS)", "1u << SW_TYPE_MOTORS | 1u << SW_TYPE_STATE)"]),
  },
  {
    fault: "a flood",
    sides: ["Teensy"],
    when: [[200, 209]],
    end: [/^2 0 policy 2 256 0$/m], // what it had no room for is lost, the answer with it; the next one comes
    cut: cut(TEENSY, ["  if (received_count - read_count == RECEIVED_BYTES) return;\n", ""]),
  },
];

describe.each(FAULTS)("$fault", ({ fault, sides, when, end, platform, cut }) => {
  test.each(sides)("comes to what it should, and not without the guard: %s", (side) => {
    const unguarded = build(side, platform, cut);
    when.forEach(([from, until], i) => {
      expect(fly(whole(side, platform), fault, from, until)).toMatch(end[i]!);
      expect(fly(unguarded, fault, from, until)).not.toMatch(end[i]!);
    });
  });
});

test.each(BOTH)("without a fault the policy flies, and then the stock controller: %s", (side) => {
  expect(fly(whole(side), "none", ...ALWAYS)).toMatch(/^2 0 policy 2 0 0\n36000$/);
});
