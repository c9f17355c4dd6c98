import { readFileSync } from "node:fs";
import { loadCore } from "@spikewing/core/node";
import { expect, test } from "vitest";
import type { FlightLog } from "../src/flight-log/flight-log.js";
import {
  createFlight,
  createPolicyPhase,
  DEFAULT_TASK,
  decodePolicy,
  loadPolicy,
  type RunConfig,
  resolveRunConfig,
  type Task,
} from "../src/index.js";
import { createLoggedExperience } from "../src/logged-experience.js";
import { createReplayBuffer } from "../src/replay-buffer.js";
import { writeTask } from "../src/task.js";
import { poolOf, trainTinyPolicy } from "./tiny-run.js";

const TASK: Task = { ...DEFAULT_TASK, sensorNoise: "none" };
const POLICY = decodePolicy(readFileSync(new URL("../policies/snn.safetensors", import.meta.url)), "snn");

interface Flown {
  readonly log: FlightLog;
  readonly observations: number[];
  readonly rewards: number[];
}

/** What the shipped policy does in an episode, and what was seen and scored in it. */
function flown(episode: number, steps: number, moves: readonly number[] = []): Flown {
  const core = loadCore();
  const flight = createFlight(core, TASK, loadPolicy(core, POLICY), 7);
  flight.reset(episode);
  const [states, commands, targets]: number[][] = [[], [], []];
  const [observations, rewards]: number[][] = [[], []];
  for (let t = 0; t <= steps; t++) {
    if (moves.includes(t)) flight.setTarget([0.2 * (1 + moves.indexOf(t)), 0, 0], [0, 0.01, 0]);
    const { position, quaternion, velocity, angularVelocity, target } = flight.state();
    states!.push(...position, ...quaternion, ...velocity, ...angularVelocity);
    targets!.push(...target);
    observations!.push(...flight.observe());
    flight.step();
    commands!.push(...flight.state().action);
    rewards!.push(flight.state().reward);
  }
  const [s, c, t] = [states!, commands!, targets!].map((values) => Float64Array.from(values));
  const file = { place: `flight-${episode}`, sha256: `${episode}`.padStart(64, "0") };
  const log = {
    ...file,
    steps: steps + 1,
    stepS: 0.01,
    states: s!,
    commands: c!,
    targets: t!,
    pwm: undefined,
  };
  return { log, observations: observations!, rewards: rewards! };
}

const FLIGHTS = [0, 1, 2].map((episode) => flown(episode, 500));
const LOGS = FLIGHTS.map(({ log }) => log);

function store(logs: readonly FlightLog[], episodes = 8) {
  const core = loadCore();
  const replay = createReplayBuffer(core, episodes);
  const experience = createLoggedExperience(core, writeTask(core, TASK), replay, logs);
  const { rows, length } = core.view("Replay", replay.at);
  const [words, lengths] = [
    core.f32(rows, 56 * 501 * episodes),
    new Uint32Array(core.bytes(length, 4 * episodes).slice().buffer),
  ];
  const rowOf = (slot: number, step: number) =>
    words.subarray(56 * (501 * slot + step), 56 * (501 * slot + step + 1));
  return { experience, lengths, rowOf };
}

test("a logged flight is seen and scored as it was in the simulator, bit for bit", () => {
  const { experience, lengths, rowOf } = store(LOGS);
  expect([...lengths]).toEqual([500, 0, 500, 0, 500, 0, 0, 0]); // one for each of the first three shards
  expect(experience.steps).toBe(1500);
  const [{ observations, rewards, log }] = FLIGHTS as [Flown];
  for (const t of [0, 1, 250, 499]) {
    expect([...rowOf(0, t).subarray(0, 18)]).toEqual(observations.slice(18 * t, 18 * (t + 1)));
    expect([...rowOf(0, t).subarray(18, 36)]).toEqual(observations.slice(18 * t, 18 * (t + 1)));
    expect([...rowOf(0, t).subarray(46, 50)]).toEqual([...log.commands.subarray(4 * t, 4 * (t + 1))]);
  }
  const returns = FLIGHTS.map((flight) =>
    flight.rewards.slice(0, 500).reduce((sum, reward) => sum + reward, 0),
  );
  const { episodes, crashes, meanReturn } = experience.fly(1, 0);
  expect([episodes, crashes]).toEqual([3, 0]);
  expect(meanReturn).toBeCloseTo(returns.reduce((sum, value) => sum + value, 0) / 3, 9);
  expect(rewards.length).toBe(501);
});

test("a log is cut where its target jumps, after 500 steps, and where the drone leaves the bounds", () => {
  const moved = flown(0, 700, [50, 120]);
  const { lengths, rowOf } = store([moved.log]);
  expect([...lengths]).toEqual([50, 0, 70, 0, 500, 0, 80, 0]);
  const seen = (slot: number, step: number) => [...rowOf(slot, step).subarray(0, 18)];
  expect(seen(2, 0)).toEqual(moved.observations.slice(18 * 50, 18 * 51));
  expect(seen(0, 50)[0]).toBeCloseTo(seen(2, 0)[0]! + 0.2, 6); // the last state, to the target of before

  const lost = FLIGHTS[0]!.log.states.slice();
  for (let t = 200; t < 300; t++) lost[13 * t] = 0.7;
  const { lengths: cut, rowOf: rows } = store([{ ...LOGS[0]!, states: lost }]);
  expect([...cut]).toEqual([200, 0, 200, 0, 0, 0, 0, 0]);
  expect([rows(0, 198)[55], rows(0, 199)[55], rows(2, 199)[55]]).toEqual([0, 1, 0]);
});

test("logs without target, of PWM of unknown thrust, beyond the bounds or too many are refused", () => {
  const [log] = LOGS as [FlightLog];
  const refuse = (logs: readonly FlightLog[], problem: RegExp, episodes?: number) =>
    expect(() => store(logs, episodes)).toThrow(problem);
  refuse([{ ...log, targets: undefined }], /^flight-0: target is not logged; expected its columns/);
  refuse([{ ...log, pwm: "of unknown thrust" }], /^flight-0: motors are PWM; .* expected motors\.thrust/);
  refuse(
    [{ ...log, targets: log.targets!.map(() => 3) }],
    /^flight-0: the drone is beyond the task's bounds/,
  );
  refuse(
    [...LOGS, ...LOGS],
    /policy\.bufferEpisodes is 4; expected at least 8 \(the logs hold 6 episodes\)/,
    4,
  );
});

const config = (algorithm: "bc" | "td3bc", policy: object): RunConfig =>
  resolveRunConfig(
    {
      algorithm,
      seed: 5,
      overrides: { logs: { files: LOGS.map(({ place: file, sha256 }) => ({ file, sha256 })) }, policy },
    },
    "logged run",
  );
const TINY = {
  rounds: 3,
  evaluateEvery: 3,
  updatesPerRound: 3,
  batchSize: 8,
  environments: 16,
  bufferEpisodes: 32,
  evaluationEpisodes: 8,
  actor: { hidden: [16, 8] },
};

test("behaviour cloning from logs alone learns what they do", () => {
  const policy = {
    ...TINY,
    rounds: 24,
    evaluateEvery: 24,
    updatesPerRound: 25,
    evaluationEpisodes: 16,
    actor: { hidden: [64, 32] },
  };
  const phase = createPolicyPhase(poolOf(1), config("bc", policy), undefined, LOGS);
  const reports = [...phase.run()] as {
    bcLoss: number;
    environmentSteps: number;
    evaluation?: { meanReturn: number };
  }[];
  expect(reports.map(({ environmentSteps }) => environmentSteps)).toEqual(Array(24).fill(1500));
  expect(reports.at(-1)!.bcLoss).toBeLessThan(0.2 * reports[0]!.bcLoss);
  expect(reports.at(-1)!.evaluation!.meanReturn).toBeGreaterThan(0);
});

test.each(["bc", "td3bc"] as const)(
  "%s from logs gives the same bytes for any workers, and after a break",
  (algorithm) => {
    const run = config(algorithm, TINY);
    const bytes = trainTinyPolicy(1, undefined, run, undefined, LOGS);
    expect(trainTinyPolicy("scalar", undefined, run, undefined, LOGS)).toEqual(bytes);
    expect(trainTinyPolicy(2, undefined, run, 2, LOGS)).toEqual(bytes);
    const { record } = decodePolicy(bytes, "policy");
    expect(record.logs).toEqual(LOGS.map(({ sha256 }) => sha256));
  },
);

test("a run from logs says what its config may not be", () => {
  expect(() => resolveRunConfig({ algorithm: "bc", overrides: { logs: { files: [] } } }, "config")).toThrow(
    /^config: logs\.files is \[\]; expected/,
  );
  const logs = { files: [{ file: "a.csv" }] };
  expect(() => resolveRunConfig({ algorithm: "td3", overrides: { logs } }, "config")).toThrow(
    /^config: algorithm is "td3"; expected/,
  );
  expect(() => resolveRunConfig({ overrides: { logs } }, "config")).toThrow(/^config: logs is no field/);
  expect(() =>
    resolveRunConfig({ algorithm: "bc", overrides: { logs, guideLevel: "expert" } }, "config"),
  ).toThrow(/^config: guideLevel is no field/);
});
