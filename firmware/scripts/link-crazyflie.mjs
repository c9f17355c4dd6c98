// Links the whole firmware of a Crazyflie with an app that `spikewing firmware build --target crazyflie` has written; its own
// makefile prints at the end what that takes of the chip:
//
//   node firmware/scripts/link-crazyflie.mjs <app> [--sources <checkout of crazyflie-firmware> | --from <git repository>]
//
// Without a checkout it fetches the pinned commit and its submodules into <app>-crazyflie-firmware. What the app was tested
// against, the declarations, is compared with the checkout first.
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import {
  crazyflieSources,
  run,
  runScript,
  SOURCES_OPTIONS,
  SourcesError,
  SUBMODULES,
} from "./crazyflie-sources.mjs";

runScript(() => {
  const { values, positionals } = parseArgs({ options: SOURCES_OPTIONS, allowPositionals: true });
  if (positionals.length !== 1)
    throw new SourcesError(`${positionals.length} folders; expected the folder of an app`);
  const app = resolve(positionals[0] ?? "");
  if (!existsSync(join(app, "app-config")))
    throw new SourcesError(`${app}: has no app-config; expected an app of firmware build`);
  const tree = resolve(crazyflieSources(values, `${app}-crazyflie-firmware`, SUBMODULES));
  /** @param {string[]} targets */
  const make = (...targets) =>
    run("make", [`CRAZYFLIE_BASE=${tree}`, ...targets], { cwd: app, env: { ...process.env, PWD: app } });
  make("cf2_defconfig");
  make(); // build/cf2.bin
});
