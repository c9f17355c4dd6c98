// The host end of the frames of the paper's authors: start byte, payload, sum of the payload's bytes modulo 256. The
// payload's order and units are the core's work (observationToLegacy of @spikewing/core).
import { fieldOutOfRange, readFields, writeFields } from "./codec.js";
import { type Field, LEGACY, legacyFrameBytes } from "./table.js";

const sum = (bytes: Uint8Array): number => bytes.reduce((total, byte) => (total + byte) & 0xff, 0);

function encode(
  place: string,
  fields: readonly Field[],
  values: Record<string, ArrayLike<number>>,
): Uint8Array {
  const bytes = new Uint8Array(legacyFrameBytes(fields));
  bytes[0] = LEGACY.start;
  writeFields(place, fields, new DataView(bytes.buffer), 1, values);
  bytes[bytes.length - 1] = sum(bytes.subarray(1, -1));
  return bytes;
}

/** payload (18) f32 in the order and units of these frames. */
export function encodeLegacyState(payload: Float32Array): Uint8Array {
  let end = 0;
  const values = Object.fromEntries(
    LEGACY.state.map(({ name, count }) => {
      const start = end;
      end += count;
      return [name, payload.subarray(start, end)];
    }),
  );
  return encode("legacy state", LEGACY.state, values);
}

/** motors (4) in [-1, 1]. */
export function encodeLegacyMotors(motors: ArrayLike<number>): Uint8Array {
  return encode("legacy motors", LEGACY.motors, { motors });
}

export interface LegacyCounts {
  frames: number;
  noiseBytes: number;
  badSum: number;
  /** Motor commands that are not finite or outside [-1, 1]. */
  badField: number;
}

export interface LegacyReceiver {
  /** Takes in bytes as they come and returns the motor commands (4) that they complete. */
  receive(bytes: Uint8Array): Float32Array[];
  readonly counts: Readonly<LegacyCounts>;
}

/** The Crazyflie's end. A rejected frame gives up its start byte only. */
export function createLegacyReceiver(): LegacyReceiver {
  const counts: LegacyCounts = { frames: 0, noiseBytes: 0, badSum: 0, badField: 0 };
  const length = legacyFrameBytes(LEGACY.motors);
  let waiting = new Uint8Array(0);
  return {
    counts,
    receive(bytes) {
      const joined = new Uint8Array(waiting.length + bytes.length);
      joined.set(waiting);
      joined.set(bytes, waiting.length);
      const received: Float32Array[] = [];
      let at = 0;
      for (;;) {
        for (; at < joined.length && joined[at] !== LEGACY.start; at++) counts.noiseBytes++;
        if (joined.length - at < length) break;
        if (sum(joined.subarray(at + 1, at + length - 1)) !== joined[at + length - 1]) {
          counts.badSum++;
          at++;
          continue;
        }
        const values = readFields(LEGACY.motors, new DataView(joined.buffer), at + 1);
        if (fieldOutOfRange(LEGACY.motors, values)) counts.badField++;
        else {
          counts.frames++;
          received.push(Float32Array.from(values.motors!));
        }
        at += length;
      }
      waiting = joined.slice(at);
      return received;
    },
  };
}
