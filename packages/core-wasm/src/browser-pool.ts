import { createHelperPool, type PooledCore } from "./helper-pool.js";

/**
 * A core and the pool that works on it, for a browser. Needs a page that is cross-origin isolated: elsewhere there is
 * no shared memory. To be called in a worker, as the page's own thread may not wait.
 *
 * @param module the `threads` build
 * @param workers threads in all, 2 to SHARDS
 * @returns once every helper listens: a helper starts only while its parent has nothing to do
 */
export async function createBrowserPool(module: WebAssembly.Module, workers: number): Promise<PooledCore> {
  const listening: Promise<void>[] = [];
  const pooled = createHelperPool(module, workers, (inheritance, failed) => {
    const helper = new Worker(new URL("./browser-worker.js", import.meta.url), { type: "module" });
    listening.push(
      new Promise((resolve, reject) => {
        helper.addEventListener("message", () => resolve());
        helper.addEventListener("error", ({ message }) => {
          const error = new Error(`helper thread: ${message}`);
          failed(error);
          reject(error);
        });
      }),
    );
    helper.postMessage(inheritance);
    return () => helper.terminate();
  });
  await Promise.all(listening);
  return pooled;
}
