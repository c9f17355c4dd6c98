/** A fault in what a user gave: one line that names place, field, value and what is accepted. */
export class SpikewingError extends Error {
  override readonly name = "SpikewingError";

  /**
   * @param place file, flag or URL
   * @param problem "field is value; expected ..." or what else is wrong with it
   * @param remedy the way out, if there is one
   */
  constructor(
    readonly place: string,
    readonly problem: string,
    readonly remedy?: string,
  ) {
    super(`${place}: ${problem}${remedy ? ` (${remedy})` : ""}`);
  }
}
