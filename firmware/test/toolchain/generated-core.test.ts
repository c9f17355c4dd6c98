import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { newFolder } from "../../../scripts/vitest/new-folder.js";
import { generateCore } from "../../src/toolchain/generated-core.js";

const folder = newFolder();

test.each(["policy", "pilot"] as const)(
  "without checks, %s fetches no address of memory from the instance",
  (module) => {
    const text = readFileSync(generateCore(folder, false, module), "utf8");
    expect(text).not.toContain("mem->data[addr]");
    expect(text.split("sw_linear_base[addr]")).toHaveLength(1 + 2); // a load and a store
    expect(text).not.toContain("__asm__");
  },
);

test("with checks, the C is what wasm2c writes", () => {
  const text = readFileSync(generateCore(folder, true), "utf8");
  expect(text).not.toContain("sw_linear_base");
  expect(text).toContain("mem->data[addr]");
  expect(text).toContain("#define wasm_asm __asm__");
});
