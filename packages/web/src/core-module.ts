import simdUrl from "@spikewing/core/build/core.simd.wasm?url";
import threadsUrl from "@spikewing/core/build/core.threads.wasm?url";

const URLS = { simd: simdUrl, threads: threadsUrl } as const;

/** A build of the core: the very bytes that the command line runs. `threads` is for shared memory. */
export async function fetchCoreModule(build: keyof typeof URLS): Promise<WebAssembly.Module> {
  const response = await fetch(URLS[build]);
  if (!response.ok) throw new Error(`${URLS[build]}: the server answers ${response.status}`);
  return WebAssembly.compile(await response.arrayBuffer());
}
