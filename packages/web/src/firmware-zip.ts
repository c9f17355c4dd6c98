import { createCore, createMemory } from "@spikewing/core";
import { type LibraryOptions, libraryFiles, parseLibraryTemplate } from "@spikewing/firmware";
import type { Policy } from "@spikewing/rl";
import { zipSync } from "fflate";

/** The folder in the zip: what the Arduino IDE calls the library. */
const FOLDER = "Spikewing";

/** A fixed time, so that the same policy gives the same bytes; the first that a zip can hold. */
const MTIME = new Date(1980, 0, 1);

/**
 * The Teensy library that flies a policy, as a zip: the files that `spikewing firmware build` writes, in one folder.
 *
 * @param module the SIMD build
 * @param name of the policy file, for the library's README
 * @param template text of library-template.json
 * @throws SpikewingError if the policy cannot fly on a board
 */
export function firmwareZip(
  module: WebAssembly.Module,
  policy: Policy,
  name: string,
  template: string,
  options: LibraryOptions,
): Uint8Array {
  const core = createCore(module, createMemory("simd"));
  const files = libraryFiles(
    core,
    policy,
    name,
    parseLibraryTemplate(template, "library-template.json"),
    options,
  );
  return zipSync(Object.fromEntries([...files].map(([path, bytes]) => [`${FOLDER}/${path}`, bytes])), {
    level: 9,
    mtime: MTIME,
  });
}
