// README.md of a built folder.
import type { Policy } from "@spikewing/rl";
import type { LibraryOptions } from "./library-options.js";
import type { PolicyFacts } from "./policy-facts.js";
import { crazyflieReadme } from "./readme-crazyflie.js";
import { genericReadme } from "./readme-generic.js";
import { teensyReadme } from "./readme-teensy.js";

/** How every README of a built folder begins. */
export const README_START = "# Spikewing for ";

export function libraryReadme(policy: Policy, facts: PolicyFacts, options: LibraryOptions): string {
  if (options.target === "crazyflie") return crazyflieReadme(policy, facts);
  if (options.target === "generic") return genericReadme(policy, facts);
  return teensyReadme(policy, facts, options);
}
