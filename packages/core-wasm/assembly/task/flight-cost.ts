// What a flight costs when the policy learns through the simulator: a smooth stand-in for the reward and for the bounds,
// whose gradient says what to do long before a drone is lost.
//
//   C = wp |p|^2 + wn sqrt(|p|^2 + e^2) + wv |v|^2 + ww |w|^2 + wq (2 acos|qw|)^2 + wa |a - a0|^2 + ws |a - a'|^2
//       + sum over axes of  40 relu(|p_i| - 0.45)^2 + 5 sigmoid(60 (|p_i| - 0.58))
//
// of the state after a step, its action a and the action a' before; and at the end of a window, where nothing behind it
// is seen, a value: end (10 |p|^2 + 2 |v|^2 + 0.05 |w|^2 + 3 (1 - R33)). Weights: the task's reward with its paper terms,
// and what training adds. The plain norm keeps pulling near zero, where the square does not.

import { acosOneMinus, exp } from "../deterministic-math";
import {
  abs,
  add,
  choose,
  div,
  greaterF,
  laneCount,
  loadF,
  max,
  mul,
  mulAdd,
  neg,
  splat,
  sqrt,
  storeF,
  sub,
} from "../lanes";
import { Body } from "../physics/rigid-body";

@unmanaged
export abstract class FlightCost {
  position: f32; // wp
  positionNorm: f32; // wn
  velocity: f32; // wv
  angularVelocity: f32; // ww
  orientation: f32; // wq
  action: f32; // wa
  actionChange: f32; // ws
  actionBaseline: f32; // a0, in [-1, 1]
  end: f32;
}

/** Below this distance the norm becomes flat, m. */
const NORM_SOFTNESS_M: f32 = 0.01;

// The soft wall before the bounds of 0.6 m.
const WALL_M: f32 = 0.45;
const WALL_WEIGHT: f32 = 40.0;
const CLIFF_M: f32 = 0.58;
const CLIFF_STEEPNESS: f32 = 60.0;
const CLIFF_WEIGHT: f32 = 5.0;

const END_POSITION: f32 = 10.0;
const END_VELOCITY: f32 = 2.0;
const END_ANGULAR_VELOCITY: f32 = 0.05;
const END_TILT: f32 = 3.0;

/** Smallest 1 - |qw| whose angle has a direction. */
const SMALLEST_TURN: f32 = 1e-12;

// @ts-ignore: decorator
@inline
function addTo<F>(at: usize, x: F): void {
  storeF<F>(at, add<F>(loadF<F>(at), x));
}

/**
 * Adds scale dC/dbody to dBody (17 words) for body (23 words, errors to the target) and returns C of the state, without
 * the action's terms. `last`: the window ends with this state.
 */
export function stateCost<F, I>(c: FlightCost, body: usize, last: bool, scale: f32, dBody: usize): F {
  const group: usize = (<usize>laneCount<F>()) << 2;
  const zero = splat<F>(0.0),
    one = splat<F>(1.0),
    two = splat<F>(2.0);
  const s = splat<F>(scale);
  const endWeight: f32 = last ? c.end : 0.0;
  const wp = splat<F>(c.position + endWeight * END_POSITION),
    wv = splat<F>(c.velocity + endWeight * END_VELOCITY),
    ww = splat<F>(c.angularVelocity + endWeight * END_ANGULAR_VELOCITY);

  let pp = splat<F>(NORM_SOFTNESS_M * NORM_SOFTNESS_M);
  for (let i: usize = 0; i < 3; i++) {
    const p = loadF<F>(body + (Body.POSITION + i) * group);
    pp = mulAdd<F>(p, p, pp);
  }
  const norm = sqrt<F>(pp);
  const pull = add<F>(mul<F>(two, wp), div<F>(splat<F>(c.positionNorm), norm));
  let cost = add<F>(mul<F>(wp, pp), mul<F>(splat<F>(c.positionNorm), norm));

  for (let i: usize = 0; i < 3; i++) {
    const p = loadF<F>(body + (Body.POSITION + i) * group),
      v = loadF<F>(body + (Body.VELOCITY + i) * group),
      w = loadF<F>(body + (Body.ANGULAR_VELOCITY + i) * group);
    const outside = abs<F>(p);
    const wall = max<F>(sub<F>(outside, splat<F>(WALL_M)), zero);
    const cliff = div<F>(
      one,
      add<F>(one, exp<F, I>(mul<F>(splat<F>(-CLIFF_STEEPNESS), sub<F>(outside, splat<F>(CLIFF_M))))),
    );
    const push = add<F>(
      mul<F>(splat<F>(2.0 * WALL_WEIGHT), wall),
      mul<F>(splat<F>(CLIFF_WEIGHT * CLIFF_STEEPNESS), mul<F>(cliff, sub<F>(one, cliff))),
    );
    const inward = choose<F, I>(greaterF<F, I>(zero, p), neg<F>(push), push);
    addTo<F>(dBody + (Body.POSITION + i) * group, mul<F>(s, mulAdd<F>(pull, p, inward)));
    addTo<F>(dBody + (Body.VELOCITY + i) * group, mul<F>(s, mul<F>(mul<F>(two, wv), v)));
    addTo<F>(dBody + (Body.ANGULAR_VELOCITY + i) * group, mul<F>(s, mul<F>(mul<F>(two, ww), w)));
    cost = mulAdd<F>(wv, mul<F>(v, v), cost);
    cost = mulAdd<F>(ww, mul<F>(w, w), cost);
    cost = mulAdd<F>(splat<F>(WALL_WEIGHT), mul<F>(wall, wall), cost);
    cost = mulAdd<F>(splat<F>(CLIFF_WEIGHT), cliff, cost);
  }

  // angle = 2 acos|qw|; d(angle^2)/dqw = -4 angle / sqrt(1 - qw^2) sign(qw)
  const quaternion = body + Body.QUATERNION * group,
    dQuaternion = dBody + Body.QUATERNION * group;
  const qw = loadF<F>(quaternion);
  const turn = max<F>(sub<F>(one, abs<F>(qw)), splat<F>(SMALLEST_TURN));
  const angle = mul<F>(two, acosOneMinus<F>(turn));
  const sine = sqrt<F>(mul<F>(turn, sub<F>(two, turn)));
  const steep = mul<F>(splat<F>(-4.0 * c.orientation), div<F>(angle, sine));
  addTo<F>(dQuaternion, mul<F>(s, choose<F, I>(greaterF<F, I>(zero, qw), neg<F>(steep), steep)));
  cost = mulAdd<F>(splat<F>(c.orientation), mul<F>(angle, angle), cost);
  if (last) {
    const tilt = splat<F>(<f32>2.0 * END_TILT * c.end); // 1 - R33 = 2 (qx^2 + qy^2)
    const qx = loadF<F>(quaternion + group),
      qy = loadF<F>(quaternion + 2 * group);
    addTo<F>(dQuaternion + group, mul<F>(s, mul<F>(mul<F>(two, tilt), qx)));
    addTo<F>(dQuaternion + 2 * group, mul<F>(s, mul<F>(mul<F>(two, tilt), qy)));
    cost = mulAdd<F>(tilt, add<F>(mul<F>(qx, qx), mul<F>(qy, qy)), cost);
  }
  return cost;
}

/**
 * Adds scale dC/daction to dAction (4 words) and scale dC/d(action before) to dBefore (4 words), and returns the
 * action's terms of C.
 */
export function actionCost<F>(
  c: FlightCost,
  action: usize,
  before: usize,
  scale: f32,
  dAction: usize,
  dBefore: usize,
): F {
  const group: usize = (<usize>laneCount<F>()) << 2;
  let cost = splat<F>(0.0);
  for (let at: usize = 0; at < 4 * group; at += group) {
    const a = loadF<F>(action + at);
    const gap = sub<F>(a, splat<F>(c.actionBaseline)),
      change = sub<F>(a, loadF<F>(before + at));
    const dChange = mul<F>(splat<F>(<f32>2.0 * c.actionChange * scale), change);
    addTo<F>(dAction + at, mulAdd<F>(splat<F>(<f32>2.0 * c.action * scale), gap, dChange));
    storeF<F>(dBefore + at, sub<F>(loadF<F>(dBefore + at), dChange));
    cost = mulAdd<F>(splat<F>(c.action), mul<F>(gap, gap), cost);
    cost = mulAdd<F>(splat<F>(c.actionChange), mul<F>(change, change), cost);
  }
  return cost;
}
