// README.md of a built folder.
import type { Policy } from "@spikewing/rl";
import { flightGuide } from "../kit/flight-guide.js";
import type { LibraryOptions } from "./library-options.js";
import type { PolicyFacts } from "./policy-facts.js";
import { crazyflieReadme } from "./readme-crazyflie.js";
import { genericReadme } from "./readme-generic.js";
import { teensyReadme } from "./readme-teensy.js";

/** How every README of a built folder begins. */
export const README_START = "# Spikewing for ";

export function libraryReadme(
  policy: Policy,
  facts: PolicyFacts,
  flightDocument: string,
  options: LibraryOptions,
): string {
  const { target, protocol } = options;
  if (target === "generic") return genericReadme(policy, facts);
  if (target === "crazyflie") return crazyflieReadme(policy, facts, flightGuide(flightDocument, target));
  const reader = protocol === "authors" ? protocol : target;
  return teensyReadme(policy, facts, flightGuide(flightDocument, reader), options);
}
