// A Teensy on an emulated Cortex-M7, behind a serial port of the host: c/port/main-teensy.c in real time, or slower.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadCore } from "@spikewing/core/node";
import type { Policy } from "@spikewing/rl";
import { policyData } from "../library/policy-data.js";
import { buildController } from "./build-controller.js";
import { type Emulator, startEmulator } from "./emulator.js";

export interface EmulatedTeensyOptions {
  /** A spiking policy; it is built into the firmware. */
  readonly policy: Policy;
  /** Which frames it speaks. */
  readonly protocol?: "v1" | "legacy";
}

export interface EmulatedTeensy {
  /** The serial port: a pseudo-terminal. Its clock runs no faster than the host's, so no time-out trips early. */
  readonly path: string;
  stop(): Promise<void>;
}

/** Takes some seconds: compiles, links, starts. @throws SpikewingError if the policy cannot fly on a board. */
export async function startEmulatedTeensy(options: EmulatedTeensyOptions): Promise<EmulatedTeensy> {
  const { policy, protocol = "v1" } = options;
  const outDir = mkdtempSync(join(tmpdir(), "spikewing-teensy-"));
  const removeFolder = () => rmSync(outDir, { recursive: true, force: true });
  try {
    const data = policyData(loadCore(), policy, "policy");
    const elf = buildController({ data, program: "teensy", outDir });
    const emulator = startEmulator(elf, ["-serial", "pty"], protocol === "legacy" ? "legacy" : "");
    const path = await serialPath(emulator);
    return {
      path,
      async stop() {
        await emulator.stop();
        removeFolder();
      },
    };
  } catch (error) {
    removeFolder();
    throw error;
  }
}

/** QEMU prints "char device redirected to /dev/pts/3 (label serial0)". */
async function serialPath(emulator: Emulator): Promise<string> {
  const ended = emulator.ended.then((status): never => {
    throw new Error(`the emulated chip ended with status ${status}: ${emulator.output().trim()}`);
  });
  for (;;) {
    const path = /redirected to (\S+)/.exec(emulator.output())?.[1];
    if (path !== undefined) return path;
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 10))]);
  }
}
