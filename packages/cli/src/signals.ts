import { constants } from "node:os";
import { printNote } from "./print.js";

/** Ctrl-C, kill, and a terminal that is closed. */
const ENDING = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
export type EndingSignal = (typeof ENDING)[number];

/** Ends a training after a round; its checkpoint is written. */
export class Interruption extends Error {
  constructor(readonly signal: EndingSignal) {
    super(signal);
  }
}

/** The signals that came since listening began. One is seen only when the main loop gets a turn. */
export interface Signals {
  /** The first of them. */
  received(): EndingSignal | undefined;
  /** Resolves with it. */
  readonly arrived: Promise<EndingSignal>;
  stop(): void;
}

export function listenForSignals(): Signals {
  let first: EndingSignal | undefined;
  let tell = (_: EndingSignal) => {};
  const arrived = new Promise<EndingSignal>((resolve) => {
    tell = resolve;
  });
  const note = (signal: NodeJS.Signals) => {
    first ??= signal as EndingSignal;
    tell(first);
  };
  for (const signal of ENDING) process.on(signal, note);
  return {
    received: () => first,
    arrived,
    stop: () => {
      for (const signal of ENDING) process.off(signal, note);
    },
  };
}

/** Says how to go on; the exit code is the signal's. */
export function reportInterruption({ signal }: Interruption, resume: string): void {
  printNote(`interrupted; to go on: ${resume}`);
  process.exitCode = 128 + constants.signals[signal];
}
