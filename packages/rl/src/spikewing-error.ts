import { cutShort, printable } from "./shown.js";

/** A fault in what a user gave: one line that names place, field, value and what is accepted. */
export class SpikewingError extends Error {
  override readonly name = "SpikewingError";

  /**
   * The three may hold what a file holds: of any length, and with any character.
   *
   * @param place file, flag or URL
   * @param problem "field is value; expected ..." or what else is wrong with it
   * @param remedy the way out, if there is one
   */
  constructor(
    readonly place: string,
    readonly problem: string,
    readonly remedy?: string,
  ) {
    const [where, what, out] = [place, problem, remedy ?? ""].map((part) => cutShort(printable(part), 1000));
    super(`${where}: ${what}${out ? ` (${out})` : ""}`);
  }
}
