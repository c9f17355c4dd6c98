// Links the whole firmware of a Crazyflie with an app that `spikewing firmware build --target crazyflie` has written; its own
// makefile prints at the end what that takes of the chip:
//
//   node firmware/scripts/link-crazyflie.mjs <app> [<checkout of crazyflie-firmware>]
//
// Without a checkout it fetches the pinned commit and its submodules into <app>-crazyflie-firmware. What the app was tested
// against, the declarations, is compared with the checkout first.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const { origin, commit, declarations } = JSON.parse(
  readFileSync(new URL("../test/crazyflie/recorded-declarations.json", import.meta.url), "utf8"),
);

function fail(problem) {
  console.error(`error: ${problem}`);
  process.exit(1);
}

function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { stdio: "inherit", ...options });
  if (error) fail(`${command}: ${error.message}`);
  if (status !== 0) fail(`${command} ${args.join(" ")}: exit status ${status}`);
}

function fetchPinned(folder) {
  mkdirSync(folder, { recursive: true });
  const git = (...args) => run("git", ["-C", folder, ...args]);
  git("init", "--quiet");
  git("fetch", "--depth", "1", `https://${origin}.git`, commit);
  git("checkout", "--quiet", commit);
  git("submodule", "update", "--init", "--depth", "1");
}

const oneLine = (text) => text.replaceAll(/\s+/g, " ");

/** Against a header that says otherwise the app would link and not work. */
function requireDeclarations(tree) {
  for (const { header, declaration } of declarations) {
    const path = join(tree, header);
    if (!existsSync(path)) fail(`${path}: is missing; expected a checkout of ${origin}`);
    if (!oneLine(readFileSync(path, "utf8")).includes(declaration))
      fail(`${path}: does not say "${declaration}"; expected what ${commit.slice(0, 8)} has`);
  }
}

const [appArgument, treeArgument] = process.argv.slice(2);
if (appArgument === undefined) fail("expected the folder of an app, and maybe one of crazyflie-firmware");
const app = resolve(appArgument);
if (!existsSync(join(app, "app-config")))
  fail(`${app}: has no app-config; expected an app of firmware build`);
const tree = resolve(treeArgument ?? `${app}-crazyflie-firmware`);
if (treeArgument === undefined && !existsSync(join(tree, "Makefile"))) fetchPinned(tree);
requireDeclarations(tree);
const make = (...targets) =>
  run("make", [`CRAZYFLIE_BASE=${tree}`, ...targets], { cwd: app, env: { ...process.env, PWD: app } });
make("cf2_defconfig");
make(); // build/cf2.bin
