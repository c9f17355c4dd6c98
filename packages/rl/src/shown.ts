/** A text from a file as a message shows it: not longer than a line bears. */
export function cutShort(text: string, longest = 60): string {
  return text.length > longest ? `${text.slice(0, longest)}...` : text;
}

/** Any value from a file as a message shows it. */
export function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(cutShort(value));
  if (Array.isArray(value)) {
    const isShort = value.length <= 8 && value.every((item) => typeof item === "number");
    return isShort ? `[${value}]` : "a list";
  }
  return typeof value === "object" && value !== null ? "an object" : String(value);
}

/** Text as one line on which no terminal acts: breaks are spaces, what else is not to be seen is escaped. */
export function printable(text: string): string {
  const code = (character: string) => `\\u{${character.codePointAt(0)!.toString(16)}}`;
  return text.replace(/\s+/g, " ").replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}]/gu, code);
}
