import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { newFolder } from "../../../scripts/vitest/new-folder.ts";
import { expectRefused, type Result, runTogether } from "./command.ts";

/** A call that is refused, and the line that says so. */
export interface Refusal {
  readonly name: string;
  readonly args: readonly string[];
  readonly line: string | RegExp;
  /** What lies in the folder of the call before it, and alone behind it. */
  readonly files?: Readonly<Record<string, () => string | Uint8Array | Promise<Uint8Array>>>;
}

/** A test for each call; one process makes them all, each in a folder of its own. */
export function testRefusals(refusals: readonly Refusal[]): void {
  const calls = refusals.map(({ args }) => ({ args, cwd: newFolder() }));
  let results: readonly Result[];
  beforeAll(async () => {
    for (const [i, { files = {} }] of refusals.entries())
      for (const [name, content] of Object.entries(files))
        writeFileSync(join(calls[i]!.cwd, name), await content());
    results = runTogether(calls);
  });
  test.each(refusals.map(({ name }, i) => [name, i] as const))("%s", (_, i) => {
    const { line, files = {} } = refusals[i]!;
    expectRefused(results[i]!, line);
    expect(readdirSync(calls[i]!.cwd)).toEqual(Object.keys(files).sort());
  });
}

/** Refusals of which each has its arguments as its name. */
export const ofArguments = (
  cases: readonly (readonly [args: readonly string[], line: string | RegExp])[],
): Refusal[] => cases.map(([args, line]) => ({ name: JSON.stringify(args), args, line }));
