// Makes the template of every target: the core as C, the hand-written C, and what only one target has (TEMPLATE_FOLDERS).
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { SpikewingError } from "@spikewing/rl";
import { CONTROLLER_FILES } from "../emulator/build-controller.js";
import { C_SOURCES } from "../toolchain/cross-compile.js";
import { generateCore, policyHeapBase } from "../toolchain/generated-core.js";
import { INCLUDE_SETTINGS } from "./library-files.js";
import { type LibraryTemplate, parseLibraryTemplate, TEMPLATE_FORMAT } from "./library-template.js";
import { TEMPLATE_FOLDERS } from "./target-files.js";

/** Where `npm run build` writes it. */
export const TEMPLATE_PATH = fileURLToPath(new URL("../../build/library-template.json", import.meta.url));

const PACKAGE = fileURLToPath(new URL("../../", import.meta.url));
const LICENCE = fileURLToPath(new URL("../../../LICENSE", import.meta.url));

const read = (path: string): string => readFileSync(path, "utf8");

/** Paths of the files below a folder, relative to it. */
const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.endsWith("__pycache__"))
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length))
    .map((path) => path.replaceAll("\\", "/"));

/** The C of the controller, side by side as Arduino wants it; the link also for the Crazyflie. */
function handWrittenC(): Record<string, string> {
  const files: Record<string, string> = {};
  for (const path of [...CONTROLLER_FILES, "core/wasm_rt.c"])
    files[`src/${path.split("/").at(-1)}`] = INCLUDE_SETTINGS + read(join(C_SOURCES, path));
  for (const folder of ["link", "controller"])
    for (const file of readdirSync(join(C_SOURCES, folder)).filter((name) => name.endsWith(".h")))
      files[`src/${file}`] = read(join(C_SOURCES, folder, file));
  for (const file of readdirSync(join(C_SOURCES, "link")))
    files[`crazyflie/src/${file}`] = read(join(C_SOURCES, "link", file));
  for (const file of ["sw_estimate.h", "sw_force.h"])
    files[`crazyflie/src/${file}`] = read(join(C_SOURCES, "controller", file));
  files["crazyflie/src/wasm_rt.c"] = read(join(C_SOURCES, "core/wasm_rt.c"));
  return files;
}

/** wasm2c leaves functions and parameters that nothing uses; Arduino shows every warning. */
const QUIET = [
  "unused-value",
  "unused-function",
  "unused-variable",
  "unused-but-set-variable",
  "unused-parameter",
  "unused-label",
]
  .map((warning) => `#pragma GCC diagnostic ignored "-W${warning}"\n`)
  .join("");

function generatedC(): Record<string, string> {
  const folder = mkdtempSync(join(tmpdir(), "spikewing-template-"));
  try {
    generateCore(folder, false);
    generateCore(folder, false, "pilot");
    return {
      "src/policy.c": INCLUDE_SETTINGS + QUIET + read(join(folder, "policy.c")),
      "src/policy.h": read(join(folder, "policy.h")),
      "src/layout.h": read(join(folder, "layout.h")),
      "src/wasm-rt.h": read(join(folder, "wasm-rt.h")),
      "crazyflie/src/pilot.c": read(join(folder, "pilot.c")),
      "crazyflie/src/pilot.h": read(join(folder, "pilot.h")),
      "crazyflie/src/wasm-rt.h": read(join(folder, "wasm-rt.h")),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Folders and files of firmware/teensy that are not part of a library. */
const NOT_IN_LIBRARY = ["README.md", "licenses/"];

/** @throws naming the Debian package if wasm2c or its header is missing. */
export function makeTemplate(): LibraryTemplate {
  const teensy = join(PACKAGE, "teensy/");
  const arduino = filesBelow(teensy).filter(
    (path) => !NOT_IN_LIBRARY.some((start) => path.startsWith(start)),
  );
  return {
    format: TEMPLATE_FORMAT,
    heapBase: policyHeapBase(),
    files: {
      ...generatedC(),
      ...handWrittenC(),
      ...Object.fromEntries(arduino.map((path) => [path, read(join(teensy, path))])),
      ...Object.fromEntries(
        Object.values(TEMPLATE_FOLDERS).flatMap((folder) =>
          filesBelow(join(PACKAGE, folder)).map((path) => [folder + path, read(join(PACKAGE, folder, path))]),
        ),
      ),
      LICENSE: read(LICENCE),
      "LICENSE-Apache-2.0.txt": read(join(teensy, "licenses/Apache-2.0.txt")),
    },
  };
}

/** The template that the build has made. @throws SpikewingError saying what it takes to have one. */
export function loadTemplate(path: string = TEMPLATE_PATH): LibraryTemplate {
  if (existsSync(path)) return parseLibraryTemplate(read(path), path);
  throw new SpikewingError(
    path,
    "is missing: this build was made without wasm2c, which turns the policy core into C",
    "install the Debian package wabt and build again: npm run build",
  );
}
