import { SpikewingError } from "../spikewing-error.js";
import { type FlightLog, STATE_WORDS } from "./flight-log.js";

/** Over this many control periods: long enough for differences of noisy values. */
const SPAN = 10;
/** Accepted factor between what is logged and what its integral says. */
const LEAST = 0.7;
const MOST = 1.4;

/** Refuses a log whose columns contradict one another: a unit, a frame or an order that is not as declared. */
export function requireConsistent(log: FlightLog, place: string): void {
  requireUnit(log, place);
  const velocity = factorOf(log, 7, (t, axis) => word(log, t + SPAN, axis) - word(log, t, axis));
  refuseUnless(velocity, place, "velocity", "the change of position");
  // Twice the imaginary part of q*(t) q(t + 1) is the body rate times dt.
  const turning = factorOf(log, 10, (t, axis) => {
    let turned = 0;
    for (let s = t; s < t + SPAN; s++) turned += turnedBetween(log, s, axis);
    return turned;
  });
  refuseUnless(turning, place, "angular velocity", "the change of attitude");
}

const word = ({ states }: FlightLog, t: number, k: number) => states[t * STATE_WORDS + k]!;

function requireUnit(log: FlightLog, place: string): void {
  for (let t = 0; t < log.steps; t++) {
    const norm = Math.sqrt([3, 4, 5, 6].reduce((sum, k) => sum + word(log, t, k) ** 2, 0));
    if (norm < 0.9 || norm > 1.1) {
      throw new SpikewingError(
        place,
        `the quaternion at ${(t * log.stepS).toFixed(2)} s has length ${norm.toFixed(3)}; expected 1`,
      );
    }
  }
}

type Quaternion = [w: number, x: number, y: number, z: number];
const attitude = (log: FlightLog, t: number) => [3, 4, 5, 6].map((k) => word(log, t, k)) as Quaternion;

function turnedBetween(log: FlightLog, t: number, axis: number): number {
  const [w, x, y, z] = attitude(log, t);
  const [w2, x2, y2, z2] = attitude(log, t + 1);
  const imaginary = [
    w * x2 - x * w2 - y * z2 + z * y2,
    w * y2 - y * w2 - z * x2 + x * z2,
    w * z2 - z * w2 - x * y2 + y * x2,
  ];
  return 2 * imaginary[axis]!;
}

/** Least squares over all axes: what words first .. first + 2 integrate to, over what `change` says; and their agreement. */
function factorOf(log: FlightLog, first: number, change: (t: number, axis: number) => number) {
  let [xx, xy, yy] = [0, 0, 0];
  for (let t = 0; t + SPAN < log.steps; t += SPAN) {
    for (let axis = 0; axis < 3; axis++) {
      let integral = 0;
      for (let s = 0; s < SPAN; s++) {
        integral += 0.5 * log.stepS * (word(log, t + s, first + axis) + word(log, t + s + 1, first + axis));
      }
      const wanted = change(t, axis);
      xx += wanted * wanted;
      xy += wanted * integral;
      yy += integral * integral;
    }
  }
  return { factor: xy / xx, agreement: xy / Math.sqrt(xx * yy) };
}

function refuseUnless(
  { factor, agreement }: { readonly factor: number; readonly agreement: number },
  place: string,
  what: string,
  other: string,
): void {
  if (factor >= LEAST && factor <= MOST && agreement >= LEAST) return;
  const found = `${factor.toFixed(3)} times ${other} (correlation ${agreement.toFixed(2)})`;
  throw new SpikewingError(
    place,
    `${what} is ${found}; expected ${LEAST} to ${MOST}: another unit, frame or order of columns than declared`,
  );
}
