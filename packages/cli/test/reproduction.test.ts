import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { newFolder } from "../../../scripts/vitest/new-folder.ts";
import { succeed } from "./command.ts";

const published = fileURLToPath(new URL("../fixtures/short-run/", import.meta.url));

test.each([1, 2])(
  "the command of a published run gives its policy byte for byte with %i workers",
  (workers) => {
    const folder = join(newFolder(), "again");
    succeed([
      "train",
      "--config",
      join(published, "config.json"),
      "--workers",
      String(workers),
      "--out",
      folder,
    ]);
    const again = readFileSync(join(folder, "policy.safetensors"));
    expect(again.equals(readFileSync(join(published, "policy.safetensors")))).toBe(true);
  },
);
