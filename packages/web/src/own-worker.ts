import { type Remote, wrap } from "comlink";

/** Hears of a worker that does not load, or that an error ended: who waits for its answer would wait for ever. */
export function hearFailure(worker: Worker, what: string, hear: (error: Error) => void): void {
  worker.addEventListener("error", ({ message }: Partial<ErrorEvent>) =>
    hear(new Error(`${what}: ${message ?? "its program does not load"}`)),
  );
  worker.addEventListener("messageerror", () => hear(new Error(`${what}: its answer cannot be read`)));
}

/**
 * Work that goes on in a worker of its own, which ends with it.
 * @throws Error that says what went wrong, in the work or with the worker
 */
export function workIn<Exposed, Result>(
  worker: Worker,
  what: string,
  work: (exposed: Remote<Exposed>) => Promise<Result>,
): Promise<Result> {
  return new Promise<Result>((resolve, reject) => {
    hearFailure(worker, what, reject);
    work(wrap<Exposed>(worker)).then(resolve, reject);
  }).finally(() => worker.terminate());
}
