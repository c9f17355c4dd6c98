import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { COMMAND } from "./command.ts";

/** Prints every file that node loads for a program. */
const HOOKS = `
import { writeSync } from "node:fs";
export const load = (url, context, next) => {
  writeSync(2, url + "\\n");
  return next(url, context);
};`;
const dataUrl = (source: string) => `data:text/javascript,${encodeURIComponent(source)}`;
const REGISTER = dataUrl(
  `import { register } from "node:module"; register(${JSON.stringify(dataUrl(HOOKS))});`,
);

test("a program starts without the commands that are not called, and without their libraries", () => {
  const { status, stderr } = spawnSync(process.execPath, ["--import", REGISTER, COMMAND, "train", "--help"], {
    encoding: "utf8",
  });
  expect(status).toBe(0);
  const loaded = stderr.split("\n");
  expect(loaded.filter((url) => /cli\/dist\/(program|flags)\.js$/.test(url))).toHaveLength(2);
  const late =
    /cli\/dist\/(train|evaluate|fly|doctor|chart)\.js$|node_modules\/(d3-|ml-matrix|@resvg|@serialport|cli-progress|fs-native|pbf)/;
  expect(loaded.filter((url) => late.test(url))).toEqual([]);
});
