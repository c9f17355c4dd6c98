// The flight document (kit/FLYING.md) as far as it is for one kind of folder.
export type Reader = "crazyflie" | "teensy" | "authors";

/** A mark says who is meant by what follows it, up to the next; in the middle of a line too. */
const MARK = /<!-- for: ([a-z ]+) -->/;
const GENERATED = /<!-- (?:[a-z ]+: npm run protocol|end of [a-z ]+) -->\n/g;

export function flightGuide(document: string, reader: Reader): string {
  const [, ...parts] = document.split(MARK);
  let text = "";
  for (let i = 0; i < parts.length; i += 2) {
    if (!parts[i]!.split(" ").includes(reader)) continue;
    // A mark that has a line of its own takes the line with it.
    const part = parts[i + 1]!;
    text += text === "" || text.endsWith("\n") ? part.replace(/^\n/, "") : part;
  }
  return text
    .replace(GENERATED, "")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}
