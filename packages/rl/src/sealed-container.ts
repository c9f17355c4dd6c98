import { sha256 } from "#sha256";
import { type Container, decodeContainer, encodeContainer } from "./safetensors.js";
import { shown } from "./shown.js";
import { SpikewingError } from "./spikewing-error.js";

/**
 * A safetensors container whose first entry is the SHA-256 of every other byte of the file, header and padding
 * included: whatever changes is found, whatever it means.
 */
const BEFORE_DIGEST = new TextEncoder().encode('{"__metadata__":{"sha256":"');
const DIGEST_AT = 8 + BEFORE_DIGEST.length;
const DIGEST_END = DIGEST_AT + 64;

/** The progress of a long training takes more than the metadata of a policy do. */
const MAX_HEADER_BYTES = 1 << 26;

const digestOf = (file: Uint8Array) => sha256([file.subarray(0, DIGEST_AT), file.subarray(DIGEST_END)]);

export function encodeSealed({ metadata, tensors }: Container): Uint8Array {
  const file = encodeContainer({ metadata: { sha256: "0".repeat(64), ...metadata }, tensors });
  file.set(new TextEncoder().encode(digestOf(file)), DIGEST_AT);
  return file;
}

/** @throws SpikewingError naming `place` when the file is of another format, or a single bit of it has changed. */
export function decodeSealed(file: Uint8Array, format: string, place: string): Container {
  const container = decodeContainer(file, place, MAX_HEADER_BYTES);
  const { sha256: digest, ...metadata } = container.metadata;
  if (metadata.format !== format)
    throw new SpikewingError(place, `format is ${shown(metadata.format)}; this build reads ${format}`);
  const isSealed = BEFORE_DIGEST.every((byte, i) => file[8 + i] === byte);
  if (!isSealed || digest !== digestOf(file))
    throw new SpikewingError(place, "the checksum does not match (the file is damaged)");
  return { metadata, tensors: container.tensors };
}
