import { add, laneCount, loadF, mul, splat, storeF, sub } from "../lanes";

/** rotation (9 words a lane group), row by row, body to world, of a unit quaternion w, x, y, z (4). */
// @ts-ignore: decorator
@inline
export function rotationMatrix<F>(quaternion: usize, rotation: usize): void {
  const group: usize = (<usize>laneCount<F>()) << 2;
  const w = loadF<F>(quaternion),
    x = loadF<F>(quaternion + group);
  const y = loadF<F>(quaternion + 2 * group),
    z = loadF<F>(quaternion + 3 * group);
  const one = splat<F>(1.0),
    two = splat<F>(2.0);
  const xx = mul<F>(x, x),
    yy = mul<F>(y, y),
    zz = mul<F>(z, z);
  const xy = mul<F>(x, y),
    xz = mul<F>(x, z),
    yz = mul<F>(y, z);
  const wx = mul<F>(w, x),
    wy = mul<F>(w, y),
    wz = mul<F>(w, z);
  storeF<F>(rotation, sub<F>(one, mul<F>(two, add<F>(yy, zz))));
  storeF<F>(rotation + group, mul<F>(two, sub<F>(xy, wz)));
  storeF<F>(rotation + 2 * group, mul<F>(two, add<F>(xz, wy)));
  storeF<F>(rotation + 3 * group, mul<F>(two, add<F>(xy, wz)));
  storeF<F>(rotation + 4 * group, sub<F>(one, mul<F>(two, add<F>(xx, zz))));
  storeF<F>(rotation + 5 * group, mul<F>(two, sub<F>(yz, wx)));
  storeF<F>(rotation + 6 * group, mul<F>(two, sub<F>(xz, wy)));
  storeF<F>(rotation + 7 * group, mul<F>(two, add<F>(yz, wx)));
  storeF<F>(rotation + 8 * group, sub<F>(one, mul<F>(two, add<F>(xx, yy))));
}
