// What hands a drone back is tried against: the stand-in, and Bitcraze's own where CRAZYFLIE_FIRMWARE names a checkout of
// crazyflie-firmware (scripts/hand-back-crazyflie.mjs).
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { newFolder } from "../../../scripts/vitest/new-folder.js";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const DECLARATIONS = here("declarations");

export interface StockController {
  readonly name: string;
  /** For gcc: sources of its controller, and where its headers are. */
  readonly controller: readonly string[];
  /** The same of what is between the controller and the motors. */
  readonly motors: readonly string[];
}

export type Platform = "CONFIG_PLATFORM_CF2" | "CONFIG_PLATFORM_CF21BL";

const STAND_IN: StockController = {
  name: "the stand-in",
  controller: [here("stock-pid.c"), "-I", DECLARATIONS],
  motors: [here("stock-motors.c")],
};

const HEADERS = ["modules/interface", "modules/interface/controller", "modules/interface/lighthouse"];
const MORE_HEADERS = ["utils/interface", "utils/interface/lighthouse", "platform/interface", "config"];
const DRIVERS = ["hal/interface", "drivers/interface"];
const CONTROLLER = ["controller_pid", "attitude_pid_controller", "position_controller_pid"];

/** The one function of motors.c that a host can have. */
function batteryCompensation(tree: string): string {
  const motors = readFileSync(join(tree, "src/drivers/src/motors.c"), "utf8");
  const [text] = /^float motorsCompensateBatteryVoltage\([\s\S]*?^}$/m.exec(motors) ?? [];
  if (text === undefined) throw new Error(`${tree}: motors.c has no motorsCompensateBatteryVoltage`);
  return text;
}

/** Without FreeRTOS and its configuration, which are those of the declarations; log and parameters are left out. */
function bitcraze(tree: string): StockController {
  const src = (path: string) => join(tree, "src", path);
  const cut = newFolder();
  writeFileSync(join(cut, "battery-compensation.c"), `${batteryCompensation(tree)}\n`);
  return {
    name: "Bitcraze's own",
    controller: [
      ...CONTROLLER.map((name) => src(`modules/src/controller/${name}.c`)),
      ...["pid", "filter", "num"].map((name) => src(`utils/src/${name}.c`)),
      ...["-DUNIT_TEST_MODE", "-DCONFIG_CRAZYFLIE_21_PLUS", "-idirafter", DECLARATIONS],
      ...[...HEADERS, ...MORE_HEADERS, ...DRIVERS].flatMap((path) => ["-I", src(path)]),
    ],
    motors: [src("modules/src/power_distribution_quadrotor.c"), here("bitcraze-motors.c"), "-I", cut],
  };
}

const checkout = process.env.CRAZYFLIE_FIRMWARE;
export const BITCRAZE: StockController | undefined = checkout ? bitcraze(checkout) : undefined;
export const STOCK_CONTROLLERS: readonly StockController[] = BITCRAZE ? [STAND_IN, BITCRAZE] : [STAND_IN];
export const WITHOUT_BITCRAZE = BITCRAZE
  ? ""
  : " (skipped: CRAZYFLIE_FIRMWARE names no checkout of bitcraze/crazyflie-firmware)";
