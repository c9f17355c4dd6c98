import { readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../root.mjs";

/** Everything that another project imports, as typedoc goes over it. */
const { entryPoints } = JSON.parse(readFileSync(join(ROOT, "docs/api/typedoc.json"), "utf8"));
const ENTRIES = (entryPoints as string[]).map((entry) => relative(ROOT, join(ROOT, "docs/api", entry)));

/** Functions and values that an entry exports by name, and whether a docstring stands before each. */
function exportedValues(entry: string): { readonly name: string; readonly isDocumented: boolean }[] {
  const text = readFileSync(join(ROOT, entry), "utf8");
  return [...text.matchAll(/export \{([^}]*)\} from "(\.[^"]*)\.js"/g)].flatMap(([, names, from]) => {
    if (from!.includes("/build/")) return []; // written by the build of the core
    const source = readFileSync(join(ROOT, dirname(entry), `${from}.ts`), "utf8");
    return names!
      .split(",")
      .map((name) => name.trim())
      .filter((name) => name !== "" && !name.startsWith("type "))
      .map((name) => {
        const declared = `export (?:async )?(?:abstract )?(?:function|const|class)\\*? ${name}\\b`;
        return { name, isDocumented: new RegExp(`\\*/\\n${declared}`).test(source) };
      });
  });
}

test("every function and value that the packages export says what it is", () => {
  const values = ENTRIES.flatMap((entry) => exportedValues(entry).map((value) => ({ entry, ...value })));
  expect(values.length).toBeGreaterThan(120);
  expect(
    values.filter(({ isDocumented }) => !isDocumented).map(({ entry, name }) => `${entry}: ${name}`),
  ).toEqual([]);
});
