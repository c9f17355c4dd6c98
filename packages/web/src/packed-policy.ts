import { LONGEST_SHOWN } from "./flight-settings.js";

/** A policy file as a link carries it. */
export interface PackedPolicy {
  readonly name: string;
  /** Of the file, as the link declares them; never more than MAX_POLICY_BYTES. */
  readonly bytes: number;
  /** The file deflated (RFC 1951), in base64url. */
  readonly data: string;
}

/** A larger file is refused by its declared size, before anything is unpacked. The largest shipped one has a quarter. */
export const MAX_POLICY_BYTES = 1_000_000;
/** Of a policy in a link. */
export const LONGEST_NAME = 60;
const PACKED = new RegExp(`^([\\s\\S]{1,${LONGEST_NAME}})\\.(\\d{1,9})\\.([\\w-]+)$`);

export async function packPolicy(name: string, file: Uint8Array<ArrayBuffer>): Promise<PackedPolicy> {
  const deflated = new Blob([file]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  const bytes = new Uint8Array(await new Response(deflated).arrayBuffer());
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  const data = btoa(text).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  return { name, bytes: file.length, data };
}

export const encodePacked = ({ name, bytes, data }: PackedPolicy): string => `${name}.${bytes}.${data}`;

/** The policy of a link's text, still packed, or what is wrong with it. */
export function decodePacked(text: string): PackedPolicy | string {
  const [, name, digits, data] = PACKED.exec(text) ?? [];
  if (!name || !digits || !data) return `file is "${text.slice(0, LONGEST_SHOWN)}"; expected NAME.BYTES.DATA`;
  const bytes = Number(digits);
  const told = name.slice(0, LONGEST_SHOWN);
  if (bytes < 1 || bytes > MAX_POLICY_BYTES)
    return `file "${told}" has ${bytes} bytes; expected 1 to ${MAX_POLICY_BYTES}`;
  if (data.length > 2 * bytes + 100) return `file "${told}" is longer packed than unpacked`;
  return { name, bytes, data };
}

/**
 * The file. Nothing is unpacked beyond the bytes that were declared.
 *
 * @throws Error that says what is wrong with it
 */
export async function unpackPolicy({ name, bytes, data }: PackedPolicy): Promise<Uint8Array<ArrayBuffer>> {
  const place = `file "${name.slice(0, LONGEST_SHOWN)}"`;
  const file = new Uint8Array(bytes);
  let length = 0;
  try {
    const text = atob(data.replace(/-/g, "+").replace(/_/g, "/"));
    const deflated = new Blob([Uint8Array.from(text, (letter) => letter.charCodeAt(0))]);
    const reader = deflated.stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      if (length + next.value.length > bytes) {
        await reader.cancel();
        length = Number.POSITIVE_INFINITY;
        break;
      }
      file.set(next.value, length);
      length += next.value.length;
    }
  } catch {
    throw new Error(`${place} cannot be unpacked (the link is damaged)`);
  }
  if (length !== bytes)
    throw new Error(`${place} is ${length > bytes ? "longer" : "shorter"} than its ${bytes} bytes`);
  return file;
}
