// A policy and the template make the firmware for a target. The same in Node and in a browser, and the same bytes each
// time.
import { bytesToHex } from "@noble/hashes/utils.js";
import type { Core } from "@spikewing/core";
import type { Policy } from "@spikewing/rl";
import { requireBoardHolds } from "./board-memory.js";
import {
  LIBRARY_PROTOCOLS,
  LIBRARY_TARGETS,
  type LibraryOptions,
  resolveLibraryOptions,
} from "./library-options.js";
import type { LibraryTemplate } from "./library-template.js";
import { controllerLinearBytes } from "./linear-memory.js";
import { policyData, policyDataSource, policyId } from "./policy-data.js";
import { libraryReadme } from "./readme.js";
import { settingsHeader } from "./settings.js";
import { FLIGHT_DOCUMENT, TEMPLATE_FOLDERS, targetFiles } from "./target-files.js";
import { trainedAirframe, trainedSource } from "./trained-airframe.js";

/** First line of every C and C++ file of a library. */
export const INCLUDE_SETTINGS = '#include "sw_settings.h"\n';

const WRITTEN = { readme: "README.md", data: "src/sw_policy_data.c", settings: "src/sw_settings.h" } as const;
const FLIGHT_DOCUMENT_PATH = TEMPLATE_FOLDERS.kit + FLIGHT_DOCUMENT;
/** Beside the app of the Crazyflie, where there is one. */
const TRAINED = { crazyflie: "src/sw_trained.c", teensy: "crazyflie/src/sw_trained.c", generic: undefined };

/**
 * The files that fly `policy` on a target, by path, in alphabetical order. Takes memory of the core for good.
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
  requireBoardHolds(data, linearBytes, resolved, name);
  const facts = {
    name: name.split(/[/\\]/).at(-1)!,
    id: bytesToHex(policyId(data)),
    imageBytes: data.image.length,
    linearBytes,
  };
  const files: Record<string, string> = {
    ...targetFiles(template, resolved),
    [WRITTEN.readme]: libraryReadme(policy, facts, template.files[FLIGHT_DOCUMENT_PATH]!, resolved),
    [WRITTEN.data]: INCLUDE_SETTINGS + policyDataSource(data),
    [WRITTEN.settings]: settingsHeader(linearBytes, data.image.length, resolved),
  };
  const trained = TRAINED[resolved.target];
  if (trained && resolved.protocol === "spikewing") files[trained] = trainedSource(trainedAirframe(policy));
  const encoder = new TextEncoder();
  return new Map(
    Object.keys(files)
      .sort()
      .map((path) => [path, encoder.encode(files[path])]),
  );
}

/** Every path that a built folder can hold, whatever it was built with. */
export function libraryPaths(template: LibraryTemplate): Set<string> {
  const paths = Object.keys(LIBRARY_TARGETS).flatMap((target) =>
    Object.keys(LIBRARY_PROTOCOLS).flatMap((protocol) =>
      Object.keys(targetFiles(template, { target, protocol, weights: "ram" } as LibraryOptions)),
    ),
  );
  return new Set([
    ...paths,
    ...Object.values(WRITTEN),
    ...Object.values(TRAINED).filter((path) => path !== undefined),
  ]);
}
