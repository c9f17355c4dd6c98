import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { CLOSED_LOOP_TASK, closedLoopBlocks } from "@spikewing/core";
import { loadCore } from "@spikewing/core/node";
import { afterEach, expect, test, vi } from "vitest";
import { newFolder } from "../../../scripts/vitest/new-folder.js";
import { buildParity } from "../../src/parity/build-parity.js";
import { drawPolicyImage } from "../../src/parity/random-policy.js";
import { runParity } from "../../src/parity/run-parity.js";
import { elfSize } from "../../src/toolchain/elf-size.js";

const core = loadCore();
const folder = newFolder();
afterEach(() => {
  vi.unstubAllEnvs();
});

const policyImage = drawPolicyImage(core, { hidden: [64, 64], seed: 1 });

function build(checked: boolean, outDir: string): string {
  const blocks = closedLoopBlocks(core);
  return buildParity({ policyImage, blocks, seed: CLOSED_LOOP_TASK.seed, outDir, checked });
}

test("without bounds checks the policy lies in flash only", () => {
  const checked = elfSize(build(true, join(folder, "checked")));
  const unchecked = elfSize(build(false, join(folder, "unchecked")));
  expect(unchecked.flash).toBeGreaterThan(policyImage.length);
  expect(checked.linearMemory - unchecked.linearMemory).toBeGreaterThan(policyImage.length);
  expect(unchecked.linearMemory).toBeLessThan(policyImage.length);
});

test("the code of the core has no fused multiply-add", () => {
  build(false, join(folder, "unchecked"));
  const object = join(folder, "unchecked", "policy.o");
  const { stdout } = spawnSync("arm-none-eabi-objdump", ["-d", object], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  expect(stdout).toMatch(/\tvmul\.f32/);
  expect(stdout).not.toMatch(/\tvfn?m[as]/);
});

test("a missing tool is named with its Debian package", () => {
  const elf = build(true, join(folder, "checked"));
  vi.stubEnv("PATH", folder);
  expect(() => build(true, join(folder, "other"))).toThrow(
    /^arm-none-eabi-gcc is missing; install the Debian package gcc-arm-none-eabi$/,
  );
  expect(() => runParity(elf, ["trap"])).toThrow(
    /^qemu-system-arm is missing; install the Debian package qemu-system-arm$/,
  );
});
