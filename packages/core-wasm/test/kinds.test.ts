import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { newFolder } from "../../../scripts/vitest/new-folder.js";

const COMPILER = join(
  dirname(createRequire(import.meta.url).resolve("assemblyscript/package.json")),
  "bin/asc.js",
);
const TRANSFORM = fileURLToPath(new URL("../transform/layout.mjs", import.meta.url));

/** Builds a core that knows these colours and nothing else; what the compiler says, and the shared numbers. */
function build(colours: Readonly<Record<string, number>>) {
  const folder = newFolder();
  mkdirSync(join(folder, "assembly"));
  const lines = Object.entries(colours).map(([name, value]) => `  export const ${name}: i32 = ${value};\n`);
  writeFileSync(
    join(folder, "assembly/colour.ts"),
    `// @ts-ignore: decorator\n@shared\nexport namespace Colour {\n${lines.join("")}}\n`,
  );
  writeFileSync(
    join(folder, "assembly/index.ts"),
    'import { Colour } from "./colour";\nexport function first(): i32 {\n  return Colour.RED;\n}\n',
  );
  const args = ["assembly/index.ts", "--noEmit", "--baseDir", folder, "--transform", TRANSFORM];
  const { status, stderr } = spawnSync(process.execPath, [COMPILER, ...args], { encoding: "utf8" });
  const layout = () => readFileSync(join(folder, "build/layout.js"), "utf8");
  return { status, stderr, layout };
}

test("kinds that are numbered from 0 on, as many as COUNT says, are shared without it", () => {
  const { status, stderr, layout } = build({ RED: 0, GREEN: 1, COUNT: 2 });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(layout()).toContain('export const Colour = {\n  "RED": 0,\n  "GREEN": 1\n};');
});

test.each([
  { RED: 0, GREEN: 1, BLUE: 2, COUNT: 2 },
  { RED: 0, GREEN: 2, COUNT: 2 },
  { RED: 0, GREEN: 0, COUNT: 2 },
])("the build names the place where COUNT does not fit: %o", (colours) => {
  const { status, stderr } = build(colours);
  expect(status).not.toBe(0);
  expect(stderr).toContain("assembly/colour/Colour: RED, GREEN");
  expect(stderr).toContain("expected 0 to COUNT - 1");
});
