// Makes a fresh clone ready: checks Node, installs the npm packages and, for the tests, Debian packages.
// Needs nothing but Node and npm, because it runs before anything is installed.
import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { isMain, ROOT } from "./root.mjs";

/** @param {string} command */
export function isOnPath(command) {
  return (process.env.PATH ?? "").split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/**
 * Debian packages that the tests need, and the first of them to make Teensy libraries; `present` looks for what is used
 * of them, wherever it came from.
 */
const DEBIAN_PACKAGES = [
  {
    name: "wabt",
    purpose: "turns the policy core into C, for Teensy libraries",
    forStart: true,
    present: () =>
      isOnPath("wasm2c") && ["/usr", "/usr/local"].some((at) => existsSync(`${at}/include/wasm-rt.h`)),
  },
  {
    name: "gcc-arm-none-eabi",
    purpose: "compiles the firmware for the Cortex-M7",
    present: () => isOnPath("arm-none-eabi-gcc"),
  },
  {
    name: "libnewlib-arm-none-eabi",
    purpose: "C library of the firmware",
    present: () => {
      const run = spawnSync("arm-none-eabi-gcc", ["-print-file-name=nano.specs"], { encoding: "utf8" });
      return run.status === 0 && existsSync(run.stdout.trim());
    },
  },
  {
    name: "qemu-system-arm",
    purpose: "runs the firmware on an emulated Cortex-M7",
    present: () => isOnPath("qemu-system-arm"),
  },
  {
    name: "chromium",
    purpose: "runs the browser tests",
    present: () => existsSync(process.env.CHROMIUM ?? "/usr/bin/chromium"),
  },
  {
    name: "fonts-dejavu-core",
    purpose: "text in the browser tests",
    present: () => existsSync("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"),
  },
  {
    name: "python3-h5py",
    purpose: "reads the NIR files that we write, as other tools do",
    present: () => spawnSync("/usr/bin/python3", ["-c", "import h5py"], { stdio: "ignore" }).status === 0,
  },
  { name: "gcc", purpose: "compiles the firmware's C for this machine", present: () => isOnPath("gcc") },
  {
    name: "libc6-dev",
    purpose: "C headers of this machine",
    present: () => existsSync("/usr/include/stdio.h"),
  },
];

/** @typedef {{ name: string, purpose: string }} MissingPackage */

/**
 * @param {boolean} forTests
 * @returns {MissingPackage[]}
 */
function missingDebianPackages(forTests) {
  return DEBIAN_PACKAGES.filter(({ present, forStart }) => (forTests || forStart) && !present());
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 */
function succeeds(command, args, env = {}) {
  const run = spawnSync(command, args, {
    cwd: ROOT,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, ...env },
  });
  return run.status === 0;
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if ((major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22) return;
  throw new Error(`Node ${process.versions.node}; expected 20.19 or later in line 20, or 22.12 or later`);
}

/**
 * Whether node_modules holds the versions of the lockfile. npm notes what it installed in a hidden lockfile;
 * contents are compared, as a checkout changes file times. Optional packages belong to other machines too.
 */
function npmPackagesMatchLockfile() {
  const hidden = join(ROOT, "node_modules/.package-lock.json");
  if (!existsSync(hidden)) return false;
  /** @type {Record<string, { version?: string, integrity?: string, link?: boolean, optional?: boolean }>} */
  const installed = JSON.parse(readFileSync(hidden, "utf8")).packages;
  /** @type {typeof installed} */
  const wanted = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8")).packages;
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.startsWith("node_modules/") || entry.optional) return true;
    const found = installed[path];
    return (
      found?.version === entry.version && found?.integrity === entry.integrity && existsSync(join(ROOT, path))
    );
  });
}

function installNpmPackages() {
  if (npmPackagesMatchLockfile()) return;
  console.log("setup: installing npm packages (npm ci)");
  const npmScript = process.env.npm_execpath;
  const args = ["ci", "--no-audit", "--no-fund"];
  const installed = npmScript?.endsWith("js")
    ? succeeds(process.execPath, [npmScript, ...args])
    : succeeds("npm", args);
  if (!installed) throw new Error("npm ci failed; its messages are above");
}

/**
 * @param {boolean} forTests
 * @returns {MissingPackage[]} what is still missing afterwards
 */
function installDebianPackages(forTests) {
  const missing = missingDebianPackages(forTests);
  if (missing.length === 0) return [];
  const names = missing.map(({ name }) => name);
  const isRoot = process.getuid?.() === 0;
  const maySudo = !isRoot && isOnPath("sudo") && spawnSync("sudo", ["-n", "true"]).status === 0;
  if (isOnPath("apt-get") && (isRoot || maySudo)) {
    console.log(`setup: installing Debian packages: ${names.join(" ")}`);
    const prefix = isRoot ? [] : ["sudo", "-n"];
    const apt = [
      ...prefix,
      "env",
      "DEBIAN_FRONTEND=noninteractive",
      "apt-get",
      "-q",
      "-o",
      "DPkg::Lock::Timeout=300",
    ];
    const [command = "env", ...args] = apt;
    succeeds(command, [...args, "update"]);
    succeeds(command, [...args, "install", "-y", "--no-install-recommends", ...names]);
  }
  const stillMissing = missingDebianPackages(forTests);
  if (stillMissing.length > 0) {
    for (const { name, purpose } of stillMissing) console.error(`setup: missing ${name}: ${purpose}`);
    const install = stillMissing.map(({ name }) => name).join(" ");
    console.error(`setup: install with: sudo apt-get install -y --no-install-recommends ${install}`);
  }
  return stillMissing;
}

/**
 * Throws when Node is too old or the npm packages cannot be installed.
 *
 * @param {{ forTests: boolean }} options tests need more Debian packages
 * @returns {MissingPackage[]} Debian packages that could not be installed; without wabt all but Teensy libraries works
 */
export function setUp({ forTests }) {
  checkNode();
  installNpmPackages();
  return installDebianPackages(forTests);
}

if (isMain(import.meta.url)) {
  try {
    process.exitCode = setUp({ forTests: true }).length === 0 ? 0 : 1;
  } catch (error) {
    console.error(`error: ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  }
}
