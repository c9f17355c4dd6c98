// The last step of `npm run build`: writes the template of the Teensy library. Without wabt there is none, and whoever
// asks for a library is told so; everything else works.
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { makeTemplate, TEMPLATE_PATH } from "./template.js";

try {
  mkdirSync(dirname(TEMPLATE_PATH), { recursive: true });
  rmSync(TEMPLATE_PATH, { force: true });
  const temporary = `${TEMPLATE_PATH}.tmp`;
  writeFileSync(temporary, JSON.stringify(makeTemplate()));
  renameSync(temporary, TEMPLATE_PATH);
} catch (error) {
  console.error(`no template of the Teensy library: ${error instanceof Error ? error.message : error}`);
}
