import type { z } from "zod";
import { cutShort } from "./shown.js";
import { SpikewingError } from "./spikewing-error.js";

/** A value that a file holds as JSON text. @throws SpikewingError naming place and field when it is not as the schema says. */
export function parseField<T>(
  place: string,
  field: string,
  text: string | undefined,
  schema: z.ZodType<T>,
): T {
  let value: unknown;
  try {
    value = JSON.parse(text ?? "");
  } catch {
    throw new SpikewingError(place, `${field} is not JSON`);
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const at = cutShort([field, ...(issue?.path ?? [])].join("."));
  throw new SpikewingError(place, `${at}: ${cutShort(issue?.message ?? "", 160)}`);
}
