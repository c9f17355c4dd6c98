/** A text from a file as a message shows it: not longer than a line bears. */
export function cutShort(text: string, longest = 60): string {
  return text.length > longest ? `${text.slice(0, longest)}...` : text;
}

/** Any value from a file as a message shows it. */
export function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(cutShort(value));
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" && value !== null ? "an object" : String(value);
}
