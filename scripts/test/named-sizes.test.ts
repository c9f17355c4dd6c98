import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../root.mjs";

// A size or an offset in the core's memory is declared in packages/core-wasm/assembly and imported under its name. What an
// address may be used for is the compiler's to check (packages/core-wasm/test/layout.test.ts), as long as nobody makes one.

/** Files of the repository. */
const filesOf = (...patterns: readonly string[]) =>
  execFileSync("git", ["ls-files", ...patterns], { cwd: ROOT, encoding: "utf8" })
    .trimEnd()
    .split("\n");
const textOf = (file: string) => readFileSync(join(ROOT, file), "utf8");

/** Every `..._WORDS` that the core shares: a number, or a sum or a product of others. */
function declaredSizes(): Map<string, number> {
  const declaration = /(@shared\n)?export const (\w+): i32 = ([\w +*]+);/g;
  const found = filesOf("packages/core-wasm/assembly/*.ts").flatMap((file) => [
    ...textOf(file).matchAll(declaration),
  ]);
  const given = new Map(found.map(([, , name, expression]) => [name!, expression!]));
  const numberOf = (factor: string): number => {
    const other = given.get(factor);
    return other === undefined ? Number(factor) : sizeOf(other);
  };
  const productOf = (part: string) =>
    part.split(" * ").reduce((product, factor) => product * numberOf(factor), 1);
  const sizeOf = (term: string): number => term.split(" + ").reduce((sum, part) => sum + productOf(part), 0);
  const shared = found.filter(([, isShared, name]) => isShared && name!.endsWith("_WORDS"));
  return new Map(shared.map(([, , name]) => [name!, sizeOf(name!)]));
}

/** Those that can be told from a small number and from the width of a layer. */
const SIZES = [...declaredSizes()].filter(([, size]) => size > 9 && !Number.isInteger(Math.log2(size)));

/** Where those numbers are something else. */
const OTHER_MEANINGS: Readonly<Record<string, RegExp>> = {
  "packages/cli/src/chart.ts": /\bright: 18\b/, // pixels
  "packages/cli/src/input-file.ts": /2 \*\* 28\b/, // bytes of a file, as a power
  "packages/rl/src/layers.ts": /\bPRODUCT_BITS = \{ least: 23\b/, // fraction bits
};

/** Who turns numbers into addresses. */
const MAKES_ADDRESSES = /^packages\/core-wasm\/src\/(core|policy-image)\.ts$/;

const alone = (expression: string) => new RegExp(`(?<![\\w.$])(?:${expression})(?![\\w.])`);

function numbersIn(file: string, text: string): string[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ""));
  return code.split("\n").flatMap((line, i) => {
    const words = line.replace(/"[^"]*"|'[^']*'|`[^`]*`|\/\/.*$/g, '""');
    const place = `${file}:${i + 1}`;
    const found: string[] = [];
    for (const [name, size] of SIZES)
      if (alone(String(size)).test(words) && !OTHER_MEANINGS[file]?.test(line))
        found.push(`${place}: ${size}; use ${name}`);
    if (/\ballocate\([^,()]*,\s*\d/.test(words))
      found.push(`${place}: a length by number; declare it where it is known`);
    if (/\bas (?:unknown as |number as )?Address</.test(words) && !MAKES_ADDRESSES.test(file))
      found.push(`${place}: an address made of a number; use core.element, or add to policy-image.ts`);
    if (/\b\w*(?:[aA]ddress|[pP]ointer)\??: number\b/.test(words))
      found.push(`${place}: an address that is a plain number; type it Address<...>`);
    return found;
  });
}

const FOLDERS = [
  "packages/core-wasm/src",
  "packages/rl/src",
  "packages/cli/src",
  "packages/cli/bench",
  "packages/web/src",
  "firmware/src",
];
const files = filesOf(...FOLDERS.map((folder) => `${folder}/*.ts`));

test("the sizes that the core declares are known", () => {
  expect(Object.fromEntries(SIZES)).toMatchObject({
    OBSERVATION_WORDS: expect.any(Number),
    OBSERVATION_WITH_HISTORY_WORDS: expect.any(Number),
    PRIVILEGED_WORDS: expect.any(Number),
    BODY_WORDS: expect.any(Number),
  });
});

test("no size or offset of the core's memory is written again, and no address is made of a number", () => {
  expect(files.length).toBeGreaterThan(150);
  expect(files.flatMap((file) => numbersIn(file, textOf(file)))).toEqual([]);
});

test.each([
  "export const INPUTS = 18;",
  "const [OBSERVATION, PRIVILEGED] = [146, PRIVILEGED_WORDS];",
  "const seen = core.f32(at, 28);",
  "out[8] = b[23]!;",
  'const scratch = core.allocate("Scratch", 64);',
  'view.observation = (quantised + 48) as Address<"I16s">;',
  'const EVERY = 0 as unknown as Address<"U8s">;',
  "function read(address: number): Float32Array {",
])("found: %s", (line) => {
  const commented = `// ${line}\n/* ${line}\n * ${line} */\n`;
  expect(numbersIn("a.ts", commented + line)).toEqual([expect.stringMatching(/^a\.ts:4: /)]);
});

test.each(["const text = `18-256-128-4`;", "const x = 18.5 + 1.28 + 0x18 + 1_18;", "const path = 'M28 23';"])(
  "left alone: %s",
  (line) => {
    expect(numbersIn("a.ts", line)).toEqual([]);
  },
);
