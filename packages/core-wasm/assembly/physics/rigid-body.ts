// The time derivative of a quadrotor (REFERENCE section 1.1; Eschmann et al. 2024, "Learning to fly in seconds").
//
//   p' = v                                   v' = R(q) (0, 0, sum f) / m + g + F / m
//   q' = 1/2 q (x) (0, w)                    w' = J^-1 (tau - w x J w + T)
//   r' = (u - r) / T_m                       f_i = c0 + c1 r_i + c2 r_i^2
//
// A body state is 23 words: p (3, world, m), q (4: w, x, y, z, body to world), v (3, world, m/s), w (3, body, rad/s),
// r (4), and, constant through a step, F (3, world, N) and T (3, body, N m). A word of a lane group follows the word
// before at laneCount * 4 bytes.

import { add, choose, greaterF, laneCount, loadF, mul, mulAdd, splat, storeF, sub } from "../lanes";
import { Airframe, airframeField, GRAVITY_M_PER_S2 } from "./airframe";

/** Word offsets in a body state. */
// @ts-ignore: decorator
@shared
export namespace Body {
  export const POSITION: usize = 0;
  export const QUATERNION: usize = 3;
  export const VELOCITY: usize = 7;
  export const ANGULAR_VELOCITY: usize = 10;
  export const ROTOR: usize = 13;
  export const FORCE: usize = 17;
  export const TORQUE: usize = 20;
}
/** Words that the integrator moves, and all words. */
export const INTEGRATED_WORDS: i32 = 17;
// @ts-ignore: decorator
@shared
export const BODY_WORDS: i32 = 23;

// @ts-ignore: decorator
@inline
export function word<F>(base: usize, index: usize): F {
  return loadF<F>(base + ((<usize>index) << 2) * laneCount<F>());
}
// @ts-ignore: decorator
@inline
export function put<F>(base: usize, index: usize, x: F): void {
  storeF<F>(base + ((<usize>index) << 2) * laneCount<F>(), x);
}

/** rate (17 words) of body (23 words) under the rotor setpoints (4 words); a: the airframes of the lane group. */
export function bodyDerivative<F, I>(a: usize, body: usize, setpoint: usize, rate: usize): void {
  put<F>(rate, 0, word<F>(body, Body.VELOCITY));
  put<F>(rate, 1, word<F>(body, Body.VELOCITY + 1));
  put<F>(rate, 2, word<F>(body, Body.VELOCITY + 2));

  const qw = word<F>(body, 3),
    qx = word<F>(body, 4),
    qy = word<F>(body, 5),
    qz = word<F>(body, 6);
  const wx = word<F>(body, 10),
    wy = word<F>(body, 11),
    wz = word<F>(body, 12);
  const half = splat<F>(0.5);
  put<F>(rate, 3, mul<F>(splat<F>(-0.5), add<F>(add<F>(mul<F>(qx, wx), mul<F>(qy, wy)), mul<F>(qz, wz))));
  put<F>(rate, 4, mul<F>(half, sub<F>(add<F>(mul<F>(qw, wx), mul<F>(qy, wz)), mul<F>(qz, wy))));
  put<F>(rate, 5, mul<F>(half, sub<F>(add<F>(mul<F>(qw, wy), mul<F>(qz, wx)), mul<F>(qx, wz))));
  put<F>(rate, 6, mul<F>(half, sub<F>(add<F>(mul<F>(qw, wz), mul<F>(qx, wy)), mul<F>(qy, wx))));

  const f0 = rotor<F, I>(a, body, setpoint, rate, 0);
  const f1 = rotor<F, I>(a, body, setpoint, rate, 1);
  const f2 = rotor<F, I>(a, body, setpoint, rate, 2);
  const f3 = rotor<F, I>(a, body, setpoint, rate, 3);

  // The thrust acts along body z, the third column of R(q).
  const inverseMass = airframeField<F>(a, offsetof<Airframe>("inverseMass"));
  const lift = mul<F>(add<F>(add<F>(f0, f1), add<F>(f2, f3)), inverseMass);
  const two = splat<F>(2.0);
  const zx = mul<F>(two, add<F>(mul<F>(qx, qz), mul<F>(qw, qy)));
  const zy = mul<F>(two, sub<F>(mul<F>(qy, qz), mul<F>(qw, qx)));
  const zz = sub<F>(splat<F>(1.0), mul<F>(two, add<F>(mul<F>(qx, qx), mul<F>(qy, qy))));
  put<F>(rate, 7, mulAdd<F>(zx, lift, mul<F>(word<F>(body, 17), inverseMass)));
  put<F>(rate, 8, mulAdd<F>(zy, lift, mul<F>(word<F>(body, 18), inverseMass)));
  put<F>(
    rate,
    9,
    sub<F>(mulAdd<F>(zz, lift, mul<F>(word<F>(body, 19), inverseMass)), splat<F>(GRAVITY_M_PER_S2)),
  );

  const arm = airframeField<F>(a, offsetof<Airframe>("armM"));
  const roll = mul<F>(arm, sub<F>(add<F>(f2, f3), add<F>(f0, f1)));
  const pitch = mul<F>(arm, sub<F>(add<F>(f1, f2), add<F>(f0, f3)));
  const yaw = mul<F>(
    airframeField<F>(a, offsetof<Airframe>("torquePerThrust")),
    sub<F>(add<F>(f1, f3), add<F>(f0, f2)),
  );
  const jx = airframeField<F>(a, offsetof<Airframe>("inertiaX")),
    jy = airframeField<F>(a, offsetof<Airframe>("inertiaY")),
    jz = airframeField<F>(a, offsetof<Airframe>("inertiaZ"));
  const gyroX = mul<F>(mul<F>(sub<F>(jz, jy), wy), wz);
  const gyroY = mul<F>(mul<F>(sub<F>(jx, jz), wz), wx);
  const gyroZ = mul<F>(mul<F>(sub<F>(jy, jx), wx), wy);
  put<F>(
    rate,
    10,
    mul<F>(
      airframeField<F>(a, offsetof<Airframe>("inverseInertiaX")),
      add<F>(sub<F>(roll, gyroX), word<F>(body, 20)),
    ),
  );
  put<F>(
    rate,
    11,
    mul<F>(
      airframeField<F>(a, offsetof<Airframe>("inverseInertiaY")),
      add<F>(sub<F>(pitch, gyroY), word<F>(body, 21)),
    ),
  );
  put<F>(
    rate,
    12,
    mul<F>(
      airframeField<F>(a, offsetof<Airframe>("inverseInertiaZ")),
      add<F>(sub<F>(yaw, gyroZ), word<F>(body, 22)),
    ),
  );
}

/** Writes the rate of rotor i and returns its thrust, N. */
// @ts-ignore: decorator
@inline
function rotor<F, I>(a: usize, body: usize, setpoint: usize, rate: usize, i: usize): F {
  const gap = sub<F>(word<F>(setpoint, i), word<F>(body, Body.ROTOR + i));
  put<F>(rate, Body.ROTOR + i, mul<F>(gap, inverseLag<F, I>(a, gap)));
  return thrustOf<F>(a, body, i);
}

/** 1 / T_m of a rotor that is `gap` below its setpoint. */
// @ts-ignore: decorator
@inline
export function inverseLag<F, I>(a: usize, gap: F): F {
  const falling = greaterF<F, I>(splat<F>(0.0), gap);
  return choose<F, I>(
    falling,
    airframeField<F>(a, offsetof<Airframe>("inverseMotorFall")),
    airframeField<F>(a, offsetof<Airframe>("inverseMotorRise")),
  );
}

/** Thrust of rotor i, N. */
// @ts-ignore: decorator
@inline
export function thrustOf<F>(a: usize, body: usize, i: usize): F {
  const r = word<F>(body, Body.ROTOR + i);
  return add<F>(
    mulAdd<F>(
      airframeField<F>(a, offsetof<Airframe>("thrust1")),
      r,
      airframeField<F>(a, offsetof<Airframe>("thrust0")),
    ),
    mul<F>(airframeField<F>(a, offsetof<Airframe>("thrust2")), mul<F>(r, r)),
  );
}
