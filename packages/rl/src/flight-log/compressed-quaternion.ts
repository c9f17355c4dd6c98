/**
 * The four words of an attitude, w x y z, of the 32 bits that the Crazyflie logs: which of x y z w is the largest, then sign
 * and nine bits each of the others, of 1 / sqrt(2). The largest is positive, and what the others leave of length 1.
 *
 * quatcompress of Bitcraze's crazyflie-firmware (Preiss 2016)
 */
export function decompressQuaternion(bits: number): readonly [w: number, x: number, y: number, z: number] {
  const largest = bits >>> 30;
  const xyzw = [0, 0, 0, 0];
  let rest = 1;
  let left = bits;
  for (const i of [3, 2, 1, 0]) {
    if (i === largest) continue;
    const size = ((left & 0x1ff) / 0x1ff) * Math.sqrt(0.5);
    xyzw[i] = left & 0x200 ? -size : size;
    rest -= size * size;
    left >>>= 10;
  }
  xyzw[largest] = Math.sqrt(Math.max(rest, 0));
  const [x, y, z, w] = xyzw as [number, number, number, number];
  return [w, x, y, z];
}
