/** A thread of the local engine: does the runs that it is sent, one after the other. */
import { parentPort } from "node:worker_threads";
import { CoreMemoryError } from "@spikewing/core";
import type { SweepRun } from "@spikewing/rl";
import type { Ending } from "./sweep-folder.js";
import { createWorkbench, endingOf } from "./workbench.js";

/** What a thread answers; `error`: nobody's run is to blame. */
export type Answer =
  | { readonly ending: Ending; readonly seconds: readonly number[] }
  | {
      readonly error: {
        readonly message: string;
        readonly stack?: string | undefined;
        readonly isTold: boolean;
      };
    };

const workbench = createWorkbench();

function answer(run: SweepRun): Answer {
  try {
    return { ending: endingOf(workbench, run), seconds: workbench.seconds };
  } catch (error) {
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    return { error: { message, stack, isTold: error instanceof CoreMemoryError } };
  }
}

parentPort!.on("message", (run: SweepRun) => parentPort!.postMessage(answer(run)));
