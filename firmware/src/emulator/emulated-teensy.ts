// A Teensy on an emulated Cortex-M7, behind a serial port of the host: c/port/main-teensy.c, whose clock waits for the host.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadCore } from "@spikewing/core/node";
import type { Policy } from "@spikewing/rl";
import { policyData } from "../library/policy-data.js";
import { buildController } from "./build-controller.js";
import { startEmulator } from "./emulator.js";

export interface EmulatedTeensyOptions {
  /** A spiking policy; it is built into the firmware. */
  readonly policy: Policy;
  /** Which frames it speaks. */
  readonly protocol?: "v1" | "legacy";
}

export interface EmulatedTeensy {
  /** The serial port: a pseudo-terminal. The board's clock stands still while no byte waits: no time-out trips. */
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
    const [, path = ""] = await emulator.said(/char device redirected to (\S+)/);
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
