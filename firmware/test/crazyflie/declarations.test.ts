import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { newFolder } from "../../../scripts/vitest/new-folder.js";

interface Recorded {
  readonly origin: string;
  readonly commit: string;
  readonly declarations: readonly { readonly header: string; readonly declaration: string }[];
}
const HERE = fileURLToPath(new URL(".", import.meta.url));
const SCRIPT = fileURLToPath(new URL("../../scripts/link-crazyflie.mjs", import.meta.url));
/** What the headers of crazyflie-firmware say at the commit that is named in it. */
const { commit, declarations }: Recorded = JSON.parse(
  readFileSync(join(HERE, "recorded-declarations.json"), "utf8"),
);

/** Without the spaces that only a formatter sees. */
const plain = (text: string) => text.replaceAll(/\s+/g, " ").replaceAll("* ", "*").replaceAll(" *", "*");

test.each(declarations)("what the app compiles against is what $header has: $declaration", (recorded) => {
  const stand = readFileSync(join(HERE, "declarations", basename(recorded.header)), "utf8");
  expect(plain(stand)).toContain(plain(recorded.declaration));
});

test("every function that the app's tests declare of the firmware is recorded, but those of FreeRTOS", () => {
  const names = readdirSync(join(HERE, "declarations"))
    .filter((file) => !["FreeRTOS.h", "task.h"].includes(file))
    .flatMap((file) => [
      ...readFileSync(join(HERE, "declarations", file), "utf8").matchAll(/^\w[\w ]* (\w+)\([^;{]*\);/gm),
    ])
    .map(([, name]) => name!);
  expect(names.length).toBeGreaterThan(15);
  const recorded = declarations.map(({ declaration }) => declaration).join("\n");
  expect(names.filter((name) => !recorded.includes(`${name}(`))).toEqual([]);
});

test("the script that links the firmware refuses a checkout whose headers say something else", () => {
  const [app, tree] = [newFolder(), newFolder()];
  writeFileSync(join(app, "app-config"), "");
  const link = () => spawnSync(process.execPath, [SCRIPT, app, "--sources", tree], { encoding: "utf8" });
  expect(link()).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/is missing; expected a checkout of/),
  });

  for (const { header } of declarations) {
    const text = declarations.filter((one) => one.header === header).map(({ declaration }) => declaration);
    mkdirSync(dirname(join(tree, header)), { recursive: true });
    writeFileSync(join(tree, header), text.join("\n").replace("uint8_t* data", "const uint8_t* data"));
  }
  const { status, stderr } = link();
  expect(stderr).toContain(
    `uart1.h: does not say "void uart1SendDataDmaBlocking(uint32_t size, uint8_t* data);"; expected what ${commit.slice(0, 8)} has\n`,
  );
  expect(status).toBe(1);
});
