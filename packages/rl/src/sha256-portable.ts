import { sha256 as hash } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";

/** SHA-256 of pieces laid end to end, in hexadecimal: where there is no Node. WebCrypto's cannot be waited for. */
export function sha256(pieces: readonly Uint8Array[]): string {
  const state = hash.create();
  for (const piece of pieces) state.update(piece);
  return bytesToHex(state.digest());
}
