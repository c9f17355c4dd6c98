import simdUrl from "@spikewing/core/build/core.simd.wasm?url";

/** The SIMD build of the core: the very bytes that the command line runs. */
export async function fetchCoreModule(): Promise<WebAssembly.Module> {
  const response = await fetch(simdUrl);
  if (!response.ok) throw new Error(`${simdUrl}: the server answers ${response.status}`);
  return WebAssembly.compile(await response.arrayBuffer());
}
