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

/** Adjoint of rotationMatrix: adds dL/dquaternion to dQuaternion (4 words), given dRotation (9 words). */
export function rotationMatrixBackward<F>(quaternion: usize, dRotation: usize, dQuaternion: usize): void {
  const group: usize = (<usize>laneCount<F>()) << 2;
  const two = splat<F>(2.0);
  const w = mul<F>(two, loadF<F>(quaternion)),
    x = mul<F>(two, loadF<F>(quaternion + group)),
    y = mul<F>(two, loadF<F>(quaternion + 2 * group)),
    z = mul<F>(two, loadF<F>(quaternion + 3 * group));
  const d11 = loadF<F>(dRotation),
    d12 = loadF<F>(dRotation + group),
    d13 = loadF<F>(dRotation + 2 * group);
  const d21 = loadF<F>(dRotation + 3 * group),
    d22 = loadF<F>(dRotation + 4 * group),
    d23 = loadF<F>(dRotation + 5 * group);
  const d31 = loadF<F>(dRotation + 6 * group),
    d32 = loadF<F>(dRotation + 7 * group),
    d33 = loadF<F>(dRotation + 8 * group);
  // Sums and differences across the diagonal: products such as x y stand in r12 and r21, w z with opposite signs.
  const xy = add<F>(d12, d21),
    xz = add<F>(d13, d31),
    yz = add<F>(d23, d32);
  const wz = sub<F>(d21, d12),
    wy = sub<F>(d13, d31),
    wx = sub<F>(d32, d23);
  const xx = mul<F>(two, add<F>(d22, d33)),
    yy = mul<F>(two, add<F>(d11, d33)),
    zz = mul<F>(two, add<F>(d11, d22));
  const dw = add<F>(add<F>(mul<F>(z, wz), mul<F>(y, wy)), mul<F>(x, wx));
  const dx = sub<F>(add<F>(add<F>(mul<F>(y, xy), mul<F>(z, xz)), mul<F>(w, wx)), mul<F>(x, xx));
  const dy = sub<F>(add<F>(add<F>(mul<F>(x, xy), mul<F>(z, yz)), mul<F>(w, wy)), mul<F>(y, yy));
  const dz = sub<F>(add<F>(add<F>(mul<F>(x, xz), mul<F>(y, yz)), mul<F>(w, wz)), mul<F>(z, zz));
  storeF<F>(dQuaternion, add<F>(loadF<F>(dQuaternion), dw));
  storeF<F>(dQuaternion + group, add<F>(loadF<F>(dQuaternion + group), dx));
  storeF<F>(dQuaternion + 2 * group, add<F>(loadF<F>(dQuaternion + 2 * group), dy));
  storeF<F>(dQuaternion + 3 * group, add<F>(loadF<F>(dQuaternion + 3 * group), dz));
}
