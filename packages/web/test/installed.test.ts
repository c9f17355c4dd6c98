import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { build, preview } from "vite";
import { beforeAll, describe, expect, test } from "vitest";
import { installPacked, packAll } from "../../../scripts/packed-install.mjs";
import { newFolder } from "../../../scripts/vitest/new-folder.ts";
import { launchBrowser } from "./page.js";

// The packages as others get them: packed, installed into an empty project, used there by the examples. Other lines of Node
// than the one that runs this: scripts/packed-install.mjs.
const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
/** What a package may weigh, packed. */
const BUDGET_BYTES = {
  "@spikewing/core": 160_000,
  "@spikewing/rl": 1_000_000,
  "@spikewing/firmware": 250_000,
  spikewing: 150_000,
} as const;

const packed = newFolder();
const project = newFolder();
const run = (command: string, ...args: string[]) =>
  execFileSync(command, args, { cwd: project, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

let archives: ReturnType<typeof packAll>;
beforeAll(() => {
  archives = packAll(packed);
  installPacked(project, packed);
});

/** What every flight of the examples prints. */
const flight = () => run(process.execPath, "fly.mjs").trimEnd();

/** The text of a page of a folder, once it has one. */
async function textOf(root: string, file: string): Promise<string> {
  const server = await preview({ root, build: { outDir: "." }, logLevel: "error", preview: { port: 0 } });
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(0);
    const failed = new Promise<never>((_, reject) => page.once("pageerror", reject));
    await page.goto(`${server.resolvedUrls!.local[0]}${file}`);
    await Promise.race([page.waitForFunction("document.body.textContent.trim().length > 0"), failed]);
    return ((await page.textContent("body")) ?? "").trim();
  } finally {
    await browser.close();
    await server.close();
  }
}

describe("installed into an empty project", () => {
  test("the command says what it says in the repository", () => {
    const args = ["evaluate", "--alone", "--episodes", "4", "--json"];
    const command = join(ROOT, "packages/cli/dist/spikewing.js");
    const here = JSON.parse(execFileSync(process.execPath, [command, ...args], { encoding: "utf8" }));
    const there = JSON.parse(run("npx", "spikewing", ...args));
    expect(there.scores[0].meanReturn).toBeGreaterThan(400);
    for (const { scores } of [here, there]) delete scores[0].file;
    expect(there).toEqual(here);
  });

  test.each(["nodenext", "bundler"])(
    "types are whole where modules are found as %s finds them",
    (resolution) => {
      const source = [
        'import { AIRFRAMES, type Core } from "@spikewing/core";',
        'import { loadCore } from "@spikewing/core/node";',
        'import { createBrowserPool } from "@spikewing/core/browser";',
        'import { LIBRARY_WEIGHTS } from "@spikewing/firmware";',
        'import { createEnvironment, type Task } from "@spikewing/rl";',
        'import { readNir } from "@spikewing/rl/exchange";',
        "const core: Core = loadCore();",
        'const task: Partial<Task> = { airframe: "crazyflie-l2f" };',
        "const reward: number = createEnvironment(core).step([0, 0, 0, 0]).reward;",
        "console.log(AIRFRAMES, createBrowserPool, LIBRARY_WEIGHTS, readNir, task, reward);",
      ];
      writeFileSync(join(project, "types.ts"), source.join("\n"));
      const settings = ["--noEmit", "--strict", "--target", "es2022", "--lib", "es2023,dom", "--types", ""];
      const module = resolution === "bundler" ? "esnext" : resolution;
      run(
        join(ROOT, "node_modules/.bin/tsc"),
        ...settings,
        "--module",
        module,
        "--moduleResolution",
        resolution,
        "types.ts",
      );
    },
  );

  test("firmware is built without the repository", () => {
    run("npx", "spikewing", "firmware", "build", "--out", "app");
    expect(readdirSync(join(project, "app"))).toContain("fly.py");
  });

  test("a policy flies in Node and stays near its path", () => {
    const distances = flight()
      .split("\n")
      .map((line) => line.match(/-?\d+\.\d+/g)!.map(Number))
      .map(([, x, y, , targetX, targetY]) => Math.hypot(x! - targetX!, y! - targetY!));
    expect(distances).toHaveLength(11);
    expect(Math.max(...distances)).toBeLessThan(0.3);
  });

  test("the same flight, bundled", async () => {
    const options = { rollupOptions: { input: join(project, "bundled.html") }, target: "esnext" } as const;
    await build({ root: project, base: "./", logLevel: "error", build: { ...options, outDir: "bundle" } });
    expect(await textOf(join(project, "bundle"), "bundled.html")).toBe(flight());
  });

  test("the same flight in a plain page", async () => {
    expect(await textOf(project, "page.html")).toBe(flight());
  });

  test.each([
    ["the core", "evolve.mjs", 30, 3],
    ["the environment in the shape of Gymnasium", "gymnasium.mjs", 12, 10],
  ])("a trainer made on %s learns", (_, file, rounds, gain) => {
    const returns = run(process.execPath, file, String(rounds))
      .trimEnd()
      .split("\n")
      .map((line) => Number(line.split("return ")[1]));
    expect(returns).toHaveLength(rounds);
    expect(returns.at(-1)).toBeGreaterThan(returns[0]! + gain);
  });
});

const archiveOf = (name: string) => archives.find((one) => one.name === name)!;
const NAMES = Object.keys(BUDGET_BYTES) as (keyof typeof BUDGET_BYTES)[];

test.each(NAMES)("the archive of %s is as publint expects it, small, and has the licence", async (name) => {
  const { filename, size, files } = archiveOf(name);
  const { buffer } = new Uint8Array(readFileSync(join(packed, filename)));
  const { messages, pkg } = await publint({ pack: { tarball: buffer }, level: "warning" });
  expect(messages.map((message) => formatMessage(message, pkg!))).toEqual([]);
  expect(size).toBeLessThan(BUDGET_BYTES[name]);
  expect(files.map(({ path }) => path)).toContain("LICENSE");
  expect(files.filter(({ path }) => path.endsWith(".map"))).toEqual([]);
});

const IMPORTED = NAMES.filter((name) => name !== "spikewing"); // which is a command
test.each(IMPORTED)("the archive of %s has types where ES modules find them, as attw sees it", (name) => {
  const attw = join(ROOT, "node_modules/.bin/attw");
  const archive = join(packed, archiveOf(name).filename);
  const { analysis } = JSON.parse(run(attw, archive, "--profile", "esm-only", "--format", "json"));
  expect(analysis.packageName).toBe(name);
  const problems = (analysis.problems as { resolutionKind?: string }[]).filter(
    ({ resolutionKind = "" }) => !["node10", "node16-cjs"].includes(resolutionKind), // older than ES modules
  );
  expect(problems).toEqual([]);
});
