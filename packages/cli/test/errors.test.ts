import { describe, expect, test } from "vitest";
import { run, TINY } from "./command.ts";
import { ofArguments, testRefusals } from "./refusals.ts";

describe("a wrong flag is refused in one line", () => {
  testRefusals(
    ofArguments([
      [["train", "--seed", "abc"], '--seed: "abc"; expected an integer from 0 to 4294967295'],
      [["train", "--seed", "4294967296"], '--seed: "4294967296"; expected an integer from 0 to 4294967295'],
      [["train", "--workers", "1.5"], '--workers: "1.5"; expected an integer from 1 to 4'],
      [
        ["train", "--preset", "fats"],
        '--preset: "fats"; expected one of fast, paper, no-delay, robust, real-crazyflie, all-around',
      ],
      [
        ["train", "--algorithm", "ppo"],
        '--algorithm: "ppo"; expected one of apg, staged, distil, td3bc-jsrl, td3bc, bc, td3',
      ],
      [
        ["guide", "--guide-level", "good"],
        '--guide-level: "good"; expected one of novice, intermediate, expert',
      ],
      [
        ["train", "--checkpoint-every", "soon"],
        '--checkpoint-every: "soon"; expected a number from 0 to 1000000',
      ],
      [
        ["fly", "--trajectory", "spiral"],
        '--trajectory: "spiral"; expected one of hover, circle, figure-eight, figure-eight-l2f, square',
      ],
      [["fly", "--size", "-1"], '--size: "-1"; expected a number from 0 to 10'],
      [["fly", "--period", "NaN"], '--period: "NaN"; expected a number from 0.5 to 1000'],
      [["evaluate", "--noise", "loud"], /^error: --noise: "loud"; expected one of l2f, l2f-py, none/],
      [["evaluate", "--airframe", "b52"], /^error: --airframe: "b52"; expected one of crazyflie-l2f, /],
      [["trian"], "unknown command 'trian' (Did you mean train?)"],
      [["train", "--sed", "1"], "unknown option '--sed' (Did you mean --seed?)"],
      [["train", "--\u001b[31m"], "unknown option '--\\u{1b}[31m'"],
      [["train", "--seed"], "option '--seed <n>' argument missing"],
      [["evaluate", "--ann", "x", "--alone"], "option '--ann <file>' cannot be used with option '--alone'"],
      [
        ["evaluate", "--alone", "--guide", "x"],
        "option '--guide <file>' cannot be used with option '--alone'",
      ],
      [["evaluate", "--ann", "x", "nowhere"], "nowhere: cannot be read: no such file or directory"],
      [["train", "extra"], "too many arguments for 'train'. Expected 0 arguments but got 1."],
    ]),
  );
});

describe("a wrong config file is refused by file and field, and no run is begun", () => {
  const cases: readonly (readonly [text: string, line: string | RegExp])[] = [
    ["[1", /^error: c\.json: is not JSON: /],
    ["[1]", "c.json: holds [1]; expected an object"],
    [
      '{"preset":"slow"}',
      'c.json: preset is "slow"; expected one of "fast"|"paper"|"no-delay"|"robust"|"real-crazyflie"|"all-around"',
    ],
    ['{"seed":-1}', "c.json: seed is -1; expected number to be >=0"],
    ['{"policy":{"rounds":"many"}}', 'c.json: policy.rounds is "many"; expected number, received string'],
    [
      '{"algorithm":"td3bc-jsrl","policy":{"batchSize":0}}',
      "c.json: policy.batchSize is 0; expected number to be >=4",
    ],
    [
      '{"algorithm":"td3bc-jsrl","guide":{"batchsize":64}}',
      /^error: c\.json: guide\.batchsize is no field; expected one of .*batchSize/,
    ],
    [
      '{"task":{"airframe":"b52"}}',
      /^error: c\.json: task\.airframe is "b52"; expected one of "crazyflie-l2f"/,
    ],
    ['{"guide":{}}', "c.json: guide is no field; expected one of preset, seed, algorithm, task, policy"],
    [
      '{"preset":"paper","algorithm":"apg"}',
      'c.json: preset is "paper"; with apg expected fast, no-delay, robust, real-crazyflie, all-around',
    ],
    ['{"task":{"delayS":[0,1]}}', "c.json: task.delayS.1 is 1; expected number to be <=0.01"],
    ['{"task":null}', "c.json: task is null; expected object, received null"],
    ['{"policy":{"constructor":1}}', /^error: c\.json: policy\.constructor is no field; /],
    [
      `{"seed":${"[".repeat(20_000)}${"]".repeat(20_000)}}`,
      "c.json: seed is a list; expected number, received array",
    ],
    [`{"${"x".repeat(1e6)}":1}`, /^error: c\.json: x{60}\.\.\. is no field; .{1,200}$/m],
    ['{"\\u001b[31m":1}', /^error: c\.json: \\u\{1b\}\[31m is no field; /],
    ['{"seed":1579075565}', /^error: c\.json: seed is 1579075565; expected none of /],
    [
      '{"algorithm":"td3bc-jsrl","policy":{"firstSteps":1}}',
      /^error: c\.json: policy\.firstSteps is 1; expected at least 250 /,
    ],
    [
      '{"algorithm":"td3bc-jsrl","guide":{"bufferEpisodes":20000}}',
      /^error: c\.json: guide\.bufferEpisodes is 20000; expected at most \d+ \(the guide's memory is \d+ MiB\)$/m,
    ],
    [
      '{"algorithm":"td3bc-jsrl","policy":{"batchSize":2048,"sequenceLength":500}}',
      /^error: c\.json: policy\.batchSize is 2048; expected at most \d+ /,
    ],
    [
      '{"algorithm":"td3bc-jsrl","policy":{"criticHidden":[16]}}',
      /policy\.criticHidden is \[16\]; expected \[64,64\], as the guide's critics /,
    ],
    [
      '{"policy":{"surrogateSlope":{"kind":"steep"}}}',
      /^error: c\.json: policy\.surrogateSlope\.kind is "steep"; /,
    ],
  ];
  const args = ["train", "--config", "c.json", "--out", "run"];
  testRefusals(
    cases.map(([text, line]) => ({ name: text.slice(0, 60), args, line, files: { "c.json": () => text } })),
  );
});

describe("a file that is not there or not what it should be is refused by name", () => {
  testRefusals(
    ofArguments([
      [["info", "nowhere"], "nowhere: cannot be read: no such file or directory"],
      [["info", "."], ".: cannot be read: illegal operation on a directory"],
      [["info", TINY], /^error: .*tiny\.json: .*not a policy file/],
      [["evaluate", "nowhere"], "nowhere: cannot be read: no such file or directory"],
      [["fly", "nowhere"], "nowhere: cannot be read: no such file or directory"],
      [["train", "--guide", "nowhere"], "nowhere: cannot be read: no such file or directory"],
      [["train", "--config", "nowhere"], "nowhere: cannot be read: no such file or directory"],
      [
        ["train", "--config", TINY, "--out", "/proc/x"],
        "/proc/x: cannot be written: no such file or directory",
      ],
      [["fly", "--out", "/proc/x/y"], "/proc/x/y: cannot be written: no such file or directory"],
      [["firmware", "build", "--out", "/proc/x"], "/proc/x: cannot be written: no such file or directory"],
      [["narrow", "--out", "/proc/x"], "/proc/x: cannot be written: no such file or directory"],
      [
        ["train", "--config", TINY, "--out", `${TINY}/run`],
        `${TINY}/run: cannot be written: not a directory`,
      ],
    ]),
  );
});

test("help and version are no errors", () => {
  for (const args of [["--help"], ["train", "--help"], ["--version"]]) {
    const { status, stdout, stderr } = run(args);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).not.toBe("");
  }
});
