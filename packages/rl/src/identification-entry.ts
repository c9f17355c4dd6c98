/**
 * Logged flights and stored experience. An entry of its own, as its libraries are not for a page without a bundler.
 *
 * @module @spikewing/rl/identification
 */

export type { FlightLog } from "./flight-log/flight-log.js";
export {
  DEFAULT_FIT,
  IDENTIFIABLE,
  type Identifiable,
  type Identification,
  type Identified,
  identify,
  type LogErrors,
  simulatorErrors,
} from "./flight-log/identify.js";
export {
  columnNames,
  LOG_COLUMNS,
  type LogColumns,
  type LogColumnsName,
  logColumnsSchema,
  THRUST_CURVES,
} from "./flight-log/log-columns.js";
export { readFlightLog } from "./flight-log/read-flight-log.js";
export { type MotorDifference, replayLog } from "./flight-log/replay-log.js";
export type { Experience } from "./logged-experience.js";
export { type NumpyArray, readTransitions, type Transitions } from "./transitions.js";
