// Threefry-2x32 with 20 rounds (Salmon et al. 2011) and Box & Muller, in plain TypeScript.

const ROTATIONS = [13, 15, 26, 6, 17, 29, 16, 24] as const;
const words = new Int32Array(2);
const keys = new Int32Array(3);

function threefry(key0: number, key1: number, counter0: number, counter1: number): void {
  keys[0] = key0;
  keys[1] = key1;
  keys[2] = 0x1bd11bda ^ key0 ^ key1;
  let x0 = (counter0 + key0) | 0;
  let x1 = (counter1 + key1) | 0;
  for (let round = 0; round < 20; round++) {
    const r = ROTATIONS[round & 7]!;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << r) | (x1 >>> (32 - r))) ^ x0;
    if ((round & 3) === 3) {
      const i = (round >> 2) + 1;
      x0 = (x0 + keys[i % 3]!) | 0;
      x1 = (x1 + keys[(i + 1) % 3]! + i) | 0;
    }
  }
  words[0] = x0;
  words[1] = x1;
}

const UNIT = 2 ** -24;

/** Two independent N(0, 1) draws. */
export function normalPair(
  key0: number,
  key1: number,
  counter0: number,
  counter1: number,
  out: Float32Array,
): void {
  threefry(key0, key1, counter0, counter1);
  const radius = Math.sqrt(-2 * Math.log((words[0]! >>> 8) * UNIT + UNIT));
  const angle = 2 * Math.PI * (words[1]! >>> 8) * UNIT;
  out[0] = radius * Math.cos(angle);
  out[1] = radius * Math.sin(angle);
}
