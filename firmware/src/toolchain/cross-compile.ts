import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { CHIPS, type Chip, type ChipName } from "./chips.js";
import { generateCore } from "./generated-core.js";
import { runTool } from "./tools.js";

/** The hand-written C, by theme. */
export const C_SOURCES = fileURLToPath(new URL("../../c/", import.meta.url));

/**
 * -ffp-contract=off: GCC's default fuses multiply and add, which rounds once where WebAssembly rounds twice.
 * -fno-math-errno lets square root and rounding be single instructions.
 */
const CODE = ["-std=gnu11", "-O2", "-ffp-contract=off", "-fno-math-errno"];
const SECTIONS = ["-ffunction-sections", "-fdata-sections"];
const WARNINGS = ["-Wall", "-Wextra", "-Werror"];
const LINK = ["-nostartfiles", "--specs=nano.specs", "--specs=nosys.specs", "-Wl,--gc-sections"];
const RUNTIME = ["-DNDEBUG", "-DWASM_RT_USE_STACK_DEPTH_COUNT=0"];
const CHECKED = ["-DWASM_RT_MEMCHECK_SIGNAL_HANDLER=0", "-DSW_CHECKED=1"];
const UNCHECKED = [
  "-DWASM_RT_MEMCHECK_SIGNAL_HANDLER=1",
  "-DWASM_RT_SKIP_SIGNAL_RECOVERY=1",
  "-DSW_CHECKED=0",
];

const flagsOf = ({ architecture, tickHz }: Chip, checked: boolean): readonly string[] => [
  ...architecture,
  `-DSW_TICK_HZ=${tickHz}u`,
  ...CODE,
  ...SECTIONS,
  ...RUNTIME,
  ...(checked ? CHECKED : UNCHECKED),
];

export interface Program {
  /** C files beside the policy core, wasm_rt.c and the port. */
  readonly sources: readonly string[];
  /** Folders of headers beside outDir. */
  readonly includes: readonly string[];
  /** Bytes of the policy core's linear memory. */
  readonly linearBytes: number;
  /** Folder for firmware.elf; made if missing. */
  readonly outDir: string;
  /** Folder for the policy core's C and for object files, which programs may share; outDir if left out. */
  readonly coreDir?: string;
  /** Every access to linear memory is checked. */
  readonly checked: boolean;
  /** The Teensy's Cortex-M7 if left out. */
  readonly chip?: ChipName;
}

const PORT = ["core/wasm_rt.c", "port/machine_qemu.c", "port/startup.c"];

/** Compiles and links a program for an emulated chip; returns the path of the ELF file. */
export function buildProgram(program: Program): string {
  const { sources, includes, linearBytes, outDir, coreDir = outDir, checked } = program;
  const chip: Chip = CHIPS[program.chip ?? "cortex-m7"];
  const chipFlags = flagsOf(chip, checked);
  const policy = compilePolicyCore(coreDir, chipFlags, checked);
  mkdirSync(outDir, { recursive: true });
  const flags = [...chipFlags, ...WARNINGS, `-DSW_LINEAR_BYTES=${linearBytes}u`];
  const folders = [join(C_SOURCES, "port"), ...includes];
  const objects = [...PORT.map((file) => join(C_SOURCES, file)), ...sources].map((source) =>
    compileObject(source, flags, folders, coreDir),
  );
  const elf = join(outDir, "firmware.elf");
  rmSync(elf, { force: true });
  runTool("arm-none-eabi-gcc", [
    ...[...chip.architecture, ...LINK, ...originFlags(chip), `-T${join(C_SOURCES, "port/link.ld")}`],
    ...[...objects, policy, "-lm", "-o", elf],
  ]);
  return elf;
}

const originFlags = ({ origins }: Chip): string[] =>
  Object.entries(origins ?? {}).map(([memory, address]) => `-Wl,--defsym=sw_${memory}_origin=${address}`);

/** A C file as an object file in coreDir; made anew only if its text, a header or the flags changed. */
function compileObject(
  source: string,
  flags: readonly string[],
  folders: readonly string[],
  coreDir: string,
): string {
  const headers = [coreDir, ...folders].flatMap((folder) =>
    readdirSync(folder)
      .filter((file) => file.endsWith(".h"))
      .map((file) => join(folder, file)),
  );
  const hash = createHash("sha256").update(flags.join(" "));
  for (const file of [source, ...headers]) hash.update(`\0${readFileSync(file, "utf8")}`);
  const object = join(coreDir, `${basename(source, ".c")}-${hash.digest("hex").slice(0, 16)}.o`);
  if (existsSync(object)) return object;
  runTool("arm-none-eabi-gcc", [
    ...[...flags, "-isystem", coreDir, ...folders.flatMap((folder) => ["-I", folder])],
    ...["-c", source, "-o", object],
  ]);
  return object;
}

/** The policy core as an object file; made anew only if its C, the compiler or the flags changed. */
function compilePolicyCore(outDir: string, flags: readonly string[], checked: boolean): string {
  const compiler = runTool("arm-none-eabi-gcc", ["--version"]);
  const source = generateCore(outDir, checked);
  const object = join(outDir, "policy.o");
  const keyFile = join(outDir, "policy.key");
  const key = createHash("sha256")
    .update(readFileSync(source))
    .update(compiler)
    .update(flags.join(" "))
    .digest("hex");
  if (existsSync(object) && existsSync(keyFile) && readFileSync(keyFile, "utf8") === key) return object;

  rmSync(keyFile, { force: true });
  runTool("arm-none-eabi-gcc", [...flags, "-w", "-isystem", outDir, "-c", source, "-o", object]);
  writeFileSync(keyFile, key);
  return object;
}
