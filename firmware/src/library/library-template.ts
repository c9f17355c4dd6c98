// The Teensy library without a policy: everything that is the same for every policy. Made by template.ts when the
// package is built; a browser may fetch it.
import { SpikewingError } from "@spikewing/rl";

export const TEMPLATE_FORMAT = "spikewing-library-template-1";

export interface LibraryTemplate {
  readonly format: typeof TEMPLATE_FORMAT;
  /** Where the policy core's linear memory is free. */
  readonly heapBase: number;
  /** Text by path in the library. */
  readonly files: Readonly<Record<string, string>>;
}

/** @throws SpikewingError naming `place` when the text is no template of this build. */
export function parseLibraryTemplate(text: string, place: string): LibraryTemplate {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new SpikewingError(place, "is not JSON; expected the template of the Teensy library");
  }
  const template = value as Partial<LibraryTemplate> | null;
  if (template?.format !== TEMPLATE_FORMAT || !template.files || !Number.isInteger(template.heapBase))
    throw new SpikewingError(
      place,
      `format is ${JSON.stringify(template?.format)}; expected ${TEMPLATE_FORMAT}`,
      "build the package again",
    );
  return template as LibraryTemplate;
}
