// A policy and the template make a Teensy library. The same in Node and in a browser, and the same bytes each time.
import { bytesToHex } from "@noble/hashes/utils.js";
import type { Core } from "@spikewing/core";
import type { Policy } from "@spikewing/rl";
import { type LibraryOptions, resolveLibraryOptions } from "./library-options.js";
import type { LibraryTemplate } from "./library-template.js";
import { controllerLinearBytes } from "./linear-memory.js";
import { policyData, policyDataSource, policyId } from "./policy-data.js";
import { libraryReadme } from "./readme.js";
import { settingsHeader } from "./settings.js";
import { requireTeensyHolds } from "./teensy-memory.js";

/** First line of every C and C++ file of a library. */
export const INCLUDE_SETTINGS = '#include "sw_settings.h"\n';

/** Folder of what goes onto the Crazyflie; whoever flies the authors' frames has that already. */
const CRAZYFLIE = "crazyflie/";

/**
 * The files of a Teensy library that flies `policy`, by path, in alphabetical order. Takes memory of the core for good.
 *
 * @param name of the policy file, for messages and README
 * @throws SpikewingError naming the policy file or the option
 */
export function libraryFiles(
  core: Core,
  policy: Policy,
  name: string,
  template: LibraryTemplate,
  options: Partial<LibraryOptions> = {},
): Map<string, Uint8Array> {
  const resolved = resolveLibraryOptions(options);
  const data = policyData(core, policy, name);
  const { heapBase } = template;
  const linearBytes = controllerLinearBytes(core, heapBase, data.image);
  requireTeensyHolds(data, linearBytes, resolved.weights, name);
  const facts = {
    name: name.split(/[/\\]/).at(-1)!,
    id: bytesToHex(policyId(data)),
    imageBytes: data.image.length,
    linearBytes,
  };
  const files: Record<string, string> = {
    ...template.files,
    "README.md": libraryReadme(policy, facts, resolved),
    "src/sw_policy_data.c": INCLUDE_SETTINGS + policyDataSource(data),
    "src/sw_settings.h": settingsHeader(linearBytes, resolved),
  };
  const encoder = new TextEncoder();
  return new Map(
    Object.keys(files)
      .filter((path) => resolved.protocol === "spikewing" || !path.startsWith(CRAZYFLIE))
      .sort()
      .map((path) => [path, encoder.encode(files[path])]),
  );
}
