import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../root.mjs";

const files = execFileSync("git", ["ls-files"], { cwd: ROOT, encoding: "utf8" }).trimEnd().split("\n");

/** Names that are right although no such file is kept. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  "layout.d.ts": "made by the build of the core",
  "layout.h": "made by the build of the core",
  "policy.c": "made by wasm2c",
  "policy.h": "made by wasm2c",
  "pilot.c": "made by wasm2c",
  "pilot.h": "made by wasm2c",
  "flight_data.c": "made with a parity build",
  "platform_defaults_cf2.h": "Bitcraze's firmware's",
  "sw_policy_data.c": "made with a library",
  "sw_settings.h": "made with a library",
  "sw_trained.c": "made with a library",
  "platform_defaults_cf21bl.h": "Bitcraze's firmware's",
  "motors.c": "Bitcraze's firmware's",
  "stabilizer.c": "Bitcraze's firmware's",
  "wasm-rt.h": "wabt's",
  "wasm-rt-impl.c": "wabt's",
  "config.h": "learning-to-fly's",
  "parameters.h": "learning-to-fly's",
  "actor.h": "learning-to-fly's",
  "actor_and_critic.h": "learning-to-fly's",
  "checkpoint.h": "learning-to-fly's",
  "persist.h": "RLtools'",
  "persist_code.h": "RLtools'",
  "teensydeck.c": "the authors' firmware's",
  "drag.ts": "the worked example of packages/core-wasm/README.md",
};

/** Every ending of every path: a name may leave folders out. */
const known = new Set(
  files.flatMap((file) => file.split("/").map((_, i, parts) => parts.slice(i).join("/"))),
);

/** The text of a file that is written for readers: all of a document, the comments of a source. */
function prose(file: string, text: string): readonly string[] {
  const lines = text.split("\n");
  if (file.endsWith(".md")) return lines;
  return lines.map((line) => /(?:^\s*(?:\/\/|\/?\*)|\s\/\/\s)(.*)$/.exec(line)?.[1] ?? "");
}

const NAME = /[\w@./-]*[\w-]\.(?:ts|mjs|c|h)\b(?!\.)/g;

function misnamed(file: string, text: string): string[] {
  return prose(file, text).flatMap((line, i) =>
    [...line.matchAll(NAME)]
      .map(([name]) => name.replace(/^[./]+/, ""))
      .filter((name) => !known.has(name) && !(name.split("/").at(-1)! in ELSEWHERE))
      .map((name) => `${file}:${i + 1}: ${name}`),
  );
}

test("every file that a comment or a document names is there", () => {
  // docs/REFERENCE.md is about the files of other repositories
  const readable = files.filter(
    (file) => /\.(ts|mjs|c|h|cpp|ino|md)$/.test(file) && file !== "docs/REFERENCE.md",
  );
  const found = readable.flatMap((file) => misnamed(file, readFileSync(join(ROOT, file), "utf8")));
  expect(found).toEqual([]);
});

test("a file that is not there is found in a comment and a document, and only there", () => {
  const absent = ["nowhere", "ts"].join(".");
  const source = [`import "./${absent}";`, `const x = "${absent}";`, `/${"/"} see snn/${absent}`].join("\n");
  expect(misnamed("source.ts", source)).toEqual([`source.ts:3: snn/${absent}`]);
  expect(misnamed("document.md", `${absent} and rng.ts`)).toEqual([`document.md:1: ${absent}`]);
});
