import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { columnNames, LOG_COLUMNS } from "@spikewing/rl/identification";
import { describe, expect, test } from "vitest";
import { flightGuide } from "../../src/kit/flight-guide.js";
import { kitFiles } from "../../src/kit/kit-files.js";
import { LOG_TYPE_BYTES, logBlocks, MAX_BLOCK_BYTES } from "../../src/kit/log-blocks.js";
import { declaredInC } from "./built-kit.js";

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");
const json = (path: string) => JSON.parse(read(path));
const cflib = json("cflib-names.json");
const stock = json("stock-names.json");
const python = ["fly.py", "drone.py", "log_table.py", "dry_run.py"]
  .map((file) => read(`../../kit/${file}`))
  .join("\n");

describe("log blocks", () => {
  test.each(["crazyflie", "teensy"] as const)(
    "of a %s hold variables that its firmware declares",
    (target) => {
      const known = new Map([...Object.entries(stock.log), ...declaredInC("LOG")]);
      for (const { variables } of Object.values(logBlocks(target)))
        for (const [name, type] of variables) expect([name, known.get(name)]).toEqual([name, type]);
    },
  );

  test.each(["crazyflie", "teensy"] as const)(
    "of a %s fit into a packet, and cfclient reads them",
    (target) => {
      const blocks = Object.entries(logBlocks(target));
      for (const [name, { variables, periodMs }] of blocks) {
        const bytes = variables.reduce((sum, [, type]) => sum + LOG_TYPE_BYTES[type], 0);
        expect(bytes).toBeLessThanOrEqual(MAX_BLOCK_BYTES);
        const { logblock } = JSON.parse(kitFiles(target)[`log/Spikewing/${name}.json`]!).logconfig;
        expect(logblock).toMatchObject({ name, period: periodMs });
        expect(logblock.variables[0]).toEqual({
          name: variables[0]![0],
          type: "TOC",
          stored_as: variables[0]![1],
          fetch_as: variables[0]![1],
        });
      }
    },
  );

  test("have all that identify reads", () => {
    const logged = Object.values(logBlocks("crazyflie")).flatMap(({ variables }) =>
      variables.map(([n]) => n),
    );
    expect(["Timestamp", ...logged]).toEqual(expect.arrayContaining([...columnNames(LOG_COLUMNS.crazyflie)]));
  });
});

test("every variable and parameter that the scripts name is declared by the firmware", () => {
  const known = new Set([
    ...Object.keys(stock.log),
    ...stock.parameters,
    ...declaredInC("LOG").keys(),
    ...declaredInC("PARAM").keys(),
  ]);
  const named = [...python.matchAll(/"([a-z]\w*\.\w+)"/g)].map(([, name]) => name!);
  const variables = named.filter((name) => !/\.(py|json)$/.test(name));
  expect(variables.length).toBeGreaterThan(30);
  expect(variables.filter((name) => !known.has(name))).toEqual([]);
  for (const axis of "XYZ") expect(known.has(`kalman.varP${axis}`)).toBe(true);
});

/** What Python's own parser finds: imports of cflib, what is called on a drone, and the classes of the stand-in. */
const FIND = `
import ast, json, sys
fly, drone, dry = (ast.parse(open(path).read()) for path in sys.argv[1:])
def chain(node):
    names = []
    while isinstance(node, ast.Attribute):
        names.insert(0, node.attr); node = node.value
    return [node.id, *names] if isinstance(node, ast.Name) else []
imports = [f"{n.module}.{a.name}" for n in ast.walk(fly) if isinstance(n, ast.ImportFrom) and n.module.startswith("cflib") for a in n.names]
chains = {".".join(chain(n)) for t in (fly, drone) for n in ast.walk(t) if isinstance(n, ast.Attribute)}
classes = {c.name: {m.name: [a.arg for a in m.args.args if a.arg != "self"] for m in c.body if isinstance(m, ast.FunctionDef)}
           for c in dry.body if isinstance(c, ast.ClassDef)}
print(json.dumps({"imports": imports, "chains": sorted(chains), "classes": classes}))
`;

describe("of cflib", () => {
  const kit = (file: string) => fileURLToPath(new URL(`../../kit/${file}`, import.meta.url));
  const { stdout } = spawnSync("python3", ["-c", FIND, ...["fly.py", "drone.py", "dry_run.py"].map(kit)], {
    encoding: "utf8",
  });
  const found = JSON.parse(stdout);
  const recorded: Record<string, Record<string, string[]>> = Object.fromEntries(
    Object.entries(cflib.classes).map(([path, methods]) => [path.split(".").at(-1), methods]),
  ) as never;

  test("fly.py imports what there is", () => {
    expect(found.imports.toSorted()).toEqual(
      Object.keys(cflib.classes)
        .filter((path) => /\.(Crazyflie|LogConfig|SyncCrazyflie|SyncLogger)$/.test(path))
        .toSorted(),
    );
    expect(found.chains).toContain("cflib.crtp.init_drivers");
    expect(Object.keys(cflib.functions)).toEqual(["cflib.crtp.init_drivers"]);
  });

  test("it uses no attribute and no method that cflib does not have", () => {
    const used = found.chains.flatMap((chain: string) => {
      const [, of = "", member, ...rest] = chain.match(/(?:^|\.)(scf|cf|block|rows)\.(\w+)\.?(.*)$/) ?? [];
      return of ? [[of, member, rest.filter(Boolean).join(".")]] : [];
    }) as [string, string, string][];
    expect(used.length).toBeGreaterThan(8);
    const type = { scf: "SyncCrazyflie", cf: "Crazyflie", block: "LogConfig", rows: "SyncLogger" } as const;
    for (const [of, member, method] of used) {
      const owner = type[of as keyof typeof type];
      const attribute = cflib.attributes[owner]?.[member];
      expect([of, member, attribute !== undefined || member in recorded[owner]!]).toEqual([of, member, true]);
      if (method) expect([member, method, method in recorded[attribute]!]).toEqual([member, method, true]);
    }
  });

  test("the stand-in has the same methods with the same parameters, and no others", () => {
    for (const [name, methods] of Object.entries(recorded)) {
      const { __init__: _, ...standIn } = found.classes[name] as Record<string, string[]>;
      const { __init__: __, ...real } = methods;
      expect([name, standIn]).toEqual([name, real]);
    }
  });
});

describe("the flight document", () => {
  const document = read("../../kit/FLYING.md");
  const steps = (reader: "crazyflie" | "teensy") =>
    [...flightGuide(document, reader).matchAll(/^## (.*)$/gm)].map(([, title]) => title!);

  test("leads a builder in order, begins with the dangers, and wires only what has wires", () => {
    const ordered = (second: string) => [
      "What is known to be unsafe",
      "1. Parts",
      second,
      "3. On the bench",
      "4. ARM without propellers",
      "5. Whose drone is it?",
      "6. First flight of the policy, on a tether",
      "7. Reading the logs",
      "Parameters",
      "Guards",
    ];
    expect(steps("crazyflie")).toEqual(ordered("2. Flashing"));
    expect(steps("teensy")).toEqual(ordered("2. Wiring and flashing"));
  });

  test("has no mark left, and no table that a mark has cut", () => {
    for (const reader of ["crazyflie", "teensy", "authors"] as const) {
      const text = flightGuide(document, reader);
      expect(text).not.toContain("<!--");
      for (const block of text.split("\n\n").filter((part) => part.startsWith("|")))
        expect(block.split("\n")[1]).toMatch(/^\| ---/);
    }
  });
});
