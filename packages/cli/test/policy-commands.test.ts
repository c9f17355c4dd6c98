import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadCore } from "@spikewing/core/node";
import { createActor, decodePolicy, encodePolicy, initialiseActor, policyWeights } from "@spikewing/rl";
import { beforeAll, describe, expect, test } from "vitest";
import { newFolder } from "../../../scripts/vitest/new-folder.ts";
import { refuse, run, runTogether, succeed, TINY } from "./command.ts";
import { ofArguments, testRefusals } from "./refusals.ts";

const folder = join(newFolder(), "run");
const policy = join(folder, "policy.safetensors");
const guide = join(folder, "guide.safetensors");
const shippedAnn = fileURLToPath(import.meta.resolve("@spikewing/rl/policies/ann.safetensors"));
const json = (args: readonly string[], cwd?: string) => JSON.parse(succeed([...args, "--json"], cwd).stdout);

beforeAll(() => {
  succeed(["train", "--config", TINY, "--out", folder]);
});

/** The CSV of a short flight with each of these. */
function flyTogether(flags: readonly (readonly string[])[]): readonly string[] {
  const calls = flags.map((given) => {
    const cwd = newFolder();
    return { args: ["fly", policy, "--seconds", "0.2", "--out", "flight", ...given], cwd };
  });
  expect(runTogether(calls).map(({ status }) => status)).toEqual(calls.map(() => 0));
  return calls.map(({ cwd }) => readFileSync(join(cwd, "flight/flight.csv"), "utf8"));
}

describe("spikewing narrow", () => {
  test("writes a policy with i8 weights and scores both", () => {
    const out = join(newFolder(), "narrow.safetensors");
    const { scores, weightBytes } = json(["narrow", policy, "--out", out]);
    const written = decodePolicy(readFileSync(out), out);
    expect(written.shape).toMatchObject({ weightFormat: "i8" });
    expect(weightBytes.i8).toBe(written.weights.length);
    expect(scores.map(({ role }: { role: string }) => role)).toEqual(["i16", "i8"]);
    const first =
      scores[1].returns.slice(0, 100).reduce((sum: number, value: number) => sum + value, 0) / 100;
    expect(written.record.evaluation).toMatchObject({
      protocol: { episodes: 100 },
      meanReturn: expect.closeTo(first, 9),
    });
    expect(json(["evaluate", out, "--alone"]).scores[0].returns).toEqual(scores[1].returns);
    expect(succeed(["info", out]).stdout).toMatch(/^example +ok /m);
  });

  test("refuses a dense policy, a narrow one and a file that is there", () => {
    const out = join(newFolder(), "narrow.safetensors");
    refuse(["narrow", guide, "--out", out], `${guide}: kind is dense; expected spiking`);
    refuse(["narrow", policy, "--out", policy], `${policy}: exists already; expected a new file`);
    succeed(["narrow", policy, "--out", out]);
    refuse(["narrow", out, "--out", `${out}2`], `${out}: its weights are i8 already`);
    refuse(["narrow", policy], "required option '--out <file>' not specified");
  });
});

describe("spikewing evaluate", () => {
  test("scores policy and guide by the protocol, under start and end weights", () => {
    const { protocol, scores } = json(["evaluate", policy, "--ann", guide]); // no shipped ANN: they fly on
    expect(protocol).toMatchObject({ episodes: 4000, policyFrom: 0, otherReward: "paper-end" });
    expect(protocol.task).toMatchObject({ airframe: "crazyflie-l2f", reward: "paper-start" });
    expect(scores[0]).toMatchObject({ role: "policy", file: policy });
    expect(scores[1]).toMatchObject({ role: "guide", file: guide, spikeRates: [] });
    expect(scores[0].returns).toHaveLength(4000);
    const mean = scores[0].returns.reduce((sum: number, value: number) => sum + value, 0) / 4000;
    expect(scores[0].meanReturn).toBeCloseTo(mean, 9);
    expect(scores[0].otherMeanReturn).toBeLessThan(scores[0].meanReturn);
    expect(scores[0].spikeRates[0]).toBeGreaterThan(0);
  });

  test("prints a table with a row a policy", () => {
    const lines = succeed(["evaluate", policy, "--ann", guide]).stdout.trimEnd().split("\n");
    expect(lines[0]).toBe(
      "4000 reserved episodes: crazyflie-l2f, start l2f, noise l2f, bounds l2f, reward paper-start",
    );
    expect(lines[1]).toMatch(
      /return +\+- +first 100 +spread +crashed +95 % +uncrashed +end weights +error \(m\) +after 2 s +offset +change +spike rates/,
    );
    expect(lines[2]).toMatch(
      /^policy +-?\d+\.\d +\d+\.\d +-?\d+\.\d +\d+\.\d +\d+\.\d % +\d+\.\d \.\. \d+\.\d /,
    );
    expect(lines[3]).toMatch(/^guide /);
    expect(lines).toHaveLength(4); // the guide is not scored twice
  });

  test("scores the policy that is named behind an ANN, and every ANN that is named", () => {
    const { scores } = json(["evaluate", "--episodes", "40", "--ann", guide, "--ann", shippedAnn, policy]);
    expect(scores.map(({ role, file }: { role: string; file: string }) => [role, file])).toEqual([
      ["policy", policy],
      ["guide", guide],
      ["ANN", shippedAnn],
    ]);
  });

  test("takes presets by name, and gives the same with any number of workers", () => {
    const flags = [
      "--airframe",
      "crazyflie-l2f-py",
      "--start",
      "l2f-py",
      "--noise",
      "none",
      "--bounds",
      "l2f-py",
    ];
    const args = ["evaluate", policy, "--alone", "--reward", "l2f-target", ...flags];
    const one = json([...args, "--workers", "1"]);
    expect(one.protocol.task).toEqual({
      airframe: "crazyflie-l2f-py",
      start: "l2f-py",
      sensorNoise: "none",
      bounds: "l2f-py",
      reward: "l2f-target",
      delayS: [0, 0],
    });
    expect(one.scores).toHaveLength(1);
    expect(json([...args, "--workers", "4"])).toEqual(one);
    const late = json([...args, "--delay", "6"]);
    expect(late.protocol.task.delayS).toEqual([0.006, 0.006]);
    expect(late.scores[0].meanReturn).not.toBe(one.scores[0].meanReturn);
  });
});

describe("spikewing evaluate, longer and under more conditions", () => {
  test("scores in as many episodes as asked, of which the first are those of a shorter score", () => {
    const { protocol, scores } = json(["evaluate", policy, "--alone", "--episodes", "20"]);
    expect(protocol.episodes).toBe(20);
    const longer = json(["evaluate", policy, "--alone", "--episodes", "40"]).scores[0].returns;
    expect(longer.slice(0, 20)).toEqual(scores[0].returns);
    refuse(["evaluate", policy, "--episodes", "10"], '--episodes: "10"; expected a multiple of 4');
    refuse(["evaluate", policy, "--episodes", "0"], '--episodes: "0"; expected an integer from 4 to 100000');
  });

  test("scores robustness as each condition is scored by itself, and draws it", () => {
    const picture = join(newFolder(), "robustness.svg");
    const args = ["evaluate", policy, "--alone", "--episodes", "20"];
    const { conditions, tracking } = json([...args, "--robustness", picture]);
    const of = (name: string) =>
      conditions.find((row: { name: string }) => row.name === name).scores[0].meanReturn;
    const alone = [
      ["as it is"],
      ["delay 4 ms", "--delay", "4"],
      ["delay 0 .. 6 ms", "--delay", "0..6"],
      ["mass x 1.3", "--mass", "1.3"],
      ["thrust x 1.4", "--thrust", "1.4"],
      ["battery 3.7 V", "--battery", "3.7"],
      ["wind 20 mN", "--wind", "20"],
    ] as const;
    const scores = runTogether(alone.map(([, ...flags]) => ({ args: [...args, ...flags, "--json"] })));
    for (const [i, [name]] of alone.entries())
      expect(of(name)).toBe(JSON.parse(scores[i]!.stdout).scores[0].meanReturn);
    refuse(
      [...args, "--robustness", picture, "--delay", "3"],
      "--robustness: varies the task by itself; expected it without delay 3 ms",
    );
    const returns = conditions.map(
      ({ scores }: { scores: { meanReturn: number }[] }) => scores[0]!.meanReturn,
    );
    expect(new Set(returns).size).toBe(conditions.length); // every condition is one
    const trajectories = tracking[0].map(({ trajectory }: { trajectory: string }) => trajectory);
    expect(trajectories).toEqual(["hover", "circle", "figure-eight", "figure-eight-l2f", "square"]);
    expect(readFileSync(picture, "utf8")).toMatch(/Return[\s\S]*Crashed[\s\S]*delay \(ms\)/);
  });
});

describe("what a flight is varied by", () => {
  const flags = ["--delay", "0..6", "--mass", "1.2", "--thrust", "1.4", "--battery", "3.7..4.2"];
  const wind = ["--wind", "20", "--yaw=-10..10"];

  test("is told by flags and said with the score, and changes it", () => {
    const varied = json(["evaluate", policy, "--alone", ...flags, ...wind, "--workers", "1"]);
    expect(varied.protocol.task.variation).toEqual({
      mass: [1.2, 1.2],
      thrust: [1.4, 1.4],
      batteryV: [3.7, 4.2],
      windMn: [20, 20],
      yawUnm: [-10, 10],
    });
    expect(varied.protocol.task.delayS).toEqual([0, 0.006]);
    expect(json(["evaluate", policy, "--alone", ...flags, ...wind, "--workers", "4"])).toEqual(varied);
    const plain = json(["evaluate", policy, "--alone"]);
    expect(plain.protocol.task).not.toHaveProperty("variation");
    expect(varied.scores[0].returns).not.toEqual(plain.scores[0].returns);
    expect(succeed(["evaluate", policy, "--alone", "--delay", "4", "--mass", "0.7..1.3"]).stdout).toMatch(
      /reward paper-start, delay 4 ms, mass x 0\.7 \.\. 1\.3\n/,
    );
  });

  test("reaches the flight, by every flag", () => {
    const names = ["--delay", "--mass", "--thrust", "--battery", "--wind", "--yaw"];
    const strengthOf = (flag: string) => (flag === "--battery" ? "3.5" : "1.5");
    const [plain, ...varied] = flyTogether([
      [],
      ...names.flatMap((flag) => [
        [flag, strengthOf(flag)],
        [flag, `${strengthOf(flag)}..${strengthOf(flag)}`],
      ]),
    ]);
    for (const [i, flag] of names.entries()) {
      expect(varied[2 * i], flag).not.toBe(plain);
      expect(varied[2 * i], flag).toBe(varied[2 * i + 1]);
    }
  });

  const cases: readonly (readonly [flag: readonly string[], problem: string])[] = [
    [["--delay", "11"], '--delay: "11"; expected a number from 0 to 10'],
    [["--mass", "heavy"], '--mass: "heavy"; expected a number from 0.2 to 5'],
    [["--thrust", "1..2..3"], '--thrust: "1..2..3"; expected a number from 0.2 to 5'],
    [["--battery", "4..3"], '--battery: "4..3"; expected a number from 2.5 to 4.4'],
    [["--wind=-1"], '--wind: "-1"; expected a number from 0 to 1000'],
    [["--yaw", ""], '--yaw: ""; expected a number from -1000 to 1000'],
  ];
  testRefusals(
    ofArguments(
      cases.map(([flag, problem]) => [["evaluate", ...flag], `${problem}, or two of them as low..high`]),
    ),
  );

  test("is no part of the score of a policy that trained with it", () => {
    const out = join(newFolder(), "run");
    const config = join(newFolder(), "varied.json");
    const tiny = JSON.parse(readFileSync(TINY, "utf8"));
    writeFileSync(
      config,
      JSON.stringify({ ...tiny, task: { variation: { mass: [0.9, 1.1], gustsMn: 10 } } }),
    );
    succeed(["train", "--config", config, "--guide", guide, "--out", out]);
    const trained = decodePolicy(readFileSync(join(out, "policy.safetensors")), out);
    expect(trained.record.task).toMatchObject({ variation: { mass: [0.9, 1.1], gustsMn: 10 } });
    expect(trained.weights).not.toEqual(decodePolicy(readFileSync(policy), policy).weights);
    const { protocol, scores } = JSON.parse(readFileSync(join(out, "evaluation.json"), "utf8"));
    expect(protocol.task).not.toHaveProperty("variation");
    const again = json(["evaluate", join(out, "policy.safetensors"), "--alone"]);
    expect(again.scores[0].returns).toEqual(scores[0].returns);
  });
});

describe("spikewing fly", () => {
  test("writes the flight as CSV, a row a step, and as a picture", () => {
    const cwd = newFolder();
    const result = json(
      ["fly", policy, "--trajectory", "circle", "--seconds", "0.3", "--out", "flight"],
      cwd,
    );
    const [header, ...rows] = readFileSync(join(cwd, "flight/flight.csv"), "utf8").trimEnd().split("\n");
    expect(header!.split(",")).toHaveLength(1 + 3 + 6 + 4 + 3 + 3 + 4 + 4 + 1);
    expect(header).toMatch(/^t,position_x,position_y,position_z,target_x,.*,action_4,reward$/);
    expect(rows).toHaveLength(31);
    const values = rows.map((row) => row.split(",").map(Number));
    expect(values.flat().every(Number.isFinite)).toBe(true);
    const errors = values.map((row) => Math.hypot(row[1]! - row[4]!, row[2]! - row[5]!));
    const mean = errors.reduce((sum, value) => sum + value, 0) / errors.length;
    expect(result.meanPositionErrorXyM).toBeCloseTo(mean, 6);
    expect(readFileSync(join(cwd, "flight/flight.svg"), "utf8")).toMatch(
      /From above[\s\S]*From the side[\s\S]*Distance/,
    );
    expect(readdirSync(join(cwd, "flight"))).toEqual(["flight.csv", "flight.svg"]);
  });

  test("flies the same for one seed, and otherwise for another", () => {
    const [one, again, other] = flyTogether([
      ["--seed", "1"],
      ["--seed", "1"],
      ["--seed", "2"],
    ]);
    expect(one).toBe(again);
    expect(one).not.toBe(other);
  });

  test("blows gusts on the drone when asked to", () => {
    const [gusts, again, none, plain] = flyTogether([
      ["--gusts", "20"],
      ["--gusts", "20"],
      ["--gusts", "0"],
      [],
    ]);
    expect(gusts).toBe(again);
    expect(gusts).not.toBe(none);
    expect(none).toBe(plain);
  });

  test("takes size and period of the trajectory", () => {
    const plan = (...flags: string[]) =>
      json(["fly", policy, "--seconds", "0.1", "--out", newFolder(), ...flags]).plan;
    expect(plan("--trajectory", "square")).toMatchObject({ trajectory: "square", size: 0.5, period: 16 });
    expect(plan("--trajectory", "square", "--size", "2", "--period", "8")).toMatchObject({
      size: 2,
      period: 8,
    });
  });
});

describe("spikewing info", () => {
  test("describes a policy and replays its example", () => {
    const result = json(["info", policy]);
    expect(result).toMatchObject({
      kind: "policy",
      sizes: [18, 16, 8, 4],
      footprint: { parameters: 524, stateBytes: 96 },
      example: { steps: 64, differing: 0 },
      record: { algorithm: "td3bc-jsrl", seed: 0 },
    });
    expect(succeed(["info", policy]).stdout).toMatch(/^example +ok \(64 steps equal, bit for bit\)$/m);
  });

  test("describes a guide and a checkpoint", () => {
    expect(json(["info", guide])).toMatchObject({ sizes: [146, 16, 4], record: { level: "expert" } });
    expect(json(["info", join(folder, "checkpoint.safetensors")])).toMatchObject({
      kind: "checkpoint",
      phase: "policy",
      progress: { round: 12 },
      config: { preset: "fast" },
    });
  });

  test("fails when the core does not give the actions of the example", () => {
    const decoded = decodePolicy(readFileSync(policy), policy);
    decoded.example!.actions[17]! ^= 1;
    const path = join(newFolder(), "wrong.safetensors");
    writeFileSync(path, encodePolicy(decoded));
    const { status, stdout } = run(["info", path]);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^example +not ok \(1 of 64 steps differ\)$/m);
  });
});

test("what decides in several passes is described, scored and flown, and no board's nor another tool's", () => {
  const [file, out] = [join(newFolder(), "passes.safetensors"), newFolder()];
  const layers = { hidden: [16, 8], productBits: 25, weightBits: [12, 12], inputGain: [1, 1, 1, 1] } as const;
  const shape = { kind: "spiking-passes", ...layers, passes: 4, history: true } as const;
  const core = loadCore();
  const actor = createActor(core, shape);
  initialiseActor(core, actor, 3, 0);
  writeFileSync(file, encodePolicy({ shape, weights: policyWeights(core, actor), record: {} }));
  expect(succeed(["info", file]).stdout).toContain(
    "policy, spiking (LIF), sees past actions, 4 passes a decision 146-16-8-4\n",
  );
  const { scores } = json(["evaluate", file, "--alone", "--episodes", "8"]);
  expect(scores[0].spikeRates[0]).toBeGreaterThan(0);
  expect(scores[0].spikeRates[0]).toBeLessThan(1); // a neuron and pass
  succeed(["fly", file, "--seconds", "0.1", "--out", join(out, "flight")]);
  const refusal = `${file}: kind is spiking-passes; expected spiking`;
  refuse(["fly", file, "--nirdata", "--out", join(out, "spikes")], refusal);
  refuse(["narrow", file, "--out", join(out, "narrow")], refusal);
  refuse(["export", "nir", join(out, "graph.nir"), "--policy", file], refusal);
  refuse(
    ["firmware", "build", "--target", "generic", "--policy", file, "--out", join(out, "firmware")],
    `${refusal}: a board flies nothing else`,
  );
});

test("the shipped policy is the one that commands take when none is named", () => {
  expect(json(["info"])).toMatchObject({ sizes: [18, 256, 128, 4], example: { differing: 0 } });
  const hover = json(["fly", "--trajectory", "hover", "--out", newFolder()]);
  expect(hover).toMatchObject({ steps: 500, leftBoundsAtS: null });
  const [policyScore, guideScore] = json(["evaluate", "--episodes", "40"]).scores;
  expect(policyScore.file).toMatch(/snn\.safetensors$/);
  expect(policyScore.meanReturn).toBeGreaterThan(400);
  expect(guideScore.file).toMatch(/guide-expert\.safetensors$/);
});

describe("a policy that is cut or damaged is refused by name", () => {
  const bytes = () => readFileSync(policy);
  const damaged = () => {
    const changed = bytes();
    changed[changed.length - 100]! ^= 1;
    return changed;
  };
  testRefusals([
    ...[0, 7, 500, -1].map((cut) => ({
      name: `cut at byte ${cut}`,
      args: ["info", "cut.safetensors"],
      line: /^error: cut\.safetensors: /,
      files: { "cut.safetensors": () => bytes().subarray(0, cut) },
    })),
    ...["info", "evaluate", "fly"].map((command) => ({
      name: `by ${command}, with one bit changed`,
      args: [command, "bad.safetensors"],
      line: "bad.safetensors: the checksum does not match (the file is damaged)",
      files: { "bad.safetensors": damaged },
    })),
  ]);
});
