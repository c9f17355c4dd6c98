import { SpikewingError } from "@spikewing/rl";

/**
 * crazyflie: an app of the Crazyflie's own firmware, the policy in its processor. teensy: a library for a Teensy 4.0, and
 * the Crazyflie's side of the wire. generic: plain C for any board, and for the host.
 */
export const LIBRARY_TARGETS = { crazyflie: "crazyflie", teensy: "teensy", generic: "generic" } as const;
/** Of a Teensy. spikewing: those of protocol/table.ts. authors: the frames of the paper's authors. */
export const LIBRARY_PROTOCOLS = { spikewing: "spikewing", authors: "authors" } as const;
/** Of a Teensy. ram: copied into fast memory at power-on. flash: the weights stay there. */
export const LIBRARY_WEIGHTS = { ram: "ram", flash: "flash" } as const;

export interface LibraryOptions {
  readonly target: keyof typeof LIBRARY_TARGETS;
  readonly protocol: keyof typeof LIBRARY_PROTOCOLS;
  readonly weights: keyof typeof LIBRARY_WEIGHTS;
}

/** Weights of a Teensy in RAM: a step that misses its cache for every row of them takes about three times as long. */
export const DEFAULT_LIBRARY_OPTIONS: LibraryOptions = {
  target: "crazyflie",
  protocol: "spikewing",
  weights: "ram",
};

function choose<T extends object>(name: string, value: unknown, table: T): keyof T {
  if (typeof value === "string" && Object.hasOwn(table, value)) return value as keyof T;
  throw new SpikewingError(
    name,
    `${JSON.stringify(value)}; expected one of ${Object.keys(table).join(", ")}`,
  );
}

/** Fills in what is left out. @throws SpikewingError naming the option. */
export function resolveLibraryOptions(options: { readonly [name: string]: unknown }): LibraryOptions {
  const { target, protocol, weights, ...rest } = { ...DEFAULT_LIBRARY_OPTIONS, ...options };
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined)
    throw new SpikewingError(unknown, "no such option; expected target, protocol, weights");
  const resolved = {
    target: choose("target", target, LIBRARY_TARGETS),
    protocol: choose("protocol", protocol, LIBRARY_PROTOCOLS),
    weights: choose("weights", weights, LIBRARY_WEIGHTS),
  };
  if (resolved.target !== "teensy")
    for (const name of ["protocol", "weights"] as const)
      if (options[name] !== undefined)
        throw new SpikewingError(name, `goes with target teensy, not with ${resolved.target}`);
  return resolved;
}
