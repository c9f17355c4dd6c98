import { loadCore } from "@spikewing/core/node";
import {
  createActor,
  decodePolicy,
  encodePolicy,
  initialiseActor,
  policyWeights,
  SpikewingError,
} from "@spikewing/rl";
import { describe, expect, test } from "vitest";
import { type FlightInput, MAX_INPUTS, type TimedInput } from "../src/flight-input.js";
import { decodeLink, encodeLink, MAX_POLICIES } from "../src/flight-link.js";
import { DEFAULT_SETTINGS, parseSetting, type SettingName } from "../src/flight-settings.js";
import { MAX_POLICY_BYTES, type PackedPolicy, packPolicy, unpackPolicy } from "../src/packed-policy.js";

/** Of everything random here. */
const SEED = 20_251_024;
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/** Damaged policies in links; a million take a quarter of an hour. */
const PACKED_CASES = Number(process.env.PACKED_CASES ?? 600);

/** Integers from 0 below a number: xorshift32. */
function randomBelow(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return Math.floor(((state >>> 0) / 2 ** 32) * n);
  };
}

const INPUTS: readonly TimedInput[] = [
  { step: 4, input: { kind: "push", force: [40, -20, 10], yaw: 0, steps: 20 } },
  { step: 4, input: { kind: "target", position: [0.25, -0.5, 0.1] } },
  { step: 90, input: { kind: "change", name: "windX", value: -12 } },
  { step: 95, input: { kind: "lesion", percent: 35 } },
  { step: 96, input: { kind: "silence", neuron: 17, isSilent: true } },
];
const FLIGHT = {
  policies: ["snn 2", "mine"],
  files: [{ name: "mine", bytes: 12, data: "S0xKTklNSwcA" }],
  settings: { ...DEFAULT_SETTINGS, seed: 77, mass: 1.15, path: "figure-eight", noise: 2.5 } as const,
  inputs: INPUTS,
  check: { step: 120, hash: 0xfe00_12ab },
  challenge: 412_345,
};

describe("flight link", () => {
  test("comes back as it was", () => {
    expect(decodeLink(encodeLink(FLIGHT))).toEqual({ flight: FLIGHT, problems: [] });
  });

  test("an empty link is the default flight", () => {
    const { flight, problems } = decodeLink("");
    expect(problems).toEqual([]);
    expect(flight.settings).toEqual(DEFAULT_SETTINGS);
  });

  test.each([
    ["mass=9", 'mass is "9"; expected a number from 0.7 to 1.6'],
    ["seed=1.5", 'seed is "1.5"; expected an integer from 0 to 4294967295'],
    ["seed=", 'seed is ""; expected an integer from 0 to 4294967295'],
    [
      "path=spiral",
      'path is "spiral"; expected one of hover, circle, figure-eight, figure-eight-l2f, square',
    ],
    ["inputs=5x1", 'input 1 "5x1": expected a step, then p, t, c, l or n'],
    ["inputs=5t1,2", 'input 1 "5t1,2": 2 numbers; expected 3'],
    ["inputs=9t0,0,0~5t0,0,0", "input 2 is at step 5, before 9"],
    ["inputs=5l101", 'input 1 "5l101": expected a share of neurons, an integer from 0 to 100 %'],
    ["inputs=5n3,2", 'input 1 "5n3,2": a neuron is silent, 1, or speaks, 0'],
    ["inputs=5n10000,1", 'input 1 "5n10000,1": expected a neuron, an integer from 0 to 9999'],
    ["inputs=5cseed,3", 'input 1 "5cseed,3": "seed" is no setting that can change in flight'],
    ["inputs=5p0,0,Infinity,0,1", 'input 1 "5p0,0,Infinity,0,1": expected numbers from -1000 to 1000'],
    ["challenge=4.5", 'challenge is "4.5"; expected thousandths of a return'],
    ["file=mine.12", 'file is "mine.12"; expected NAME.BYTES.DATA'],
    ["file=mine.12.a*", 'file is "mine.12.a*"; expected NAME.BYTES.DATA'],
    ["file=mine.1000001.AAAA", 'file "mine" has 1000001 bytes; expected 1 to 1000000'],
    [`file=mine.9.${"A".repeat(200)}`, 'file "mine" is longer packed than unpacked'],
    ["policy=a&".repeat(7), "more than 6 policies"],
    ["check=zz", 'check is "zz"; expected STEP.HASH'],
    ["__proto__=1", 'unknown field "__proto__"'],
  ])("%s is named and keeps the default", (text, problem) => {
    const { flight, problems } = decodeLink(text);
    expect(problems).toEqual([problem]);
    expect(flight.settings).toEqual(DEFAULT_SETTINGS);
    expect(flight.inputs).toEqual([]);
  });

  test("a text of any length is read, and what is wrong is said in short", () => {
    const long = "x".repeat(100_000);
    for (const text of [
      `seed=${long}`,
      `${long}=1`,
      `inputs=${long}`,
      `inputs=5c${long},1`,
      `inputs=5t${"1,".repeat(50_000)}`,
      `inputs=${"5t0,0,0~".repeat(10_000)}`,
      `check=${long}`,
      `file=${long}`,
      `file=${long}.12.AAAA`,
      `challenge=${long}`,
    ]) {
      const { problems } = decodeLink(text);
      expect(problems).toHaveLength(1);
      expect(problems[0]!.length).toBeLessThan(160);
    }
  });
});

describe("a policy in a link", () => {
  const file = Uint8Array.from({ length: 5000 }, (_, i) => (i * i) % 251);

  test("comes back byte for byte", async () => {
    expect(await unpackPolicy(await packPolicy("mine", file))).toEqual(file);
  });

  test("that unpacks to more than it declares is not unpacked further", async () => {
    const bomb = await packPolicy("bomb", new Uint8Array(50_000_000)); // 50 kB packed
    let unpacked = 0;
    const pull = DecompressionStream.prototype;
    const readable = Object.getOwnPropertyDescriptor(pull, "readable")!;
    Object.defineProperty(pull, "readable", {
      configurable: true,
      get() {
        return readable.get!.call(this).pipeThrough(
          new TransformStream({
            transform(piece, sink) {
              unpacked += piece.length;
              sink.enqueue(piece);
            },
          }),
        );
      },
    });
    try {
      await expect(unpackPolicy({ ...bomb, bytes: 100_000 })).rejects.toThrow(
        'file "bomb" is longer than its 100000 bytes',
      );
    } finally {
      Object.defineProperty(pull, "readable", readable);
    }
    expect(unpacked).toBeLessThan(1_000_000);
  });

  test(`that is damaged is refused in short, unpacked or not, or is the policy itself (seed ${SEED})`, async () => {
    const core = loadCore("simd");
    const actor = createActor(core, { kind: "dense", hidden: [8], activation: "tanh", history: false });
    initialiseActor(core, actor, 3, 0);
    const bare = { shape: actor.shape, weights: policyWeights(core, actor), record: {} };
    const policy = Uint8Array.from(encodePolicy(bare));
    const whole = await packPolicy("mine", policy);
    const bomb = await packPolicy("bomb", new Uint8Array(900_000));
    const below = randomBelow(SEED);
    const damages: readonly (() => PackedPolicy)[] = [
      () => {
        const at = below(whole.data.length);
        const letter = LETTERS[below(LETTERS.length)]!;
        return { ...whole, data: `${whole.data.slice(0, at)}${letter}${whole.data.slice(at + 1)}` };
      },
      () => ({ ...whole, data: whole.data.slice(0, below(whole.data.length) + 1) }),
      () => ({ ...whole, bytes: below(2) ? below(3 * whole.bytes) : below(2 * MAX_POLICY_BYTES) }),
      () => ({
        ...whole,
        data: whole.data.slice(below(whole.data.length)) + whole.data.slice(0, below(whole.data.length)),
      }),
      () => ({ ...bomb, bytes: 1 + below(899_999) }),
    ];
    for (let i = 0; i < PACKED_CASES; i++) {
      const damaged = damages[i % 50 === 49 ? 4 : i % 4]!();
      const { flight, problems } = decodeLink(encodeLink({ ...FLIGHT, files: [damaged] }));
      expect(problems.every(({ length }) => length < 160)).toBe(true);
      const [packed] = flight.files;
      expect(problems.length).toBe(packed ? 0 : 1);
      if (!packed) continue;
      const unpacked = await unpackPolicy(packed).catch((error: Error) => error.message);
      if (typeof unpacked === "string") {
        expect(unpacked).toMatch(/^file "(mine|bomb)" (cannot be unpacked|is (longer|shorter))/);
        continue;
      }
      expect(unpacked.length).toBe(packed.bytes);
      try {
        decodePolicy(unpacked, "mine");
        expect(unpacked).toEqual(policy);
      } catch (error) {
        expect(error).toBeInstanceOf(SpikewingError);
      }
    }
  });
});

const CASES = 1_000_000;
const HOSTILE = [
  ...[
    "-1",
    "0",
    "1e9",
    "1e-9",
    "1e400",
    "NaN",
    "Infinity",
    "0x10",
    "9007199254740993",
    "-0",
    " 5",
    "5 ",
    "٣",
  ],
  ...[
    "hover",
    "__proto__",
    "constructor",
    "%",
    "%00",
    "%ff",
    "%F0%9F%9A%81",
    "&",
    "=",
    "~",
    ",",
    "+",
    "",
    "c",
  ],
  ...[
    "seed",
    "gusts",
    "windX,",
    "p0,0,0,0,1",
    "t0,0,0",
    "cseed,1",
    "1p1,1,1,1,0.5",
    "10000000t0,0,0",
    "l35",
    "n3,1",
    "n1e9,1",
  ],
];

test(`a million damaged links (seed ${SEED}) are read without a throw, and never give a flight out of range`, () => {
  const whole = encodeLink(FLIGHT);
  const tokens = whole.split(/(?<=[=&,~.])|(?=[=&,~.])/);
  const below = randomBelow(SEED);
  const damages: readonly (() => string)[] = [
    () => {
      const characters = [...whole];
      for (let n = below(5); n >= 0; n--)
        characters[below(characters.length)] = String.fromCharCode(below(8) ? 32 + below(95) : below(65_536));
      return characters.join("");
    },
    () => whole.slice(0, below(whole.length)),
    () => whole.slice(below(whole.length)) + whole.slice(0, below(whole.length)),
    () => {
      const damaged = tokens.slice();
      for (let n = below(3); n >= 0; n--) damaged[below(damaged.length)] = HOSTILE[below(HOSTILE.length)]!;
      return damaged.join("");
    },
  ];
  let refused = 0;
  for (let i = 0; i < CASES; i++) {
    const link = damages[i % damages.length]!();
    const { flight, problems } = decodeLink(link);
    const { settings, inputs, policies, files } = flight;
    const inRange = Object.entries(settings).every(
      ([name, value]) => "value" in parseSetting(name as SettingName, String(value)),
    );
    let last = 0;
    const inputsInRange = inputs.every(({ step, input }) => {
      const ordered = Number.isInteger(step) && step >= last;
      last = step;
      return ordered && numbersOf(input).every((value) => Math.abs(value) <= 1000);
    });
    const inShort = problems.every((problem) => problem.length > 0 && problem.length < 160);
    const filesInRange = files.every(({ bytes }) => bytes >= 1 && bytes <= MAX_POLICY_BYTES);
    const few =
      inputs.length <= MAX_INPUTS && policies.length <= MAX_POLICIES && files.length <= MAX_POLICIES;
    if (!inRange || !inputsInRange || !inShort || !filesInRange || !few)
      expect.fail(
        `seed ${SEED}, case ${i}: ${JSON.stringify(link)}: ${JSON.stringify({ flight, problems })}`,
      );
    if (problems.length > 0) refused++;
    else if (i % 16 === 0 && JSON.stringify(decodeLink(encodeLink(flight)).flight) !== JSON.stringify(flight))
      expect.fail(
        `seed ${SEED}, case ${i}: ${JSON.stringify(link)} is another flight when it is written again`,
      );
  }
  expect(refused).toBeGreaterThan(CASES / 10);
  expect(refused).toBeLessThan(CASES);
});

function numbersOf(input: FlightInput): readonly number[] {
  switch (input.kind) {
    case "push":
      return [...input.force, input.yaw, input.steps];
    case "target":
      return input.position;
    case "change":
      return "value" in parseSetting(input.name, String(input.value)) ? [0] : [Number.NaN];
    case "lesion":
      return [input.percent * 10]; // up to 100
    case "silence":
      return [input.neuron / 10]; // up to 9999
  }
}
