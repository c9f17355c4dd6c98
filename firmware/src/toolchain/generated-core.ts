import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { findWasmRuntimeHeader, runTool } from "./tools.js";

/** What the Teensy computes, and what the Crazyflie does. */
export type Module = "policy" | "pilot";

const built = (file: string): string =>
  createRequire(import.meta.url).resolve(`@spikewing/core/build/${file}`);
export const POLICY_WASM = built("policy.wasm");

/** Where linear memory of the policy core is free: behind its static data. */
export function policyHeapBase(): number {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(POLICY_WASM)));
  return (exports as { heapBase: () => number }).heapBase();
}

/**
 * Writes a module of the core as C into `outDir`: policy.c, policy.h or pilot.c, pilot.h, wasm-rt.h, the one header
 * of wabt that both need, and layout.h, the classes of the core as structs. `checked`: accesses to linear memory may be
 * checked, so every load must stay. Returns the path of the C file.
 */
export function generateCore(outDir: string, checked: boolean, module: Module = "policy"): string {
  mkdirSync(outDir, { recursive: true });
  copyFileSync(findWasmRuntimeHeader(), join(outDir, "wasm-rt.h"));
  copyFileSync(built("layout.h"), join(outDir, "layout.h"));
  const source = join(outDir, `${module}.c`);
  runTool("wasm2c", ["-n", module, built(`${module}.wasm`), "-o", source]);
  if (!checked) writeFileSync(source, withoutChecks(readFileSync(source, "utf8"), source));
  return source;
}

/**
 * wasm2c keeps every load alive, as an unused one could trap. Where loads are not checked none can, and without the
 * barrier GCC joins loads with what uses them.
 *
 * It also fetches the address of linear memory from the instance again after every store. Ours never moves, and
 * c/core/wasm_rt.c keeps it in a constant of its own file: GCC fetches that once a function, and does not fold it into
 * each address, which would cost what it saves.
 */
function withoutChecks(text: string, file: string): string {
  const barrier = replace(text, "#define wasm_asm __asm__\n", "#define wasm_asm(...)\n", file);
  const base = "extern u8 *const sw_linear_base;\n\n#define DEFINE_LOAD";
  return replace(
    replace(barrier, "#define DEFINE_LOAD", base, file),
    "mem->data[addr]",
    "sw_linear_base[addr]",
    file,
  );
}

function replace(text: string, from: string, to: string, file: string): string {
  const after = text.replaceAll(from, () => to);
  if (after === text)
    throw new Error(`${file}: no ${JSON.stringify(from)}; expected the output of wabt 1.0.32`);
  return after;
}
