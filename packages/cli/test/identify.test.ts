import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { newFolder } from "../../../scripts/vitest/new-folder.ts";
import { refuse, succeed } from "./command.ts";

const COLUMNS = {
  time: { column: "t", unit: "s" },
  position: { columns: ["position_x", "position_y", "position_z"], unit: "m" },
  quaternion: { columns: ["quaternion_w", "quaternion_x", "quaternion_y", "quaternion_z"] },
  velocity: { columns: ["velocity_x", "velocity_y", "velocity_z"], unit: "m/s", frame: "world" },
  angularVelocity: {
    columns: ["angular_velocity_x", "angular_velocity_y", "angular_velocity_z"],
    unit: "rad/s",
  },
  motors: { columns: ["motor_1", "motor_2", "motor_3", "motor_4"], unit: "share" },
};

/** A log of the simulator, whose rows hold the state after their action, as a log whose rows hold the command after. */
function writeLog(folder: string): { readonly log: string; readonly columns: string } {
  const flown = join(folder, "flown");
  const drone = ["--thrust", "1.25", "--noise", "none"];
  succeed(["fly", "--trajectory", "figure-eight", "--seconds", "12", ...drone, "--out", flown]);
  const rows = readFileSync(join(flown, "flight.csv"), "utf8").trim().split("\n");
  const cells = rows.map((row) => row.split(","));
  const firstAction = cells[0]!.indexOf("action_1");
  const lines = cells.slice(1, -1).map((row, i) => {
    const next = cells[i + 2]!.slice(firstAction, firstAction + 4);
    return [...row, ...next.map((action) => (Number(action) + 1) / 2)].join(",");
  });
  const log = join(folder, "log.csv");
  const columns = join(folder, "columns.json");
  writeFileSync(log, [[...cells[0]!, ...COLUMNS.motors.columns].join(","), ...lines].join("\n"));
  writeFileSync(columns, JSON.stringify(COLUMNS));
  return { log, columns };
}

test("spikewing identify finds the thrust of the drone that flew, and writes a drone that others fly", () => {
  const folder = newFolder();
  const { log, columns } = writeLog(folder);
  const out = join(folder, "mine.json");
  const args = ["identify", log, "--columns", columns, "--fit", "thrust,delayS", "--out", out];
  const { parameters, errors } = JSON.parse(succeed([...args, "--json"]).stdout);
  // The episode's hidden force, 0.05 of the weight (standard deviation), passes for thrust where it is vertical.
  expect(parameters[0].name).toBe("thrust");
  expect(Math.abs(parameters[0].value - 1.25)).toBeLessThan(0.1);
  expect(parameters[1].value).toBeLessThan(0.0005);
  expect(errors.oneStep.after.velocityMPerS).toBeLessThan(0.1 * errors.oneStep.before.velocityMPerS);

  refuse(args, `${out}: exists already; expected a new file`);
  const again = ["identify", log, "--columns", columns, "--fit", "thrust", "--airframe", out];
  expect(succeed(again).stdout).toMatch(/^thrust +x 1\.00\d +\+- 0\.\d{3}$/m);
});

test("spikewing identify refuses what is no log, map or parameter, and writes nothing", () => {
  const folder = newFolder();
  const { log, columns } = writeLog(folder);
  const out = join(folder, "mine.json");
  const unknown = join(folder, "unknown.csv");
  writeFileSync(unknown, readFileSync(log, "utf8").replace(/^t,/, "time,"));
  refuse(
    ["identify", unknown, "--out", out],
    /unknown\.csv: has no column Timestamp; its columns are time, position_x, /,
  );
  refuse(["identify", join(folder, "none.csv")], /none\.csv: cannot be read/);
  refuse(["identify", log, "--fit", "thrust,weight"], /--fit: "weight"; expected some of mass, inertia/);
  refuse(
    ["identify", log, "--columns", columns, "--fit", "mass,thrust", "--out", out],
    /a flight shows only their ratio/,
  );
  writeFileSync(columns, JSON.stringify({ ...COLUMNS, time: { column: "t", unit: "h" } }));
  refuse(["identify", log, "--columns", columns, "--out", out], /columns\.json: time\.unit is "h"; expected/);
  expect(existsSync(out)).toBe(false);
});

test("spikewing replay finds no difference where the policy flew the log itself, and its motors where another did", () => {
  const folder = newFolder();
  const flown = [
    "--trajectory",
    "hover",
    "--seconds",
    "5",
    "--noise",
    "none",
    "--out",
    join(folder, "flown"),
  ];
  succeed(["fly", ...flown]);
  const log = join(folder, "flown/flight.csv");
  const { motors, simulator } = JSON.parse(succeed(["replay", log, "--json"]).stdout);
  expect(motors).toHaveLength(4);
  for (const { largest, largestAtS, meanAbsolute } of motors) {
    expect(largestAtS).toBe(5); // the command behind the last row is not in the file
    expect(meanAbsolute).toBeCloseTo(largest / 501, 9);
  }
  expect(simulator.oneStep.positionM).toBeLessThan(0.001);

  const path = (name: string) =>
    fileURLToPath(import.meta.resolve(`@spikewing/rl/policies/${name}.safetensors`));
  const others = JSON.parse(succeed(["replay", log, "--policy", path("snn-i8"), "--json"]).stdout).motors;
  for (const { meanAbsolute } of others) expect(meanAbsolute).toBeGreaterThan(0.001);
  refuse(["replay", log, "--policy", path("guide-expert")], /^error: policy: sees its past actions/);
});
