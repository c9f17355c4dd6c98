/**
 * Firmware from a policy, and the protocols of its links: what runs anywhere, a browser too.
 *
 * @module @spikewing/firmware
 */
export { libraryFiles, libraryPaths } from "./library/library-files.js";
export {
  DEFAULT_LIBRARY_OPTIONS,
  LIBRARY_PROTOCOLS,
  LIBRARY_TARGETS,
  LIBRARY_WEIGHTS,
  type LibraryOptions,
} from "./library/library-options.js";
export { type LibraryTemplate, parseLibraryTemplate } from "./library/library-template.js";
export { policyData, policyId } from "./library/policy-data.js";
export { README_START } from "./library/readme.js";
export {
  createReceiver,
  encodeMessage,
  type HelloMessage,
  type HelloRequestMessage,
  type LinkCounts,
  type Message,
  type MotorsMessage,
  observationFault,
  REFUSALS,
  type Receiver,
  type Refusal,
  type StateMessage,
} from "./protocol/codec.js";
export {
  createLegacyReceiver,
  encodeLegacyMotors,
  encodeLegacyState,
  type LegacyCounts,
  type LegacyReceiver,
} from "./protocol/legacy-codec.js";
export {
  BAUD,
  LIMITS,
  PROTOCOL_VERSION,
  REASON_MEANINGS,
  type Reason,
  type SelfTest,
  STATUS_MEANINGS,
  type Status,
} from "./protocol/table.js";
export { createWireNumbers, type WireNumbers } from "./protocol/wire-numbers.js";
