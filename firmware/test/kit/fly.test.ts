import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { columnNames, LOG_COLUMNS } from "@spikewing/rl/identification";
import { describe, expect, test } from "vitest";
import { newFolder } from "../../../scripts/vitest/new-folder.js";
import { buildKit } from "./built-kit.js";

const folder = newFolder();
const kits = { crazyflie: buildKit(folder, "crazyflie").kit, teensy: buildKit(folder, "teensy").kit };

function fly(script: string, target: keyof typeof kits = "crazyflie", ...flags: string[]) {
  const args = ["-B", "fly.py", "--dry-run", script, "--seconds", "2", ...flags];
  const { status, stdout, stderr } = spawnSync("python3", args, { cwd: kits[target], encoding: "utf8" });
  const [, told = ""] = stdout.match(/^dry run: (.*)$/m) ?? [];
  return { status, stderr, said: stdout.replace(/^dry run: .*\n/m, ""), told };
}

const UP = "enable 0, arm, setpoints";
const DOWN = "enable 0, setpoints, stop at 0.06 m, disarm";

describe("fly.py", () => {
  test.each(["crazyflie", "teensy"] as const)("takes off, flies and lands on a %s", (target) => {
    const { status, stderr, said, told } = fly("flight", target);
    expect([status, stderr]).toEqual([0, ""]);
    expect(said).toBe("ready: battery 4.05 V\ntaking off\nthe policy flies, 2 s\nlanding\ndown\n");
    expect(told).toBe(`${UP}, enable 1, setpoints, enable 0, setpoints, ${DOWN}`);
  });

  test.each([
    ["refused", 1, "refused: below minHeight (climb)"],
    ["no-answer", 1, "the policy did not take over: waits for an armed answer of the policy; "],
    ["fallback", 1, "the stock controller took over: the last good answer is older than 25 ms ("],
    ["low-battery", 1, "the battery is low: 3.15 V"],
    ["ctrl-c", 130, "ended by Ctrl-C"],
  ])("takes the drone back and lands where its flight ends by %s", (script, code, reason) => {
    const { status, stderr, said, told } = fly(script);
    expect(status).toBe(code);
    expect(stderr).toContain(`error: ${reason}`);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    expect(said).toMatch(/taking off\n(the policy flies, 2 s\n)?landing\ndown\n$/);
    expect(told).toBe(`${UP}, enable 1, setpoints, ${DOWN}`);
  });

  test("stops the motors of a drone that lies on its back, and sends it nowhere", () => {
    const { status, stderr, told } = fly("tumbled");
    expect([status, stderr]).toEqual([
      1,
      "error: the supervisor says that it tumbled, crashed or is locked\n",
    ]);
    expect(told).toBe(`${UP}, enable 1, setpoints, enable 0, stop at 0.50 m, disarm`);
  });

  test("says so where the link is lost, with an exit code of its own", () => {
    const { status, stderr, told } = fly("link-lost");
    expect(status).toBe(3);
    expect(stderr).toMatch(/^error: the link is lost: the drone levels out after 0\.5 s .*\n$/);
    expect(told).toBe(`${UP}, enable 1, setpoints`);
  });

  test("stops the motors at once when Ctrl-C is pressed again", () => {
    const { status, stderr, told } = fly("ctrl-c-twice");
    expect([status, stderr]).toEqual([1, "error: ended by Ctrl-C\nerror: motors off\n"]);
    expect(told).toBe(`${UP}, enable 1, setpoints, enable 0, setpoints, emergency stop`);
  });

  test.each([
    ["no-position", "crazyflie", "the position estimate does not settle: is there a positioning system?"],
    ["self-test", "crazyflie", "the policy's self-test: the policy gives other actions"],
    ["self-test", "teensy", "the Teensy is not on standby: the self-test refused; for ever"],
    ["clash", "teensy", "a Lighthouse deck is on board; it and the Teensy cannot share UART1"],
    ["not-armed", "crazyflie", "cannot fly: read supervisor.info: not armed, charging, locked or crashed"],
  ] as const)("does not take off: %s, %s", (script, target, reason) => {
    const { status, stderr, told } = fly(script, target);
    expect([status, stderr]).toEqual([1, `error: ${reason}\n`]);
    expect(told).not.toMatch(/setpoints|enable 1/);
    expect(told).toMatch(/disarm$/);
  });

  test("flies the stock controller for a log that identify can read, and never the policy", () => {
    const log = join(folder, "first.csv");
    const { status, said, told } = fly("flight", "crazyflie", "--stock", "--log", log, "--seconds", "6");
    expect(status).toBe(0);
    expect(said).toContain("the stock controller flies, 6 s\n");
    expect(told).toBe(`${UP}, ${DOWN}`);
    const [header = "", ...rows] = readFileSync(log, "utf8").trim().split(/\r?\n/);
    expect(header.split(",")).toEqual(expect.arrayContaining([...columnNames(LOG_COLUMNS.crazyflie)]));
    expect(rows.length).toBeGreaterThan(600);
    const cells = rows.map((row) => row.split(",").map(Number));
    expect(cells.flat().every(Number.isFinite)).toBe(true);
    cells.slice(1).forEach(([ms], i) => void expect(ms).toBe(cells[i]![0]! + 10));
    expect(fly("flight", "crazyflie", "--log", log).stderr).toContain("File exists");
  });

  test("puts blocks that are sampled one after another into rows of one time", () => {
    const program = [
      "import io, log_table",
      "file = io.StringIO()",
      "table = log_table.LogTable(file, ['q', 'x', 'w', 'slow'])",
      "table.add(0, 'pilot', {'slow': 7})",
      "for ms in range(0, 60, 10):",
      "    if ms not in (20,): table.add(ms, 'position', {'x': 2 * ms})",
      "    table.add(ms + 4, 'attitude', {'q': ms + 4})",
      "    table.add(ms + 8, 'turning', {'w': 3 * (ms + 8)})",
      "print(file.getvalue())",
    ];
    const { stdout } = spawnSync("python3", ["-B", "-c", program.join("\n")], {
      cwd: kits.crazyflie,
      encoding: "utf8",
    });
    // At 4 ms nothing is known of w yet; at 54 ms x is not known any more.
    const expected = [14, 24, 34, 44].map((ms) => [ms, ms, 2 * ms, 3 * ms, 7]);
    const [header, ...rows] = stdout.trim().split(/\s+/);
    expect(header).toBe("Timestamp,q,x,w,slow");
    expect(rows.map((row) => row.split(",").map(Number))).toEqual(expected);
  });

  test.each([
    [["--height", "9"], "--height: 9; expected 0.4 to 2 m"],
    [["--seconds", "soon"], "--seconds: soon; expected 1 to 300 s"],
    [["--target-x", "nan"], "--target-x: nan; expected -2 to 2 m"],
    [["--dry-run", "loop"], /^error: --dry-run: loop; expected one of flight, refused, .*\n$/],
    [["--heigt", "1"], "unrecognized arguments: --heigt 1"],
    [[], "cflib is missing; install it: pip install cflib"],
  ])("refuses %j in one line", (flags, message) => {
    const { status, stderr } = spawnSync("python3", ["-B", "fly.py", ...flags], {
      cwd: kits.crazyflie,
      encoding: "utf8",
      env: { ...process.env, PYTHONPATH: "", PYTHONNOUSERSITE: "1" },
    });
    expect(status).toBe(1);
    if (typeof message === "string") expect(stderr).toBe(`error: ${message}\n`);
    else expect(stderr).toMatch(message);
    expect(existsSync(join(kits.crazyflie, "__pycache__"))).toBe(false);
  });
});
