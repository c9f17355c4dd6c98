/** A number as a reader sees it: with a minus, not a hyphen, and without a sign where it rounds to nothing. */
export function fixed(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}
