import { z } from "zod";
import { sha256 } from "#sha256";
import { parseField } from "./json-field.js";
import { cutShort } from "./shown.js";
import { SpikewingError } from "./spikewing-error.js";

const digest = z.string().regex(/^[0-9a-f]{64}$/);

/** All that the bytes of a run are a function of, by its SHA-256 where it is more than a word. */
const runIdentitySchema = z.strictObject({
  /** Of this record. */
  format: z.literal("spikewing-run-1"),
  /** Of the program. */
  version: z.string().max(100),
  /** The core's SIMD build, to whose bytes all others compute. */
  core: digest,
  config: digest,
  /** The guide's policy file; null where the run trains its own. */
  guide: digest.nullable(),
});
export type RunIdentity = z.infer<typeof runIdentitySchema>;

/** @throws SpikewingError naming `place` and field. */
export function parseRunIdentity(text: string | undefined, place: string): RunIdentity {
  return parseField(place, "identity", text, runIdentitySchema);
}

/** The digest of a file, or of a config. */
export function digestOf(content: Uint8Array | object): string {
  return sha256([
    content instanceof Uint8Array ? content : new TextEncoder().encode(JSON.stringify(content)),
  ]);
}

/**
 * Holds what a file says of itself against what is there now.
 *
 * @param owner what `expected` is of, such as "this build has"
 * @throws SpikewingError naming `place` and the field that differs
 */
export function requireIdentity<Identity extends Readonly<Record<string, string | null>>>(
  found: Identity,
  expected: Partial<Identity>,
  place: string,
  owner: string,
  remedy?: string,
): void {
  for (const field of Object.keys(expected)) {
    if (found[field] === expected[field]) continue;
    const [is, other] = [found[field], expected[field]].map((value) => cutShort(String(value), 12));
    throw new SpikewingError(place, `${field} is ${is}; ${owner} ${other}`, remedy);
  }
}
