import type { ClosedLoopRun } from "@spikewing/core";
import { CHIPS, type ChipName } from "../toolchain/chips.js";
import { startTool, type ToolRun } from "../toolchain/tools.js";

/** Runs an ELF file on an emulated chip; its output, and as exit status that of the program. */
export function runParity(elf: string, command: readonly string[], chip: ChipName = "cortex-m7"): ToolRun {
  const args = command.map((word) => `,arg=${word}`).join("");
  return startTool("qemu-system-arm", [
    ...["-M", CHIPS[chip].machine, "-nographic", "-monitor", "none", "-serial", "none"],
    ...["-semihosting-config", `enable=on,target=native${args}`],
    ...["-icount", "shift=0"], // one instruction, one nanosecond of SysTick
    ...["-kernel", elf],
  ]);
}

/** Counted by SysTick, averaged over all steps; exact to a few instructions. */
export interface ChipRun extends ClosedLoopRun {
  /** pilotStep. */
  readonly policyInstructions: number;
  /** environmentsObserve and environmentsStep of the whole batch. */
  readonly environmentInstructions: number;
  /** Of the stack, below whoever makes a step of the policy. */
  readonly stackBytes: number;
  /** Linear memory in use. */
  readonly linearBytes: number;
}

/** What flyClosedLoop of @spikewing/core does, on the emulated chip. Throws if the program does not end well. */
export function flyOnChip(elf: string, episode: number, steps: number, chip?: ChipName): ChipRun {
  const [flight = ""] = runFlights(elf, [episode, steps], chip);
  const read = (pattern: RegExp): string => {
    const found = pattern.exec(flight)?.[1];
    if (found === undefined) throw new Error(`${elf}: no ${pattern} in its output`);
    return found;
  };
  return {
    hash: Number.parseInt(read(/^hash ([0-9a-f]{8})$/m), 16),
    hashes: [...flight.matchAll(/^step \d+ hash ([0-9a-f]{8})$/gm)].map(([, hex]) =>
      Number.parseInt(hex!, 16),
    ),
    episodes: Number(read(/^episodes (\d+)$/m)),
    spikes: Number(read(/^spikes (\d+)$/m)),
    policyInstructions: Number(read(/^policy_instructions (\d+)$/m)),
    environmentInstructions: Number(read(/^environment_instructions (\d+)$/m)),
    stackBytes: Number(read(/^stack_bytes (\d+)$/m)),
    linearBytes: Number(read(/^linear_bytes (\d+)$/m)),
  };
}

/** What flyGustyFlights of @spikewing/core does: the hash of every flight. */
export function flyFlightsOnChip(elf: string, flights: number, steps: number, chip?: ChipName): number[] {
  return runFlights(elf, [0, steps, flights], chip).map((flight) =>
    Number.parseInt(/^hash ([0-9a-f]{8})$/m.exec(flight)?.[1] ?? "", 16),
  );
}

/** What the program prints of each flight. */
function runFlights(elf: string, numbers: readonly number[], chip?: ChipName): string[] {
  const { status, stdout, stderr } = runParity(elf, ["fly", ...numbers.map(String)], chip);
  const output = stdout + stderr; // QEMU's semihosting writes to stderr
  if (status !== 0) throw new Error(`${elf}: exit status ${status}: ${output.trim().split("\n").at(-1)}`);
  return output.split(/(?<=^linear_bytes \d+$)/m).filter((text) => text.trim() !== "");
}
