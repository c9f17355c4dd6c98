import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { lintTree } from "../lint.mjs";
import { ROOT } from "../root.mjs";
import { newFolder } from "../vitest/new-folder.js";

let tree = "";

beforeEach(() => {
  tree = newFolder();
  copyFileSync(join(ROOT, "biome.json"), join(tree, "biome.json"));
});

/** Rules that the given files break, as "path rule", formatting aside. */
function brokenRules(files: Readonly<Record<string, string>>): string[] {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), text);
  }
  const diagnostics = lintTree(tree, ["--formatter-enabled=false", "--assist-enabled=false"]);
  return diagnostics.map(({ location, category }) => `${location?.path} ${category}`).sort();
}

/** Rules that each of these texts breaks, as files beside each other: biome starts once for all of them. */
function brokenRulesOfEach(path: string, texts: readonly string[]): string[][] {
  const paths = texts.map((_, i) => path.replace("/a.", `/a${i}.`));
  const broken = brokenRules(Object.fromEntries(paths.map((each, i) => [each, texts[i]!])));
  return paths.map((each) =>
    broken.filter((rule) => rule.startsWith(`${each} `)).map((rule) => rule.slice(each.length + 1)),
  );
}

/** Direction of imports between packages: for each file, what it must not import and what it may. */
const DIRECTIONS = [
  {
    from: "packages/core-wasm/src/a.ts",
    refused: ["@spikewing/rl", "@spikewing/web", "@spikewing/firmware", "spikewing", "../../rl/src/b.js"],
    allowed: ["node:fs", "@assemblyscript/loader"],
  },
  {
    from: "packages/core-wasm/assembly/network/a.ts",
    refused: ["@spikewing/rl", "../../../rl/src/b", "../../../../firmware/src/b"],
    allowed: ["../fixed-point"],
  },
  {
    from: "packages/rl/src/a.ts",
    refused: [
      "@spikewing/web",
      "@spikewing/firmware",
      "spikewing",
      "../../core-wasm/src/b.js",
      "../../core-wasm/dist/b.js",
      "../../cli/src/b.js",
      "../../web/src/b.js",
      "../../../firmware/test/b.js",
    ],
    allowed: ["@spikewing/core", "zod", "./checkpoint.js"],
  },
  {
    from: "packages/rl/test/a.test.ts",
    refused: ["../../cli/src/b.js"],
    allowed: ["../src/b.js"],
  },
  {
    from: "packages/cli/src/a.ts",
    refused: ["@spikewing/web", "../../rl/src/b.js", "../../web/src/b.js", "../../../firmware/src/b.js"],
    allowed: ["@spikewing/core", "@spikewing/rl", "@spikewing/firmware/node", "commander"],
  },
  {
    from: "packages/web/src/a.ts",
    refused: ["spikewing", "../../rl/src/b.js", "../../cli/src/b.js", "../../../firmware/src/b.js"],
    allowed: [
      "@spikewing/core",
      "@spikewing/rl",
      "@spikewing/firmware",
      "@spikewing/core/build/core.simd.wasm?url",
      "three",
    ],
  },
  {
    from: "firmware/test/a.test.ts",
    refused: ["spikewing", "@spikewing/web", "../../packages/core-wasm/src/b.js"],
    allowed: ["@spikewing/core", "@spikewing/rl", "node:child_process"],
  },
];

describe("direction of imports", () => {
  for (const { from, refused, allowed } of DIRECTIONS) {
    test(`${from} is refused what it must not import, and only that`, () => {
      const names = [...refused, ...allowed];
      const broken = brokenRulesOfEach(
        from,
        names.map((name) => `export * from "${name}";\n`),
      );
      const found = names.filter((_, i) => broken[i]!.includes("lint/style/noRestrictedImports"));
      expect(found).toEqual(refused);
    });
  }

  test("type imports, dynamic imports and re-exports count too", () => {
    const forms = [
      'import type { A } from "@spikewing/web";\nexport type B = A;\n',
      'export const load = () => import("@spikewing/web");\n',
      'export { a } from "@spikewing/web";\n',
      'import "@spikewing/web";\n',
    ];
    expect(brokenRulesOfEach("packages/rl/src/a.ts", forms)).toEqual(
      forms.map(() => ["lint/style/noRestrictedImports"]),
    );
  });

  test("the package manifests depend in the same direction", () => {
    const allowed: Readonly<Record<string, readonly string[]>> = {
      "packages/core-wasm": [],
      "packages/rl": ["@spikewing/core"],
      "packages/cli": ["@spikewing/core", "@spikewing/firmware", "@spikewing/rl"],
      "packages/web": ["@spikewing/core", "@spikewing/firmware", "@spikewing/rl"],
      firmware: ["@spikewing/core", "@spikewing/rl"],
    };
    for (const [folder, names] of Object.entries(allowed)) {
      const manifest = JSON.parse(readFileSync(join(ROOT, folder, "package.json"), "utf8"));
      const used = Object.keys({
        ...manifest.dependencies,
        ...manifest.devDependencies,
        ...manifest.peerDependencies,
      });
      expect(used.filter((name) => /^(@spikewing\/|spikewing$)/.test(name)).sort(), folder).toEqual(names);
    }
  });
});

describe("import cycles", () => {
  test("a cycle of two files is refused, written with .js as in TypeScript", () => {
    const files = {
      "packages/rl/src/a.ts": 'import { b } from "./b.js";\nexport const a = (): number => b();\n',
      "packages/rl/src/b.ts": 'import { a } from "./a.js";\nexport const b = (): number => a();\n',
    };
    expect(brokenRules(files)).toEqual([
      "packages/rl/src/a.ts lint/suspicious/noImportCycles",
      "packages/rl/src/b.ts lint/suspicious/noImportCycles",
    ]);
  });

  test("a cycle of types is refused", () => {
    const files = {
      "packages/rl/src/a.ts": 'import type { B } from "./b.js";\nexport type A = { b: B };\n',
      "packages/rl/src/b.ts": 'import type { A } from "./a.js";\nexport type B = { a: A };\n',
    };
    expect(brokenRules(files)).toHaveLength(2);
  });

  test("a cycle of three AssemblyScript files is refused, decorators or not", () => {
    const step = (from: string, to: string) =>
      `import { ${to} } from "./${to}";\n// @ts-ignore: decorator\n@inline\nexport function ${from}(n: i32): i32 {\n  return ${to}(n);\n}\n`;
    const files = {
      "packages/core-wasm/assembly/a.ts": step("a", "b"),
      "packages/core-wasm/assembly/b.ts": step("b", "c"),
      "packages/core-wasm/assembly/c.ts": step("c", "a"),
    };
    expect(brokenRules(files)).toEqual([
      "packages/core-wasm/assembly/a.ts lint/suspicious/noImportCycles",
      "packages/core-wasm/assembly/b.ts lint/suspicious/noImportCycles",
      "packages/core-wasm/assembly/c.ts lint/suspicious/noImportCycles",
    ]);
  });
});

describe("determinism", () => {
  for (const folder of ["packages/core-wasm/src", "packages/rl/src"]) {
    test(`${folder} may not use Math functions without one exact result, nor the clock`, () => {
      const inexact = ["random", "sin", "cos", "exp", "tanh", "log", "pow", "hypot"];
      const cases: readonly (readonly [text: string, ...rules: string[]])[] = [
        ...inexact.map(
          (name) => [`export const a = Math.${name};\n`, "lint/nursery/noJsRestrictedProperties"] as const,
        ),
        ["const { random } = Math;\nexport const a = random();\n", "lint/nursery/noJsRestrictedProperties"],
        ["export const a = Date.now();\n", "lint/style/noRestrictedGlobals"],
        ["export const a = performance.now();\n", "lint/style/noRestrictedGlobals"],
        ["export const a = Math.floor(Math.sqrt(2));\n"],
      ];
      const texts = cases.map(([text]) => text);
      expect(brokenRulesOfEach(`${folder}/a.ts`, texts)).toEqual(cases.map(([, ...rules]) => rules));
    });
  }

  test("the command line may read the clock", () => {
    expect(brokenRules({ "packages/cli/src/a.ts": "export const a = Date.now();\n" })).toEqual([]);
  });
});

describe("AssemblyScript", () => {
  test("decorators on functions and variables are accepted in assembly and nowhere else", () => {
    const text =
      "// @ts-ignore: decorator\n@inline\nexport function half(n: i32): i32 {\n  return n >> 1;\n}\n";
    expect(brokenRules({ "packages/core-wasm/assembly/a.ts": text })).toEqual([]);
    expect(brokenRules({ "packages/rl/src/a.ts": text })).toContain("packages/rl/src/a.ts parse");
  });

  test("any other syntax error in assembly is reported", () => {
    const path = "packages/core-wasm/assembly/a.ts";
    expect(brokenRules({ [path]: "export function half(n: i32): i32 {\n" })).toContain(`${path} parse`);
  });
});
