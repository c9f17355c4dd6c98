import { closeSync, ftruncateSync, openSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { decodePolicy, encodePolicy } from "@spikewing/rl";
import { describe, expect, test } from "vitest";
import { newFolder } from "../../../scripts/vitest/new-folder.ts";
import { readInput } from "../src/input-file.js";
import { refuse, succeed } from "./command.ts";

const POLICY = fileURLToPath(import.meta.resolve("@spikewing/rl/policies/snn.safetensors"));
const POLICY_LIMIT = 67_108_864;

/** A file of this length that takes no room on the disk. */
function longFile(path: string, bytes: number, start = ""): void {
  const fd = openSync(path, "w");
  writeSync(fd, start);
  ftruncateSync(fd, bytes);
  closeSync(fd);
}

describe("what never ends is read up to a limit, and refused by name", () => {
  const more = `more than ${POLICY_LIMIT} bytes; expected at most ${POLICY_LIMIT} of a policy`;
  test.each([
    [["info", "/dev/zero"], `/dev/zero: holds ${more}`],
    [["fly", "/dev/zero"], `/dev/zero: holds ${more}`],
    [["evaluate", "--guide", "/dev/zero"], `/dev/zero: holds ${more}`],
    [["evaluate", "--ann", "/dev/zero"], `/dev/zero: holds ${more}`],
    [["narrow", "/dev/zero", "--out", "x"], `/dev/zero: holds ${more}`],
    [["firmware", "build", "--policy", "/dev/zero", "--out", "x"], `/dev/zero: holds ${more}`],
    [["train", "--guide", "/dev/zero"], `/dev/zero: holds ${more}`],
    [
      ["train", "--config", "/dev/zero"],
      "/dev/zero: holds more than 4194304 bytes; expected at most 4194304 of a json",
    ],
  ])("%j", (args, line) => {
    refuse(args, line);
  });

  test("a run's record", () => {
    const folder = newFolder();
    longFile(join(folder, "run.json"), 2 ** 30);
    const line = "run.json: holds 1073741824 bytes; expected at most 4194304 of a json";
    refuse(["train", "--resume", "."], line, folder);
  });
});

test("a long file that does not say that it is a checkpoint is refused by its size", () => {
  const folder = newFolder();
  longFile(join(folder, "garbage"), 1_900_000_000);
  refuse(
    ["info", "garbage"],
    `garbage: holds 1900000000 bytes; expected at most ${POLICY_LIMIT} of a policy`,
    folder,
  );
});

test("a file that says that it is a checkpoint may be as long as one", () => {
  const path = join(newFolder(), "checkpoint");
  longFile(path, POLICY_LIMIT + 1, '12345678{"__metadata__":{"format":"spikewing-checkpoint-9"}}');
  expect(readInput(path, "checkpoint")).toHaveLength(POLICY_LIMIT + 1);
  expect(() => readInput(path, "policy")).toThrow(/holds 67108865 bytes/);
});

test("info shows the texts of a record as one short line each, on which no terminal acts", () => {
  const path = join(newFolder(), "policy.safetensors");
  const policy = decodePolicy(new Uint8Array(readInput(POLICY, "policy")), POLICY);
  const record = { author: "\u001b[2J\nA", "k\u0007": "x".repeat(5000) };
  writeFileSync(path, encodePolicy({ ...policy, record: { ...policy.record, ...record } }));
  const { stdout } = succeed(["info", path]);
  expect(stdout).toContain("\n  author  \\u{1b}[2J A\n");
  expect(stdout).toContain(`\n  k\\u{7}  ${"x".repeat(1000)}...\n`);
});
