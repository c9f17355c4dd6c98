/**
 * What needs Node, and the tools that build and run the firmware.
 *
 * @module @spikewing/firmware/node
 */
export {
  type EmulatedTeensy,
  type EmulatedTeensyOptions,
  startEmulatedTeensy,
} from "./emulator/emulated-teensy.js";
export { loadTemplate, makeTemplate, TEMPLATE_PATH } from "./library/template.js";
export { debianPackageOf, findTool, type Tool } from "./toolchain/tools.js";
