import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { findWasmRuntimeHeader, runTool } from "./tools.js";

export const POLICY_WASM = createRequire(import.meta.url).resolve("@spikewing/core/build/policy.wasm");

/**
 * Writes the policy core as C into `outDir`: policy.c, policy.h, and wasm-rt.h, the one header of wabt that both need.
 * `checked`: accesses to linear memory may be checked, so every load must stay. Returns the path of policy.c.
 */
export function generateCore(outDir: string, checked: boolean): string {
  mkdirSync(outDir, { recursive: true });
  copyFileSync(findWasmRuntimeHeader(), join(outDir, "wasm-rt.h"));
  const source = join(outDir, "policy.c");
  runTool("wasm2c", ["-n", "policy", POLICY_WASM, "-o", source]);
  if (!checked) dropLoadBarriers(source);
  return source;
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
