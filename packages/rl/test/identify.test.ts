import { AIRFRAMES } from "@spikewing/core";
import { loadCore } from "@spikewing/core/node";
import { expect, test } from "vitest";
import { THRUST_CURVES } from "../src/flight-log/log-columns.js";
import {
  DEFAULT_FIT,
  identify,
  LOG_COLUMNS,
  type LogColumns,
  readFlightLog,
} from "../src/identification-entry.js";
import { LOG_HEADER, loggedFlight } from "./logged-flight.js";

const AIRFRAME = "crazyflie-l2f";
const read = (text: string) =>
  readFlightLog(new TextEncoder().encode(text), undefined, AIRFRAMES[AIRFRAME], "flight.csv");

/** Another drone than the one in the file, whose commands arrive 4 ms late. */
const OTHER = {
  thrust: 1.15,
  inertia: 1.2,
  torqueRatio: 0.9,
  motorRise: 1.3,
  motorFall: 0.85,
  delayS: 0.004,
} as const;
const { delayS, ...factors } = OTHER;
const variation = Object.fromEntries(
  Object.entries(factors).map(([name, factor]) => [name, [factor, factor]]),
);
const TASK = { delayS: [delayS, delayS], variation } as const;

test("the log of another drone's flight gives its thrust, inertia, motor lag and delay", () => {
  const { parameters, errors } = identify(
    loadCore(),
    AIRFRAME,
    read(loggedFlight(TASK, 15)),
    DEFAULT_FIT,
    "flight",
  );
  for (const { name, value, halfWidth } of parameters) {
    const wanted = OTHER[name as keyof typeof OTHER];
    const tolerance = name === "delayS" ? 0.0002 : 0.005;
    expect(Math.abs(value - wanted), `${name}: ${value}`).toBeLessThan(tolerance);
    expect(halfWidth).toBeLessThan(tolerance);
  }
  expect(errors.pieceEnd.after.positionM).toBeLessThan(0.05 * errors.pieceEnd.before.positionM);
});

test("noise of the sensors widens the intervals, which still hold what is true", () => {
  const noisy = loggedFlight(TASK, 15, { noise: 0.004 });
  const { parameters } = identify(loadCore(), AIRFRAME, read(noisy), DEFAULT_FIT, "flight");
  for (const { name, value, halfWidth } of parameters) {
    const wanted = OTHER[name as keyof typeof OTHER];
    expect(Math.abs(value - wanted), `${name}: ${value} +- ${halfWidth}`).toBeLessThan(2 * halfWidth);
    expect(halfWidth, name).toBeLessThan(name === "delayS" ? 0.004 : 0.35);
  }
});

const found = (text: string, columns?: LogColumns, fit = DEFAULT_FIT) => {
  const bytes = new TextEncoder().encode(text);
  const log = readFlightLog(bytes, columns, AIRFRAMES[AIRFRAME], "flight.csv");
  const { parameters } = identify(loadCore(), AIRFRAME, log, fit, "flight");
  return Object.fromEntries(parameters.map((one) => [one.name, one]));
};

test("torques of the air that come and go do not pass for inertia", () => {
  const gusty = loggedFlight(TASK, 15, {
    air: (time) => [
      [0.01 * Math.sin(2 * time), 0, 0],
      [6e-5 * Math.sin(1.3 * time), 6e-5 * Math.cos(1.7 * time), 0],
    ],
  });
  const { inertia, thrust, delayS } = found(gusty);
  expect(Math.abs(inertia!.value - OTHER.inertia)).toBeLessThan(0.1);
  expect(inertia!.halfWidth).toBeLessThan(0.06);
  expect(Math.abs(thrust!.value - OTHER.thrust)).toBeLessThan(0.01);
  expect(Math.abs(delayS!.value - OTHER.delayS)).toBeLessThan(0.0005);
});

test("where the battery's volts are known an emptying cell does not pass for a drone that lifts less", () => {
  const curve = THRUST_CURVES["crazyflie-2.1-plus"];
  const text = loggedFlight({}, 8, { battery: { curve, volts: (time) => 4.1 - 0.1 * time } });
  const { motors, ...map } = LOG_COLUMNS.crazyflie;
  const thrust = { curve: "crazyflie-2.1-plus", batteryV: "pm.vbat" } as const;
  const fit = ["thrust", "inertia"] as const;
  const known = found(text, { ...map, motors: { ...motors, thrust } }, fit);
  for (const name of fit) expect(Math.abs(known[name]!.value - 1), name).toBeLessThan(0.02);
  expect(Math.abs(found(text, undefined, fit).thrust!.value - 1)).toBeGreaterThan(0.1);
});

test("what a flight does not show is said to be not observable, and the rest found without it", () => {
  const noisy = loggedFlight(TASK, 6, { noise: 0.05 });
  const { torqueRatio, thrust } = found(noisy);
  expect(torqueRatio).toMatchObject({ observable: false });
  expect(thrust).toMatchObject({ observable: true });
  expect(Math.abs(thrust!.value - OTHER.thrust)).toBeLessThan(3 * thrust!.halfWidth);
});

test("a delay of more than a control period is found", () => {
  const log = read(loggedFlight({}, 8));
  const commands = log.commands.map(
    (_, i) => log.commands[Math.min(i + 8, log.commands.length - 8 + (i % 4))]!,
  );
  const { parameters } = identify(loadCore(), AIRFRAME, { ...log, commands }, ["delayS"], "flight");
  expect(parameters[0]?.value).toBeCloseTo(0.02, 3);
});

test("of mass and thrust one has to be known", () => {
  const log = read(loggedFlight({}, 6));
  expect(() => identify(loadCore(), AIRFRAME, log, ["mass", "thrust"], "flight")).toThrow(/only their ratio/);
  const { parameters } = identify(loadCore(), AIRFRAME, log, ["mass"], "flight");
  expect(parameters[0]?.value).toBeCloseTo(1, 3);
});

const rows = (text: string) => text.split("\n");
const columnOf = (name: string) => LOG_HEADER.indexOf(name);
const mapColumn = (text: string, name: string, change: (value: number) => number) =>
  rows(text)
    .map((line, i) => {
      const cells = line.split(",");
      if (i > 0) cells[columnOf(name)] = String(change(Number(cells[columnOf(name)])));
      return cells.join(",");
    })
    .join("\n");

test("a log whose columns contradict one another is refused by what is wrong", () => {
  const flight = loggedFlight({}, 6);
  expect(() => read(flight)).not.toThrow();
  const inRadians = ["gyro.x", "gyro.y", "gyro.z"].reduce(
    (text, name) => mapColumn(text, name, (value) => value / 57.3),
    flight,
  );
  expect(() => read(inRadians)).toThrow(
    /^flight\.csv: angular velocity is 0\.01\d times the change of attitude/,
  );
  const inMillimetres = ["x", "y", "z"].reduce(
    (text, axis) => mapColumn(text, `stateEstimate.${axis}`, (value) => 1000 * value),
    flight,
  );
  expect(() => read(inMillimetres)).toThrow(/^flight\.csv: velocity is 0\.00\d times the change of position/);
  expect(() => read(mapColumn(flight, "stateEstimate.qw", () => 0))).toThrow(
    /the quaternion at .* has length/,
  );
  expect(() => read(mapColumn(flight, "motor.m3", () => Number.NaN))).toThrow(
    /row 2, motor\.m3: NaN; expected a number/,
  );
  expect(() => read(flight.replace("gyro.x", "gyroX"))).toThrow(
    /has no column gyro\.x; its columns are Timestamp,/,
  );
  expect(() => read(rows(flight).slice(0, 200).join("\n"))).toThrow(
    /holds 2\.0 s of flight; expected at least 5/,
  );
  expect(() => read(rows(flight).toSpliced(300, 9).join("\n"))).toThrow(
    /^flight\.csv: row 301: 100\.0 ms after the one before/,
  );
  expect(() => read("")).toThrow(/its columns are none/);
});
