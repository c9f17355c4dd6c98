import { existsSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { SpikewingError } from "@spikewing/rl";

/** Policies that come with @spikewing/rl. */
const SHIPPED_POLICIES = {
  snn: "snn.safetensors",
  guide: "guide-expert.safetensors",
  annHistory: "ann-history.safetensors",
  ann: "ann.safetensors",
} as const;
export type ShippedPolicy = keyof typeof SHIPPED_POLICIES;

/** Where it lies, seen from here; undefined where this build came without it. */
export function findShippedPolicy(name: ShippedPolicy): string | undefined {
  const path = fileURLToPath(import.meta.resolve(`@spikewing/rl/policies/${SHIPPED_POLICIES[name]}`));
  if (!existsSync(path)) return undefined;
  const fromHere = relative("", path);
  return fromHere.startsWith("..") ? path : fromHere;
}

/** The policy that commands take when none is named. @throws SpikewingError where it is missing. */
export function shippedPolicyPath(): string {
  const path = findShippedPolicy("snn");
  if (path !== undefined) return path;
  throw new SpikewingError(
    `policies/${SHIPPED_POLICIES.snn}`,
    "this build comes without a policy; expected the path of one",
    "make one with: spikewing train",
  );
}
