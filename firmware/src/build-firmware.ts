import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { CLOSED_LOOP_BATCH, type ClosedLoopBlocks, type CoreExports } from "@spikewing/core";
import { findWasmRuntimeHeader, runTool } from "./toolchain.js";

export interface FirmwareOptions {
  /** A policy image: packages/core-wasm/assembly/snn/network.ts. */
  readonly policyImage: Uint8Array;
  /** Parameter blocks of the task: closedLoopBlocks() of @spikewing/core. */
  readonly blocks: ClosedLoopBlocks<Uint8Array>;
  /** Seed of starts and sensor noise. */
  readonly seed: number;
  /** Folder for the generated C, the object files and firmware.elf; made if missing. */
  readonly outDir: string;
  /**
   * true: every access to linear memory is checked, and image and blocks are copied into it. false: no checks, and
   * they stay in flash.
   */
  readonly checked: boolean;
}

const SOURCES = fileURLToPath(new URL("../src/", import.meta.url));
const POLICY_WASM = createRequire(import.meta.url).resolve("@spikewing/core/build/policy.wasm");

/**
 * -ffp-contract=off: GCC's default fuses multiply and add, which rounds once where WebAssembly rounds twice.
 * -fno-math-errno lets square root and rounding be single instructions.
 */
const ARCHITECTURE = ["-mcpu=cortex-m7", "-mthumb", "-mfpu=fpv5-d16", "-mfloat-abi=hard"];
const CODE = ["-std=gnu11", "-O2", "-ffp-contract=off", "-fno-math-errno"];
const SECTIONS = ["-ffunction-sections", "-fdata-sections"];
const LINK = ["-nostartfiles", "--specs=nano.specs", "--specs=nosys.specs", "-Wl,--gc-sections"];
const RUNTIME = ["-DNDEBUG", "-DWASM_RT_USE_STACK_DEPTH_COUNT=0"];
const CHECKED = ["-DWASM_RT_MEMCHECK_SIGNAL_HANDLER=0", "-DSW_CHECKED=1"];
const UNCHECKED = [
  "-DWASM_RT_MEMCHECK_SIGNAL_HANDLER=1",
  "-DWASM_RT_SKIP_SIGNAL_RECOVERY=1",
  "-DSW_CHECKED=0",
];

const HAND_WRITTEN = ["main-parity.c", "wasm_rt_port.c", "port_qemu.c", "startup.c"];

/** Builds the parity harness and returns the path of the ELF file. */
export function buildFirmware(options: FirmwareOptions): string {
  const { outDir, checked } = options;
  mkdirSync(outDir, { recursive: true });
  copyFileSync(findWasmRuntimeHeader(), join(outDir, "wasm-rt.h"));
  const wasm = readFileSync(POLICY_WASM);
  const flags = [...ARCHITECTURE, ...CODE, ...SECTIONS, ...RUNTIME, ...(checked ? CHECKED : UNCHECKED)];
  const policy = compilePolicy(wasm, flags, outDir, checked);

  const data = join(outDir, "flight_data.c");
  writeFileSync(data, flightData(options));
  const elf = join(outDir, "firmware.elf");
  rmSync(elf, { force: true });
  runTool("arm-none-eabi-gcc", [
    ...flags,
    ...["-Wall", "-Wextra", "-Werror"],
    `-DSW_LINEAR_BYTES=${linearBytes(wasm, options)}u`,
    ...["-isystem", outDir, "-I", SOURCES],
    ...HAND_WRITTEN.map((file) => join(SOURCES, file)),
    data,
    policy,
    ...LINK,
    `-T${join(SOURCES, "link.ld")}`,
    "-lm",
    ...["-o", elf],
  ]);
  return elf;
}

/** The policy core as an object file; made anew only if it, the compiler or the flags changed. */
function compilePolicy(wasm: Uint8Array, flags: readonly string[], outDir: string, checked: boolean): string {
  const object = join(outDir, "policy.o");
  const keyFile = join(outDir, "policy.key");
  const versions = runTool("arm-none-eabi-gcc", ["--version"]) + runTool("wasm2c", ["--version"]);
  const key = createHash("sha256").update(wasm).update(versions).update(flags.join(" ")).digest("hex");
  if (existsSync(object) && existsSync(keyFile) && readFileSync(keyFile, "utf8") === key) return object;

  rmSync(keyFile, { force: true });
  const source = join(outDir, "policy.c");
  runTool("wasm2c", ["-n", "policy", POLICY_WASM, "-o", source]);
  if (!checked) dropLoadBarriers(source);
  runTool("arm-none-eabi-gcc", [...flags, "-w", "-isystem", outDir, "-c", source, "-o", object]);
  writeFileSync(keyFile, key);
  return object;
}

/**
 * wasm2c keeps every load alive, as an unused one could trap. Where loads are not checked none can, and without the
 * barrier GCC joins loads with what uses them.
 */
function dropLoadBarriers(source: string): void {
  const before = readFileSync(source, "utf8");
  const after = before.replace(/^#define wasm_asm __asm__$/m, "#define wasm_asm(...)");
  if (after === before)
    throw new Error(`${source}: no definition of wasm_asm; expected the output of wabt 1.0.32`);
  writeFileSync(source, after);
}

/** Room for what main-parity.c allocates; it stops if this is too little. */
function linearBytes(
  wasm: Uint8Array<ArrayBuffer>,
  { policyImage, blocks, checked }: FirmwareOptions,
): number {
  const module = new WebAssembly.Module(wasm);
  const kernels = new WebAssembly.Instance(module).exports as unknown as CoreExports;
  const header = new DataView(policyImage.buffer, policyImage.byteOffset);
  const hidden = [header.getInt32(0, true), header.getInt32(4, true)] as const;
  const copied = checked ? [policyImage, ...Object.values(blocks)].map(({ length }) => length) : [];
  const allocations = [
    kernels.policyStateBytes(...hidden),
    kernels.policyScratchBytes(...hidden),
    64, // observation
    64, // action
    kernels.environmentsBytes(CLOSED_LOOP_BATCH),
    ...copied,
  ];
  const aligned = (bytes: number) => Math.ceil(bytes / 64) * 64;
  return allocations.reduce((sum, bytes) => sum + aligned(bytes), aligned(kernels.heapBase()));
}

function flightData({ policyImage, blocks, seed }: FirmwareOptions): string {
  const arrays = {
    image: policyImage,
    airframe: blocks.airframe,
    start: blocks.start,
    sensor_noise: blocks.sensorNoise,
    reward: blocks.reward,
    bounds: blocks.bounds,
  };
  const definitions = Object.entries(arrays).map(
    ([name, bytes]) =>
      `static const uint8_t ${name}_bytes[${bytes.length}] __attribute__((aligned(16))) = {\n${byteRows(bytes)}\n};\n` +
      `const sw_block_t sw_${name} = {${name}_bytes, ${bytes.length}};\n`,
  );
  return [
    "// Written by build-firmware.ts; do not edit.\n",
    '#include "sw_flight_data.h"\n',
    ...definitions,
    `const uint32_t sw_seed = ${seed}u;\n`,
  ].join("\n");
}

const BYTES_PER_ROW = 24;

function byteRows(bytes: Uint8Array): string {
  const rows: string[] = [];
  for (let at = 0; at < bytes.length; at += BYTES_PER_ROW)
    rows.push(`  ${Array.from(bytes.subarray(at, at + BYTES_PER_ROW)).join(", ")},`);
  return rows.join("\n");
}
