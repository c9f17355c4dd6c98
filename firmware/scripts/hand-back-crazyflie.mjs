// Hands a flying drone back to Bitcraze's own controllers, on this machine: fetches their sources at the pinned commit, builds
// them with gcc, and runs the checks of test/crazyflie with them in the place of the stand-in:
//
//   node firmware/scripts/hand-back-crazyflie.mjs [--sources <checkout> | --from <git repository>] [--record]
//
// --record makes test/crazyflie/stock-pid-recorded.txt anew of what they command; without it they must command what is recorded.
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { crazyflieSources, PINNED, run, runScript, SOURCES_OPTIONS } from "./crazyflie-sources.mjs";

const RECORDING = "test/crazyflie/stock-pid.test.ts";
const FIRMWARE = fileURLToPath(new URL("..", import.meta.url));

runScript(() => {
  const { values } = parseArgs({ options: { ...SOURCES_OPTIONS, record: { type: "boolean" } } });
  const folder = resolve(FIRMWARE, `generated/crazyflie-firmware-${PINNED.slice(0, 8)}`);
  const tree = resolve(crazyflieSources(values, folder, []));
  console.log(`Bitcraze's controllers of ${tree}`);
  /** @param {string[]} args */
  const vitest = (...args) =>
    run("npx", ["vitest", "run", "--config", "../vitest.config.ts", ...args], {
      cwd: FIRMWARE,
      env: { ...process.env, CRAZYFLIE_FIRMWARE: tree },
    });
  if (values.record) vitest(RECORDING, "--update=all", "--testNamePattern", "Bitcraze's own controllers");
  vitest(RECORDING, "test/crazyflie/hand-back.test.ts");
});
