/**
 * The core in a page, on workers.
 *
 * @module @spikewing/core/browser
 */
export { createBrowserPool } from "./browser-pool.js";
