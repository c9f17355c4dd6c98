import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { BOUNDS, REWARDS, SENSOR_NOISES, STARTS } from "@spikewing/core";
import { resolveRunConfig } from "@spikewing/rl";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { newFolder } from "../../../scripts/vitest/new-folder.ts";
import { refuse, succeed, TINY } from "./command.ts";

const EXAMPLE = fileURLToPath(new URL("../../../examples/heavy-lifter.json", import.meta.url));
const heavyLifter = JSON.parse(readFileSync(EXAMPLE, "utf8"));

const exampleOf = (name: string) =>
  JSON.parse(readFileSync(fileURLToPath(new URL(`../../../examples/${name}.json`, import.meta.url)), "utf8"));
const EXAMPLES = { reward: exampleOf("smooth-reward"), start: exampleOf("thrown-start") };

/** A file with the example's fields and others. */
function written(fields: object): string {
  const file = join(newFolder(), "mine.json");
  writeFileSync(file, JSON.stringify({ ...heavyLifter, ...fields }));
  return file;
}

const returnOf = (...args: string[]) =>
  JSON.parse(succeed(["evaluate", "--alone", "--episodes", "16", "--json", ...args]).stdout).scores[0]
    .meanReturn;

describe("an airframe of the user's own", () => {
  test("is flown as it says, and named", () => {
    const { stdout } = succeed(["evaluate", "--alone", "--episodes", "4", "--airframe", EXAMPLE]);
    expect(stdout).toContain("4 reserved episodes: heavy-lifter,");
    expect(returnOf("--airframe", written({ massKg: 0.06 }))).toBeLessThan(
      returnOf("--airframe", EXAMPLE) - 50,
    );
  });

  test("with the numbers of a preset flies as the preset", () => {
    const preset = { massKg: 0.027, inertia: [3.85e-6, 3.85e-6, 5.9675e-6], thrust: [0, 0, 3.16e-10] };
    const file = written({ ...preset, torquePerThrust: 0.005964552, motorLagS: [0.15, 0.15] });
    expect(returnOf("--airframe", file)).toBe(returnOf());
  });

  test("is trained on, recorded in the run and in the policy, and named in its firmware", () => {
    const out = join(newFolder(), "run");
    const file = written({ $schema: "airframe.schema.json" });
    succeed(["train", "--config", TINY, "--airframe", file, "--out", out]);
    expect(JSON.parse(readFileSync(join(out, "config.json"), "utf8")).task.airframe).toEqual(heavyLifter);
    const info = JSON.parse(succeed(["info", join(out, "policy.safetensors"), "--json"]).stdout);
    expect(info.record.task.airframe).toEqual(heavyLifter);
    succeed(["firmware", "build", "--policy", join(out, "policy.safetensors"), "--out", join(out, "lib")]);
    expect(readFileSync(join(out, "lib/README.md"), "utf8")).toContain("| trained on | `heavy-lifter` |");
  });

  test("is refused where a field is wrong, missing or unknown", () => {
    const fly = (file: string) => ["evaluate", "--alone", "--airframe", file];
    const light = written({ massKg: 0 });
    refuse(fly(light), `${light}: massKg is 0; expected number to be >=0.001`);
    const reversed = written({ rotorRange: [5, 1] });
    refuse(fly(reversed), `${reversed}: rotorRange is [5,1]; expected the smaller first`);
    const heavy = written({ massKg: 2 });
    refuse(
      fly(heavy),
      `${heavy}: thrust is [0,0,4.2e-10]; which lifts 0.0403 times its weight at full throttle; expected 1.05 to 50`,
    );
    const unknown = written({ colour: "red" });
    refuse(fly(unknown), /mine\.json: .*colour/);
    refuse(fly("nowhere.json"), /^error: nowhere\.json: cannot be read/);
    refuse(
      fly("big"),
      /^error: --airframe: "big"; expected one of crazyflie-l2f, .*or a file that ends with \.json/,
    );
    const config = join(newFolder(), "config.json");
    writeFileSync(config, JSON.stringify({ task: { airframe: { ...heavyLifter, armM: "long" } } }));
    refuse(
      ["train", "--config", config],
      `${config}: task.airframe.armM is "long"; expected number, received string`,
    );
  });
});

describe("a start, a noise, bounds and a reward of the user's own", () => {
  const PARTS = [
    ["start", STARTS["l2f-py"]],
    ["noise", SENSOR_NOISES["l2f-py"]],
    ["bounds", BOUNDS["l2f-py"]],
    ["reward", REWARDS["gym-end"]],
  ] as const;
  const folder = newFolder();
  const files = PARTS.map(([part, preset]) => {
    const file = join(folder, `${part}.json`);
    writeFileSync(file, JSON.stringify({ ...preset, name: `my-${part}`, $schema: `${part}.schema.json` }));
    return file;
  });
  const evaluate = (values: readonly string[]) => {
    const flags = PARTS.flatMap(([part], i) => [`--${part}`, values[i]!]);
    return JSON.parse(succeed(["evaluate", "--alone", "--episodes", "8", "--json", ...flags]).stdout);
  };

  test("with the numbers of presets score as the presets, and are named", () => {
    const own = evaluate(files);
    const preset = evaluate(PARTS.map(([, { name }]) => name));
    expect(own.scores[0].returns).toEqual(preset.scores[0].returns);
    expect(own.protocol.task).toMatchObject({ start: { name: "my-start" }, reward: { name: "my-reward" } });
    const { stdout } = succeed(["evaluate", "--alone", "--episodes", "4", "--reward", files[3]!]);
    expect(stdout).toContain("reward my-reward");
    expect(stdout).not.toContain("end weights"); // the paper's second reward is of the paper's first
  });

  test("are trained on, and refused by their fields", () => {
    const { reward, start } = EXAMPLES;
    const config = join(folder, "config.json");
    const tiny = JSON.parse(readFileSync(TINY, "utf8"));
    const bodies = { reward, start, sensorNoise: SENSOR_NOISES["l2f-py"], bounds: BOUNDS["l2f-py"] };
    writeFileSync(config, JSON.stringify({ ...tiny, algorithm: "bc", task: bodies }));
    const out = join(folder, "run");
    succeed(["train", "--config", config, "--out", out]);
    expect(JSON.parse(readFileSync(join(out, "config.json"), "utf8")).task).toMatchObject(bodies);
    const heavy = join(folder, "heavy.json");
    writeFileSync(heavy, JSON.stringify({ ...reward, actionBaseline: 3 }));
    refuse(["evaluate", "--reward", heavy], `${heavy}: actionBaseline is 3; expected number to be <=1`);
    writeFileSync(config, JSON.stringify({ task: { start: { ...start, angleRad: "any" } } }));
    refuse(
      ["train", "--config", config],
      `${config}: task.start.angleRad is "any"; expected number, received string`,
    );
  });
});

describe("spikewing schema", () => {
  const validatorOf = (file: string) =>
    new Ajv2020({ strict: false }).compile(JSON.parse(succeed(["schema", file]).stdout));

  test("accepts what the commands accept, and finds a slip of the pen", () => {
    const airframe = validatorOf("airframe");
    expect(airframe(heavyLifter)).toBe(true);
    expect(airframe({ ...heavyLifter, $schema: "somewhere" })).toBe(true);
    expect(airframe({ ...heavyLifter, massKG: 1 })).toBe(false);
    for (const part of ["reward", "start"] as const) expect(validatorOf(part)(EXAMPLES[part])).toBe(true);
    const config = validatorOf("config");
    for (const algorithm of ["apg", "td3bc-jsrl"] as const)
      expect(config(JSON.parse(JSON.stringify(resolveRunConfig({ algorithm }, "test"))))).toBe(true);
    expect(config({ task: { airframe: heavyLifter, ...EXAMPLES } })).toBe(true);
    expect(config({ task: { reward: { ...EXAMPLES.reward, positions: 1 } } })).toBe(false);
    expect(config(JSON.parse(readFileSync(TINY, "utf8")))).toBe(true);
    expect(config({ task: { airframe: "crazyfly" } })).toBe(false);
    expect(config({ policy: { drone: 96 } })).toBe(false);
  });
});
