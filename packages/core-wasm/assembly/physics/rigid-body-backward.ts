// Adjoint of rigid-body.ts: the same words, in the same lane groups.

import { add, mul, mulAdd, splat, sub } from "../lanes";
import { Airframe, airframeField } from "./airframe";
import { Body, inverseLag, put, thrustOf, word } from "./rigid-body";

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
