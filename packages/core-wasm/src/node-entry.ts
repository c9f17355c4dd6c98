/**
 * The core in Node: compiled from its file, on threads.
 *
 * @module @spikewing/core/node
 */
export { compileCore, coreDigest, loadCore } from "./node.js";
export { createNodePool } from "./node-pool.js";
