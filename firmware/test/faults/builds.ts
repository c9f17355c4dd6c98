// Firmware of the shipped policy for the bench, as it is or with one line changed.
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadCore } from "@spikewing/core/node";
import { newFolder } from "../../../scripts/vitest/new-folder.js";
import { buildController } from "../../src/emulator/build-controller.js";
import { type PolicyData, policyData } from "../../src/library/policy-data.js";
import { C_SOURCES } from "../../src/toolchain/cross-compile.js";
import { SHIPPED_POLICY } from "../emulator/shipped-policy.js";

const folder = newFolder();
let builds = 0;

export const core = loadCore();
export const SHIPPED_DATA = policyData(core, SHIPPED_POLICY, "shipped policy");

/** A change of one place in the C sources. */
export interface Change {
  /** In firmware/c. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** A copy of the C sources with the changes. Throws unless each matches exactly one place. */
export function changedSources(outDir: string, changes: readonly Change[]): string {
  cpSync(C_SOURCES, outDir, { recursive: true });
  for (const { file, from, to } of changes) {
    const path = join(outDir, file);
    const parts = readFileSync(path, "utf8").split(from);
    if (parts.length !== 2)
      throw new Error(`${file}: ${parts.length - 1} places match; expected one: ${from}`);
    writeFileSync(path, parts.join(to));
  }
  return outDir;
}

/** An ELF file; compiles only what no build before had. */
export function buildBench(data: PolicyData = SHIPPED_DATA, changes: readonly Change[] = []): string {
  const outDir = join(folder, String(builds++));
  const sources = changedSources(join(outDir, "c"), changes);
  return buildController({ data, program: "bench", outDir, coreDir: join(folder, "core"), sources });
}

/** The ELF file with the lowest bit of one byte flipped, in a block of bytes that is in it once. */
export function flipBitInFlash(elf: string, block: Uint8Array, at: number): string {
  const bytes = readFileSync(elf);
  const start = bytes.indexOf(block);
  if (start < 0 || bytes.indexOf(block, start + 1) >= 0)
    throw new Error(`${elf}: the block is not in it once`);
  bytes[start + at]! ^= 1;
  const flipped = `${elf}.flipped-${start + at}`;
  writeFileSync(flipped, bytes);
  return flipped;
}
