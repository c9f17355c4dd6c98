import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { newFolder } from "../../../scripts/vitest/new-folder.ts";
import { COMMAND, succeed } from "./command.ts";

/** Runs it where these programs alone are on the path. */
function doctorWith(programs: Readonly<Record<string, string>>) {
  const bin = join(newFolder(), "bin");
  mkdirSync(bin);
  for (const [name, version] of Object.entries(programs)) {
    writeFileSync(join(bin, name), `#!/bin/sh\necho "${version}"\n`);
    chmodSync(join(bin, name), 0o755);
  }
  const run = spawnSync(process.execPath, [COMMAND, "doctor"], { env: { PATH: bin }, encoding: "utf8" });
  return { ...run, lines: run.stdout.trimEnd().split("\n") };
}

test("doctor names the version of a tool that is there, and what one that is not would enable", () => {
  const { status, lines } = doctorWith({ "qemu-system-arm": "QEMU emulator version 7.2" });
  expect(status).toBe(0);
  expect(lines).toContainEqual(expect.stringMatching(/^qemu-system-arm +ok +QEMU emulator version 7\.2$/));
  expect(lines).toContainEqual(
    expect.stringMatching(
      /^arm-none-eabi-gcc +missing +Debian package gcc-arm-none-eabi {2}\(for compiling the firmware/,
    ),
  );
});

test("doctor flies the shipped policy before it calls the core well", () => {
  const { findings } = JSON.parse(succeed(["doctor", "--json"]).stdout);
  const core = findings.find(({ what }: { what: string }) => what === "core");
  expect(core).toMatchObject({
    state: "ok",
    found: expect.stringMatching(/^\d+ steps as recorded, 500 with SIMD/),
  });
});
