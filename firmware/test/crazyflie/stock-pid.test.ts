import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { newFolder } from "../../../scripts/vitest/new-folder.js";
import { BITCRAZE, STOCK_CONTROLLERS, type StockController, WITHOUT_BITCRAZE } from "./stock-controllers.js";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const RECORDED = here("stock-pid-recorded.txt");
const [STAND_IN] = STOCK_CONTROLLERS;

/** What a controller commands to the estimates and setpoints of the driver. */
function commanded({ controller }: StockController, ...flags: string[]): string {
  const program = join(newFolder(), "driver");
  const all = ["-std=gnu11", "-O1", "-DCONFIG_PLATFORM_CF2", ...flags, here("stock-driver.c"), ...controller];
  expect(spawnSync("gcc", [...all, "-lm", "-o", program], { encoding: "utf8" }).stderr).toBe("");
  return spawnSync(program, { encoding: "utf8" }).stdout;
}

test.skipIf(!BITCRAZE)(`Bitcraze's own controllers command what is recorded${WITHOUT_BITCRAZE}`, async () => {
  await expect(commanded(BITCRAZE!, "-w")).toMatchFileSnapshot(RECORDED);
});

test("the stand-in of the stock controller commands what Bitcraze's own did, number for number", () => {
  const recorded = readFileSync(RECORDED, "utf8");
  expect(recorded.split("\n")).toHaveLength(401);
  expect(commanded(STAND_IN!, "-Wall", "-Wextra", "-Werror")).toBe(recorded);
});
