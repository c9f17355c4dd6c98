// Compiles a library as Teensyduino does: its flags, every file of src/, the sketch with Arduino.h before it.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { C_SOURCES } from "../../src/toolchain/cross-compile.js";
import { runTool, startTool } from "../../src/toolchain/tools.js";

const CPU = ["-mcpu=cortex-m7", "-mthumb", "-mfloat-abi=hard", "-mfpu=fpv5-d16"];
/** boards.txt and platform.txt of Teensyduino 1.59, Teensy 4.0, "Faster". */
const COMMON = [...CPU, "-O2", "-g", "-Wall", "-ffunction-sections", "-fdata-sections"];
const C = ["-std=gnu11"];
const CXX = ["-std=gnu++17", "-fno-exceptions", "-fpermissive", "-felide-constructors", "-fno-rtti"];
const BOARD = ["__IMXRT1062__", "TEENSYDUINO=159", "ARDUINO=10813", "ARDUINO_TEENSY40", "F_CPU=600000000"];
const USB = ["USB_SERIAL", "LAYOUT_US_ENGLISH"];
const DEFINES = [...BOARD, ...USB].map((name) => `-D${name}`);

/** Compiles one file; throws with the compiler's words if it fails. */
function compileFile(source: string, object: string, includes: readonly string[]): void {
  const isC = source.endsWith(".c");
  const { status, stderr } = startTool(isC ? "arm-none-eabi-gcc" : "arm-none-eabi-g++", [
    ...[...COMMON, ...(source.endsWith(".S") ? ["-x", "assembler-with-cpp"] : isC ? C : CXX), ...DEFINES],
    ...includes.flatMap((folder) => ["-I", folder]),
    ...["-c", source, "-o", object],
  ]);
  if (status !== 0) throw new Error(`${source}: ${stderr}`);
}

/** Objects of a library's src/ and of its example, in `outDir`. `core` has Arduino.h. */
export function compileLibrary(library: string, core: string, outDir: string): string[] {
  mkdirSync(outDir, { recursive: true });
  const src = join(library, "src");
  const sketch = join(outDir, "CrazyflieLink.cpp");
  const example = join(library, "examples/CrazyflieLink/CrazyflieLink.ino");
  writeFileSync(
    sketch,
    `#include <Arduino.h>\n#line 1 "CrazyflieLink.ino"\n${readFileSync(example, "utf8")}`,
  );
  const sources = readdirSync(src)
    .filter((name) => /\.(c|cpp)$/.test(name))
    .map((name) => join(src, name));
  return [...sources, sketch].map((source) => {
    const object = join(outDir, `${basename(source)}.o`);
    compileFile(source, object, [core, src]);
    return object;
  });
}

/** The library's C alone, with Teensyduino's flags, linked with a program of c/ for the emulated chip. */
export function linkForEmulator(library: string, program: string, outDir: string): string {
  mkdirSync(outDir, { recursive: true });
  const src = join(library, "src");
  const port = join(C_SOURCES, "port");
  const own = readdirSync(src).filter((name) => name.endsWith(".c"));
  const sources = [
    ...own.map((name) => join(src, name)),
    ...["machine_qemu.c", "startup.c", "uart.c"].map((name) => join(port, name)),
    join(C_SOURCES, program),
  ];
  const objects = sources.map((source) => {
    const object = join(outDir, `${basename(source)}.o`);
    compileFile(source, object, [src, port]);
    return object;
  });
  const elf = join(outDir, "library.elf");
  runTool("arm-none-eabi-gcc", [
    ...[...CPU, "-nostartfiles", "--specs=nano.specs", "--specs=nosys.specs", "-Wl,--gc-sections"],
    ...[`-T${join(port, "link.ld")}`, ...objects, "-lm", "-o", elf],
  ]);
  return elf;
}

/** Links objects with the Teensy core library in `core` (PaulStoffregen/cores, teensy4); returns the ELF's path. */
export function linkWithCore(objects: readonly string[], core: string, outDir: string): string {
  const folder = join(outDir, "core");
  mkdirSync(folder, { recursive: true });
  const coreObjects = readdirSync(core)
    .filter((name) => /\.(c|cpp|S)$/.test(name))
    .map((name) => {
      const object = join(folder, `${name}.o`);
      compileFile(join(core, name), object, [core]);
      return object;
    });
  const elf = join(dirname(objects[0]!), "sketch.elf");
  const { status, stderr } = startTool("arm-none-eabi-gcc", [
    ...[...CPU, "-O2", "-Wl,--gc-sections,--relax", `-T${join(core, "imxrt1062.ld")}`],
    ...[...objects, ...coreObjects, "-lm", "-o", elf],
  ]);
  if (status !== 0) throw new Error(stderr);
  return elf;
}
