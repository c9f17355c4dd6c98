import { SpikewingError } from "@spikewing/rl";

/** spikewing: version 1 of protocol/table.ts. authors: the frames of the paper's authors. */
export const LIBRARY_PROTOCOLS = { spikewing: "spikewing", authors: "authors" } as const;
/** flash: the weights stay there. ram: they are copied into fast memory at power-on. */
export const LIBRARY_WEIGHTS = { flash: "flash", ram: "ram" } as const;

export interface LibraryOptions {
  readonly protocol: keyof typeof LIBRARY_PROTOCOLS;
  readonly weights: keyof typeof LIBRARY_WEIGHTS;
}

export const DEFAULT_LIBRARY_OPTIONS: LibraryOptions = { protocol: "spikewing", weights: "flash" };

function choose<T extends object>(name: string, value: unknown, table: T): keyof T {
  if (typeof value === "string" && Object.hasOwn(table, value)) return value as keyof T;
  throw new SpikewingError(
    name,
    `${JSON.stringify(value)}; expected one of ${Object.keys(table).join(", ")}`,
  );
}

/** Fills in what is left out. @throws SpikewingError naming the option. */
export function resolveLibraryOptions(options: { readonly [name: string]: unknown }): LibraryOptions {
  const { protocol, weights, ...rest } = { ...DEFAULT_LIBRARY_OPTIONS, ...options };
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) throw new SpikewingError(unknown, "no such option; expected protocol, weights");
  return {
    protocol: choose("protocol", protocol, LIBRARY_PROTOCOLS),
    weights: choose("weights", weights, LIBRARY_WEIGHTS),
  };
}
