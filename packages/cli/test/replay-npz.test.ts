import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SpikewingError } from "@spikewing/rl";
import { readTransitions } from "@spikewing/rl/identification";
import { beforeAll, expect, test } from "vitest";
import { newFolder } from "../../../scripts/vitest/new-folder.ts";
import { decodeNpz, encodeNpz } from "../dist/npz.js";
import { refuse, succeed, TINY } from "./command.ts";

const { policy } = JSON.parse(readFileSync(TINY, "utf8"));

let folder: string;
let buffer: string;
let offline: string;
beforeAll(() => {
  folder = newFolder();
  buffer = join(folder, "buffer.npz");
  offline = join(folder, "offline.json");
  writeFileSync(offline, JSON.stringify({ policy: { ...policy, rounds: 1, evaluateEvery: 1 } }));
  succeed(["train", "--config", TINY, "--out", join(folder, "run"), "--workers", "1"]);
  succeed(["export", "npz", buffer, "--run", join(folder, "run")]);
});

/** Debian's own interpreter, which has NumPy beside h5py. */
function numpy(script: string, ...args: readonly string[]): string {
  const { stdout, stderr } = spawnSync("/usr/bin/python3", ["-c", script, ...args], { encoding: "utf8" });
  expect(stderr).toBe("");
  return stdout;
}

const LOOK = `
import json, sys, numpy
with numpy.load(sys.argv[1]) as file:
    a = {name: file[name] for name in file.files}
inside = ~(a["terminals"] | a["timeouts"])[:-1]
print(json.dumps({
    "types": {name: str(array.dtype) + " " + str(list(array.shape[1:])) for name, array in a.items()},
    "rows": sorted({len(array) for array in a.values()}),
    "ends": int(a["terminals"].sum() + a["timeouts"].sum()),
    "endsLast": bool(a["terminals"][-1] | a["timeouts"][-1]),
    "follows": bool((a["next_observations"][:-1][inside] == a["observations"][1:][inside]).all()),
    "follow past": bool((a["past_actions"][1:][inside] == a["actions"][:-1][inside]).all()),
    "reward": float(abs(a["rewards"] - (1 - a["reward_terms"] @ numpy.array(json.loads(sys.argv[2])))).max()),
}))`;

/** Of the reward paper-start: position, velocity, angular velocity, action, attitude (docs/REFERENCE.md, 3.1). */
const WEIGHTS = [1, 0.01, 0, 0.14 / 4, 0.25];

test("a replay buffer is in NumPy what D4RL names it, and gives the same file when a run has learned from it", () => {
  const { steps, episodes } = JSON.parse(
    succeed(["export", "npz", join(folder, "again.npz"), "--run", join(folder, "run"), "--json"]).stdout,
  );
  const found = JSON.parse(numpy(LOOK, buffer, JSON.stringify(WEIGHTS)));
  expect(found).toEqual({
    types: {
      observations: "float32 [18]",
      next_observations: "float32 [18]",
      actions: "float32 [4]",
      rewards: "float32 []",
      privileged_observations: "float32 [28]",
      next_privileged_observations: "float32 [28]",
      past_actions: "float32 [4]",
      reward_terms: "float32 [5]",
      terminals: "bool []",
      timeouts: "bool []",
    },
    rows: [steps],
    ends: episodes,
    endsLast: true,
    follows: true,
    "follow past": true,
    reward: expect.closeTo(0, 5),
  });
  expect(episodes).toBeGreaterThan(20);
  const out = join(folder, "from-buffer");
  succeed(["train", "--algorithm", "td3bc", "--logs", buffer, "--config", offline, "--out", out]);
  succeed(["export", "npz", join(folder, "back.npz"), "--run", out]);
  expect(readFileSync(join(folder, "back.npz")).equals(readFileSync(buffer))).toBe(true);
});

/** What a user of NumPy may make of it: D4RL's names alone, doubles, compressed, another reward, no successors. */
const RELABEL = `
import sys, numpy
with numpy.load(sys.argv[1]) as a:
    numpy.savez_compressed(sys.argv[2], observations=a["observations"].astype("f8"), actions=a["actions"],
        rewards=-numpy.abs(a["observations"][:, 2]), terminals=a["terminals"].astype("u1"), timeouts=a["timeouts"],
        **{"infos/qpos": a["observations"][:, :3]})`;

test("rewards without their terms are learned from as they are, by critics that see the history", () => {
  const own = join(folder, "own.npz");
  numpy(RELABEL, buffer, own);
  const args = ["train", "--algorithm", "td3bc", "--logs", own];
  refuse(
    [...args, "--config", offline, "--out", join(folder, "none")],
    `${own}: has no privileged_observations, which policy.criticInput privileged asks for; expected them, or policy.criticInput history`,
  );
  const history = join(folder, "history.json");
  writeFileSync(
    history,
    JSON.stringify({ policy: { ...policy, rounds: 1, evaluateEvery: 1, criticInput: "history" } }),
  );
  const out = join(folder, "own");
  succeed([...args, "--config", history, "--out", out]);
  succeed(["export", "npz", join(folder, "own-back.npz"), "--run", out]);
  const same = numpy(
    `
import sys, numpy
with numpy.load(sys.argv[1]) as a, numpy.load(sys.argv[2]) as b:
    ends = a["terminals"].astype(bool) | a["timeouts"]
    kept = ~(ends & ~a["terminals"].astype(bool))
    print(len(b["rewards"]) > 500, all((a[name][kept].astype("f4") == b[name]).all() for name in ["observations", "actions", "rewards"]))`,
    own,
    join(folder, "own-back.npz"),
  );
  expect(same).toBe("True True\n");
});

const rows = (shape: readonly number[], value = 0) => ({
  shape,
  values: new Float32Array(shape.reduce((product, size) => product * size, 1)).fill(value),
});
const flags = (...values: readonly number[]) => ({
  shape: [values.length],
  values: Uint8Array.from(values),
  isBoolean: true,
});
const SMALL = {
  observations: rows([3, 18]),
  next_observations: rows([3, 18]),
  actions: rows([3, 4]),
  rewards: rows([3]),
  terminals: flags(0, 0, 0),
  timeouts: flags(0, 0, 1),
};
const { timeouts, ...WITHOUT_TIMEOUTS } = SMALL;

test("files that hold no buffer are refused by array, row and what is accepted, and nothing is written", () => {
  const file = join(folder, "bad.npz");
  const out = join(folder, "nothing");
  const refused = (bytes: Uint8Array, problem: string) =>
    expect(() => readTransitions(decodeNpz(bytes, "bad.npz"), "bad.npz", "")).toThrow(
      new SpikewingError("bad.npz", problem),
    );
  writeFileSync(file, encodeNpz(SMALL).subarray(0, 400));
  refuse(
    ["train", "--algorithm", "bc", "--logs", file, "--config", offline, "--out", out],
    `${file}: is no whole archive; expected a file of numpy.savez`,
  );
  refused(encodeNpz(WITHOUT_TIMEOUTS), "has no array timeouts; expected one as D4RL names it");
  refused(
    encodeNpz({ ...SMALL, reward_term: rows([3, 5]) }),
    "array reward_term is none of a buffer; expected observations, next_observations, actions, rewards, privileged_observations, next_privileged_observations, past_actions, reward_terms, terminals, timeouts",
  );
  refused(encodeNpz({ ...SMALL, actions: rows([3, 6]) }), "actions has shape (3, 6); expected (3, 4)");
  refused(
    encodeNpz({ ...SMALL, actions: rows([3, 4], 2.5) }),
    "actions is 2.5 in row 0; expected a number from -2 to 2",
  );
  refused(
    encodeNpz({ ...SMALL, rewards: rows([3], Number.NaN) }),
    "rewards is NaN in row 0; expected a finite number",
  );
  refused(encodeNpz({ ...SMALL, terminals: flags(0, 3, 0) }), "terminals is 3 in row 1; expected 0 or 1");
  refused(
    encodeNpz({ ...SMALL, next_observations: rows([3, 18], 1) }),
    "next_observations of row 0 is not the observation of row 1; expected whole episodes in order, ends marked by terminals or timeouts",
  );
  const saved = (script: string) => {
    numpy(`import sys, numpy\n${script}`, file);
    return readFileSync(file);
  };
  refused(
    saved("numpy.savez(sys.argv[1], observations=numpy.array([{}], dtype=object))"),
    "array observations is of type |O; expected |u1, |b1, <f4, <f8",
  );
  refused(
    saved("numpy.savez(sys.argv[1], observations=numpy.zeros((3, 18), order='F'))"),
    "array observations is in Fortran's order; expected C's (numpy.ascontiguousarray)",
  );
  expect(existsSync(out)).toBe(false);
});

test("a run without a replay buffer has none to write", () => {
  const config = join(folder, "apg.json");
  writeFileSync(
    config,
    JSON.stringify({
      policy: {
        actor: { hidden: [8, 8] },
        drones: 16,
        rounds: 1,
        evaluateEvery: 1,
        evaluationEpisodes: 8,
        longWindow: 8,
        longestWindow: 8,
        shortWindow: 8,
        windowsPerRound: 1,
      },
    }),
  );
  const run = join(folder, "apg");
  succeed(["train", "--config", config, "--out", run]);
  refuse(
    ["export", "npz", join(folder, "none.npz"), "--run", run],
    `${join(run, "checkpoint.safetensors")}: algorithm is apg; expected one with a replay buffer`,
  );
  refuse(["export", "npz", buffer, "--run", run], `${buffer}: exists already; expected a new file`);
});
