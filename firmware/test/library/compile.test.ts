import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadCore } from "@spikewing/core/node";
import { createFlight, DEFAULT_TASK, loadPolicy } from "@spikewing/rl";
import { describe, expect, test } from "vitest";
import { newFolder } from "../../../scripts/vitest/new-folder.js";
import { startBench } from "../../src/emulator/bench.js";
import { flyAlone, flyOnWire } from "../../src/hil/fly-on-wire.js";
import { libraryFiles } from "../../src/library/library-files.js";
import type { LibraryOptions } from "../../src/library/library-options.js";
import { makeTemplate } from "../../src/library/template.js";
import { runTool } from "../../src/toolchain/tools.js";
import { SHIPPED_POLICY } from "../emulator/shipped-policy.js";
import { compileLibrary, linkForEmulator, linkWithCore } from "./arduino.ts";

const DECLARATIONS = fileURLToPath(new URL("declarations/", import.meta.url));
const folder = newFolder();

const core = loadCore();
const template = makeTemplate();

function writeLibrary(options: LibraryOptions): string {
  const out = join(folder, `${options.protocol}-${options.weights}`);
  for (const [path, bytes] of libraryFiles(core, SHIPPED_POLICY, "snn.safetensors", template, options)) {
    mkdirSync(dirname(join(out, path)), { recursive: true });
    writeFileSync(join(out, path), bytes);
  }
  return out;
}

const VARIANTS: readonly LibraryOptions[] = [
  { target: "teensy", protocol: "spikewing", weights: "flash" },
  { target: "teensy", protocol: "authors", weights: "ram" },
];

/** Bytes of a section in all of these objects. */
function sectionBytes(objects: readonly string[], name: string): number {
  const table = runTool("arm-none-eabi-size", ["-A", ...objects]);
  const lines = [...table.matchAll(/^(\.\S+) +(\d+) /gm)];
  return lines.reduce((sum, [, section, bytes]) => sum + (section!.startsWith(name) ? Number(bytes) : 0), 0);
}

describe.each(VARIANTS)("a library with frames of $protocol and weights in $weights", (options) => {
  test("compiles with Teensyduino's flags against declarations, sketch and all", () => {
    const library = writeLibrary(options);
    const objects = compileLibrary(library, DECLARATIONS, join(library, "objects"));
    const weightBytes = options.weights === "flash" ? 80_608 : 0;
    const example = 64 * 2 * (18 + 4);
    expect(sectionBytes(objects, ".progmem")).toBe(weightBytes + example);

    const disassembly = runTool("arm-none-eabi-objdump", ["-d", ...objects]);
    expect(disassembly).toMatch(/\tvmul\.f32/);
    expect(disassembly).not.toMatch(/\tvfn?m[as]/);
  });
});

test("without the settings' pragma GCC would fuse multiply and add", () => {
  const library = writeLibrary(VARIANTS[0]!);
  const settings = join(library, "src/sw_settings.h");
  const text = readFileSync(settings, "utf8");
  const pragma = '#pragma GCC optimize("fp-contract=off", "no-math-errno")\n';
  expect(text.split(pragma)).toHaveLength(2);
  writeFileSync(settings, text.replace(pragma, ""));
  const objects = compileLibrary(library, DECLARATIONS, join(library, "fused"));
  expect(runTool("arm-none-eabi-objdump", ["-d", ...objects])).toMatch(/\tvfn?m[as]/);
});

test("on the emulated chip the library flies the bytes of the simulation", async () => {
  const flight = createFlight(core, DEFAULT_TASK, loadPolicy(core, SHIPPED_POLICY), 3);
  const alone = flyAlone(flight, 0, 200);
  expect(alone.crashed).toBe(false);
  const library = writeLibrary(VARIANTS[0]!);
  const bench = await startBench(linkForEmulator(library, "bench/main-bench.c", join(library, "chip")));
  try {
    expect((await flyOnWire(core, flight, bench, 0, 200)).bytes).toEqual(alone.bytes);
  } finally {
    await bench.stop();
  }
});

const teensyCores = process.env.TEENSY_CORES;
const skipReason = teensyCores ? "" : " (skipped: TEENSY_CORES names no checkout of PaulStoffregen/cores)";

describe.skipIf(!teensyCores)(`with the real Teensy core library${skipReason}`, () => {
  test.each(VARIANTS)("sketch, library and core link for a Teensy 4.0: $protocol, $weights", (options) => {
    const teensy4 = join(teensyCores!, "teensy4");
    expect(existsSync(join(teensy4, "imxrt1062.ld"))).toBe(true);
    const library = writeLibrary(options);
    const objects = compileLibrary(library, teensy4, join(library, "teensy"));
    const elf = linkWithCore(objects, teensy4, join(library, "teensy"));
    const sizes = runTool("arm-none-eabi-size", ["-A", elf]).split("\n").slice(2);
    console.log(
      `${options.protocol}, ${options.weights}\n${sizes.filter((line) => /^\.(text|data|bss)/.test(line)).join("\n")}`,
    );
    const progmem = sectionBytes([elf], ".text.progmem");
    if (options.weights === "flash") expect(progmem).toBeGreaterThan(80_608);
    else expect(sectionBytes([elf], ".data")).toBeGreaterThan(80_608);
    expect(runTool("arm-none-eabi-objdump", ["-t", elf])).toMatch(/ ImageVectorTable$/m);
  });
});
