import { readFileSync } from "node:fs";

const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));

/** Of the program, as its package has it. */
export const VERSION: string = manifest.version;
