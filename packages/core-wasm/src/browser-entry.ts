export { createBrowserPool } from "./browser-pool.js";
