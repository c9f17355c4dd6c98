export { compileCore, coreDigest, loadCore } from "./node.js";
export { createNodePool } from "./node-pool.js";
