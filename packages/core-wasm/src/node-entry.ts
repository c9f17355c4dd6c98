export { compileCore, loadCore } from "./node.js";
export { createNodePool } from "./node-pool.js";
