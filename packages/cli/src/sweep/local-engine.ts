import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { SpikewingError, type SweepRun } from "@spikewing/rl";
import type { Ending } from "./sweep-folder.js";
import type { Answer } from "./sweep-worker.js";

/**
 * Does runs in threads of this process, one run a thread at a time, in the order of the list as threads become free.
 *
 * @param done is told of each as it ends
 * @param stopped ends the threads, in whatever they are doing
 * @throws what is no run's fault
 */
export async function runLocally(
  runs: readonly SweepRun[],
  pending: readonly number[],
  workers: number,
  done: (run: number, ending: Ending, seconds: readonly number[]) => void,
  stopped: AbortSignal,
): Promise<void> {
  const queue = [...pending];
  const threads = Array.from(
    { length: Math.min(workers, queue.length) },
    () => new Worker(new URL("sweep-worker.js", import.meta.url)),
  );
  const stop = () => Promise.all(threads.map((thread) => thread.terminate()));
  stopped.addEventListener("abort", stop, { once: true });
  try {
    await Promise.all(
      threads.map(async (thread) => {
        const ended = once(thread, "exit").then((): never => {
          throw new Error("a thread of the sweep has ended");
        });
        ended.catch(() => {}); // the race below tells, where there is one
        for (let run = queue.shift(); run !== undefined; run = queue.shift()) {
          thread.postMessage(runs[run]);
          const [answer] = (await Promise.race([once(thread, "message"), ended])) as [Answer];
          if (stopped.aborted) return;
          if ("error" in answer) throw faultOf(answer.error);
          done(run, answer.ending, answer.seconds);
        }
      }),
    );
  } finally {
    stopped.removeEventListener("abort", stop);
    await stop();
  }
}

function faultOf({ message, stack, isTold }: Extract<Answer, { error: object }>["error"]): Error {
  if (isTold) return new SpikewingError("core", message, "fewer --workers take less memory");
  return Object.assign(new Error(message), { stack });
}
