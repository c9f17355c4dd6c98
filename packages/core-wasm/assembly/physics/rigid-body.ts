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
function word<F>(base: usize, index: usize): F {
  return loadF<F>(base + ((<usize>index) << 2) * laneCount<F>());
}
// @ts-ignore: decorator
@inline
function put<F>(base: usize, index: usize, x: F): void {
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
function inverseLag<F, I>(a: usize, gap: F): F {
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
function thrustOf<F>(a: usize, body: usize, i: usize): F {
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

// @ts-ignore: decorator
@inline
function accumulate<F>(base: usize, index: usize, x: F): void {
  put<F>(base, index, add<F>(word<F>(base, index), x));
}

/**
 * Adjoint of bodyDerivative: dRate (17 words) = dL/drate; adds dL/dbody to dBody (17 words) and dL/dsetpoint to dSetpoint
 * (4 words). Force and torque are constants of an episode and get no gradient. With lift = sum f / m and z the third
 * column of R(q):
 *
 *   dlift = z . dv'     dz = lift dv'     df_i = dlift / m + (lever arms of i) . J^-1 dw'
 *   dr_i = df_i (c1 + 2 c2 r_i) - dr_i' / T     du_i = dr_i' / T
 */
export function bodyDerivativeBackward<F, I>(
  a: usize,
  body: usize,
  setpoint: usize,
  dRate: usize,
  dBody: usize,
  dSetpoint: usize,
): void {
  accumulate<F>(dBody, Body.VELOCITY, word<F>(dRate, 0));
  accumulate<F>(dBody, Body.VELOCITY + 1, word<F>(dRate, 1));
  accumulate<F>(dBody, Body.VELOCITY + 2, word<F>(dRate, 2));

  const qw = word<F>(body, 3),
    qx = word<F>(body, 4),
    qy = word<F>(body, 5),
    qz = word<F>(body, 6);
  const wx = word<F>(body, 10),
    wy = word<F>(body, 11),
    wz = word<F>(body, 12);
  const half = splat<F>(0.5),
    two = splat<F>(2.0);
  const hw = mul<F>(half, word<F>(dRate, 3)),
    hx = mul<F>(half, word<F>(dRate, 4)),
    hy = mul<F>(half, word<F>(dRate, 5)),
    hz = mul<F>(half, word<F>(dRate, 6));

  const f0 = thrustOf<F>(a, body, 0),
    f1 = thrustOf<F>(a, body, 1),
    f2 = thrustOf<F>(a, body, 2),
    f3 = thrustOf<F>(a, body, 3);
  const inverseMass = airframeField<F>(a, offsetof<Airframe>("inverseMass"));
  const lift = mul<F>(add<F>(add<F>(f0, f1), add<F>(f2, f3)), inverseMass);
  const zx = mul<F>(two, add<F>(mul<F>(qx, qz), mul<F>(qw, qy)));
  const zy = mul<F>(two, sub<F>(mul<F>(qy, qz), mul<F>(qw, qx)));
  const zz = sub<F>(splat<F>(1.0), mul<F>(two, add<F>(mul<F>(qx, qx), mul<F>(qy, qy))));
  const dvx = word<F>(dRate, 7),
    dvy = word<F>(dRate, 8),
    dvz = word<F>(dRate, 9);
  const dLift = mul<F>(add<F>(add<F>(mul<F>(zx, dvx), mul<F>(zy, dvy)), mul<F>(zz, dvz)), inverseMass);
  const twoLift = mul<F>(two, lift);
  const dzx = mul<F>(twoLift, dvx),
    dzy = mul<F>(twoLift, dvy),
    dzz = mul<F>(mul<F>(splat<F>(2.0), twoLift), dvz);

  // The quaternion: through its own rate, and through z.
  accumulate<F>(
    dBody,
    3,
    add<F>(
      add<F>(add<F>(mul<F>(hx, wx), mul<F>(hy, wy)), mul<F>(hz, wz)),
      sub<F>(mul<F>(qy, dzx), mul<F>(qx, dzy)),
    ),
  );
  accumulate<F>(
    dBody,
    4,
    add<F>(
      sub<F>(sub<F>(mul<F>(hz, wy), mul<F>(hy, wz)), mul<F>(hw, wx)),
      sub<F>(sub<F>(mul<F>(qz, dzx), mul<F>(qw, dzy)), mul<F>(qx, dzz)),
    ),
  );
  accumulate<F>(
    dBody,
    5,
    add<F>(
      sub<F>(sub<F>(mul<F>(hx, wz), mul<F>(hz, wx)), mul<F>(hw, wy)),
      sub<F>(add<F>(mul<F>(qw, dzx), mul<F>(qz, dzy)), mul<F>(qy, dzz)),
    ),
  );
  accumulate<F>(
    dBody,
    6,
    add<F>(
      sub<F>(sub<F>(mul<F>(hy, wx), mul<F>(hx, wy)), mul<F>(hw, wz)),
      add<F>(mul<F>(qx, dzx), mul<F>(qy, dzy)),
    ),
  );

  // The angular velocity: through the quaternion's rate, and through the gyroscopic term.
  const tx = mul<F>(airframeField<F>(a, offsetof<Airframe>("inverseInertiaX")), word<F>(dRate, 10)),
    ty = mul<F>(airframeField<F>(a, offsetof<Airframe>("inverseInertiaY")), word<F>(dRate, 11)),
    tz = mul<F>(airframeField<F>(a, offsetof<Airframe>("inverseInertiaZ")), word<F>(dRate, 12));
  const gx = mul<F>(
      sub<F>(
        airframeField<F>(a, offsetof<Airframe>("inertiaZ")),
        airframeField<F>(a, offsetof<Airframe>("inertiaY")),
      ),
      tx,
    ),
    gy = mul<F>(
      sub<F>(
        airframeField<F>(a, offsetof<Airframe>("inertiaX")),
        airframeField<F>(a, offsetof<Airframe>("inertiaZ")),
      ),
      ty,
    ),
    gz = mul<F>(
      sub<F>(
        airframeField<F>(a, offsetof<Airframe>("inertiaY")),
        airframeField<F>(a, offsetof<Airframe>("inertiaX")),
      ),
      tz,
    );
  accumulate<F>(
    dBody,
    10,
    sub<F>(
      sub<F>(add<F>(mul<F>(hx, qw), mul<F>(hy, qz)), add<F>(mul<F>(hw, qx), mul<F>(hz, qy))),
      add<F>(mul<F>(gy, wz), mul<F>(gz, wy)),
    ),
  );
  accumulate<F>(
    dBody,
    11,
    sub<F>(
      sub<F>(add<F>(mul<F>(hy, qw), mul<F>(hz, qx)), add<F>(mul<F>(hw, qy), mul<F>(hx, qz))),
      add<F>(mul<F>(gx, wz), mul<F>(gz, wx)),
    ),
  );
  accumulate<F>(
    dBody,
    12,
    sub<F>(
      sub<F>(add<F>(mul<F>(hx, qy), mul<F>(hz, qw)), add<F>(mul<F>(hw, qz), mul<F>(hy, qx))),
      add<F>(mul<F>(gx, wy), mul<F>(gy, wx)),
    ),
  );

  // The rotors: lift and the three torques.
  const arm = airframeField<F>(a, offsetof<Airframe>("armM"));
  const roll = mul<F>(arm, tx),
    pitch = mul<F>(arm, ty),
    yaw = mul<F>(airframeField<F>(a, offsetof<Airframe>("torquePerThrust")), tz);
  rotorBackward<F, I>(
    a,
    body,
    setpoint,
    dRate,
    dBody,
    dSetpoint,
    0,
    sub<F>(sub<F>(sub<F>(dLift, roll), pitch), yaw),
  );
  rotorBackward<F, I>(
    a,
    body,
    setpoint,
    dRate,
    dBody,
    dSetpoint,
    1,
    add<F>(add<F>(sub<F>(dLift, roll), pitch), yaw),
  );
  rotorBackward<F, I>(
    a,
    body,
    setpoint,
    dRate,
    dBody,
    dSetpoint,
    2,
    sub<F>(add<F>(add<F>(dLift, roll), pitch), yaw),
  );
  rotorBackward<F, I>(
    a,
    body,
    setpoint,
    dRate,
    dBody,
    dSetpoint,
    3,
    add<F>(sub<F>(add<F>(dLift, roll), pitch), yaw),
  );
}

// @ts-ignore: decorator
@inline
function rotorBackward<F, I>(
  a: usize,
  body: usize,
  setpoint: usize,
  dRate: usize,
  dBody: usize,
  dSetpoint: usize,
  i: usize,
  dThrust: F,
): void {
  const r = word<F>(body, Body.ROTOR + i);
  const rate = mul<F>(word<F>(dRate, Body.ROTOR + i), inverseLag<F, I>(a, sub<F>(word<F>(setpoint, i), r)));
  const perRotor = mulAdd<F>(
    mul<F>(splat<F>(2.0), airframeField<F>(a, offsetof<Airframe>("thrust2"))),
    r,
    airframeField<F>(a, offsetof<Airframe>("thrust1")),
  );
  accumulate<F>(dBody, Body.ROTOR + i, sub<F>(mul<F>(dThrust, perRotor), rate));
  accumulate<F>(dSetpoint, i, rate);
}
