import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { newFolder } from "../../../scripts/vitest/new-folder.js";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

test("the stand-in of the stock controller commands what Bitcraze's own did, number for number", () => {
  const program = join(newFolder(), "driver");
  const flags = ["-std=gnu11", "-O1", "-Wall", "-Wextra", "-Werror", "-I", here("declarations")];
  const sources = [here("stock-driver.c"), here("stock-pid.c")];
  expect(spawnSync("gcc", [...flags, ...sources, "-lm", "-o", program], { encoding: "utf8" }).stderr).toBe(
    "",
  );
  const { stdout } = spawnSync(program, { encoding: "utf8" });
  const recorded = readFileSync(here("stock-pid-recorded.txt"), "utf8");
  expect(recorded.split("\n")).toHaveLength(401);
  expect(stdout).toBe(recorded);
});
