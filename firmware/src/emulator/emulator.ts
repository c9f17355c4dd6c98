// Starts QEMU's Cortex-M7 and keeps it apart: it ends with the process that started it.
import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { missingTool } from "../toolchain/tools.js";

export interface Emulator {
  /** What it has written so far, standard output and error. */
  readonly output: () => string;
  /** The first match in what it writes. @throws Error if it ends without one. */
  said(pattern: RegExp): Promise<RegExpExecArray>;
  /** Exit status of the program; null if it was stopped. */
  readonly ended: Promise<number | null>;
  stop(): Promise<void>;
}

/** `serials` are QEMU's -serial and -chardev arguments; `command` is the program's command line. */
export function startEmulator(elf: string, serials: readonly string[], command: string): Emulator {
  const qemu: ChildProcessByStdio<null, Readable, Readable> = spawn(
    "qemu-system-arm",
    [
      ...["-M", "mps2-an500", "-display", "none", "-monitor", "none"],
      ...["-semihosting-config", `enable=on,target=native${command ? `,arg=${command}` : ""}`],
      ...["-icount", "shift=0"], // one instruction, one nanosecond of the emulated machine
      ...serials,
      ...["-kernel", elf],
    ],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  let output = "";
  const listeners = new Set<() => void>();
  for (const stream of [qemu.stdout, qemu.stderr])
    stream.on("data", (data: Buffer) => {
      output += data.toString();
      for (const listener of listeners) listener();
    });
  const kill = () => qemu.kill("SIGKILL");
  process.once("exit", kill);
  const ended = new Promise<number | null>((resolve, reject) => {
    qemu.once("error", (error) => reject(missingTool("qemu-system-arm", error)));
    qemu.once("close", (status) => {
      process.off("exit", kill);
      resolve(status);
    });
  });
  ended.catch(() => {}); // whoever waits for it gets the error
  return {
    output: () => output,
    said: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const match = pattern.exec(output);
          if (match) {
            listeners.delete(look);
            resolve(match);
          }
        };
        listeners.add(look);
        look();
        ended.then((status) => {
          reject(new Error(`the emulated chip ended with status ${status}: ${output.trim()}`));
        }, reject);
      }),
    ended,
    async stop() {
      kill();
      await ended;
    },
  };
}
