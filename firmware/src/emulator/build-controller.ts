import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadCore } from "@spikewing/core/node";
import { controllerLinearBytes } from "../library/linear-memory.js";
import { type PolicyData, policyDataSource } from "../library/policy-data.js";
import { buildProgram, C_SOURCES } from "../toolchain/cross-compile.js";
import { policyHeapBase } from "../toolchain/generated-core.js";

export interface ControllerOptions {
  readonly data: PolicyData;
  /** teensy: the board's loop with a clock of its own. bench: the same controller with the clock of a test. */
  readonly program: "teensy" | "bench";
  /** Folder for the generated C and firmware.elf; made if missing. */
  readonly outDir: string;
  /** As of buildProgram. */
  readonly coreDir?: string;
  /** Folder of the hand-written C; another one than the package's to test a changed copy. */
  readonly sources?: string;
}

const MAIN = { teensy: "port/main-teensy.c", bench: "bench/main-bench.c" } as const;

/** What every program with a controller is made of, on any machine. */
export const CONTROLLER_FILES = [
  "link/sw_link.c",
  "controller/sw_supervisor.c",
  "controller/sw_policy.c",
  "controller/sw_controller.c",
  "controller/sw_legacy.c",
] as const;

/** Builds the controller for the emulated Cortex-M7, the policy in flash; returns the path of the ELF file. */
export function buildController(options: ControllerOptions): string {
  const { data, program, outDir, coreDir, sources = C_SOURCES } = options;
  mkdirSync(outDir, { recursive: true });
  const policy = join(outDir, "sw_policy_data.c");
  writeFileSync(policy, policyDataSource(data));
  return buildProgram({
    sources: [
      ...[MAIN[program], "port/uart.c", ...CONTROLLER_FILES].map((file) => join(sources, file)),
      policy,
    ],
    includes: [join(sources, "link"), join(sources, "controller")],
    linearBytes: controllerLinearBytes(loadCore(), policyHeapBase(), data.image),
    outDir,
    ...(coreDir === undefined ? {} : { coreDir }),
    checked: false,
  });
}
