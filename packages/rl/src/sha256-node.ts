import { createHash } from "node:crypto";

/** SHA-256 of pieces laid end to end, in hexadecimal: Node's own. `#sha256` in package.json chooses. */
export function sha256(pieces: readonly Uint8Array[]): string {
  const hash = createHash("sha256");
  for (const piece of pieces) hash.update(piece);
  return hash.digest("hex");
}
