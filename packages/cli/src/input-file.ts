import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { SpikewingError, shown } from "@spikewing/rl";
import { saysNpz } from "./npz.js";
import { systemReason } from "./whole-file.js";

/** The most bytes that a file of each kind may hold: nothing that a user names is read further. */
const MOST_BYTES = {
  json: 4 * 2 ** 20,
  text: 4 * 2 ** 20,
  policy: 64 * 2 ** 20,
  log: 2 ** 28,
  /** Those below where the file says that it is one, and lies on a disk. Node reads no more in a piece. */
  checkpoint: 2 ** 31 - 1,
  buffer: 2 ** 31 - 1,
} as const;
export type InputKind = keyof typeof MOST_BYTES;

/** Which of two kinds a file is, by its first bytes. */
const EITHER: Partial<Record<InputKind, (head: Uint8Array) => InputKind>> = {
  checkpoint: (head) => (saysCheckpoint(head) ? "checkpoint" : "policy"),
  log: (head) => (saysNpz(head) ? "buffer" : "log"),
};

const HEAD_BYTES = 256;
const CHUNK_BYTES = 2 ** 20;

/** Runs what reads `path`. @throws SpikewingError naming it when the system refuses. */
export function reading<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof SpikewingError) throw error;
    throw new SpikewingError(path, `cannot be read: ${systemReason(error)}`);
  }
}

/** @throws SpikewingError naming the file when it cannot be read, or is longer than its kind may be. */
export function readInput(path: string, kind: InputKind): Uint8Array {
  return reading(path, () => {
    const fd = openSync(path, "r");
    try {
      return readOpen(fd, path, kind);
    } finally {
      closeSync(fd);
    }
  });
}

/** As readInput(), of a file that is open at its start. */
export function readOpen(fd: number, path: string, kind: InputKind): Uint8Array {
  const stat = fstatSync(fd);
  const size = stat.isFile() ? stat.size : 0; // of a pipe or a device nobody knows it
  const found = EITHER[kind]?.(stat.isFile() ? readHead(fd) : new Uint8Array()) ?? kind;
  const most = MOST_BYTES[found];
  const refuse = (bytes: string) =>
    new SpikewingError(path, `holds ${bytes} bytes; expected at most ${most} of a ${found}`);
  if (size > most) throw refuse(String(size));
  const chunks: Buffer[] = [];
  let total = 0;
  for (let wanted = size > 0 ? size : CHUNK_BYTES; ; wanted = CHUNK_BYTES) {
    const chunk = Buffer.allocUnsafeSlow(wanted);
    const got = readSync(fd, chunk, 0, wanted, null);
    if (got === 0) break;
    chunks.push(chunk.subarray(0, got));
    total += got;
    if (total > most) throw refuse(`more than ${most}`);
  }
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
}

function readHead(fd: number): Uint8Array {
  const head = Buffer.alloc(HEAD_BYTES);
  return head.subarray(0, readSync(fd, head, 0, HEAD_BYTES, 0));
}

/** The metadata, which comes first in a file, names the format. */
export function saysCheckpoint(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, HEAD_BYTES)).includes('"format":"spikewing-checkpoint-');
}

/** @throws SpikewingError naming the file when it is not a JSON object. */
export function readJsonObject(path: string): Readonly<Record<string, unknown>> {
  const text = new TextDecoder().decode(readInput(path, "json"));
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new SpikewingError(path, `is not JSON: ${error instanceof Error ? error.message : error}`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new SpikewingError(path, `holds ${shown(value)}; expected an object`);
  }
  return value as Record<string, unknown>;
}
