import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { unzipSync } from "fflate";
import { beforeAll, describe, expect, test } from "vitest";
import { newFolder } from "../../../scripts/vitest/new-folder.js";
import { titleOf } from "../src/policy-names.js";
import { NOT_DRAWING, servePage } from "./page.js";

const served = servePage({}, NOT_DRAWING);
beforeAll(() => served.page.click("#tab-firmware"));

/** What the button downloads: its name and its files. */
async function download() {
  const { page } = served;
  await page.click("#tab-firmware");
  const waiting = page.waitForEvent("download");
  await page.click("#firmware-download");
  const file = await waiting;
  return { name: file.suggestedFilename(), files: unzipSync(readFileSync(await file.path())) };
}

const inPackages = (file: string) => fileURLToPath(new URL(`../../${file}`, import.meta.url));

/** The files that the command line writes for a shipped policy, as they lie in the zip. */
function built(policy: string, protocol: string, weights: string): Record<string, Uint8Array> {
  const out = join(newFolder(), "library");
  execFileSync(process.execPath, [
    inPackages("cli/dist/spikewing.js"),
    ...[
      "firmware",
      "build",
      "--target",
      "teensy",
      "--policy",
      inPackages(`rl/policies/${policy}.safetensors`),
    ],
    ...["--protocol", protocol, "--weights", weights, "--out", out],
  ]);
  const files = readdirSync(out, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => [`Spikewing/${relative(out, file)}`, readFileSync(file)]),
  );
}

/** Equal, and if not, which file is not. */
function expectSameFiles(given: Record<string, Uint8Array>, wanted: Record<string, Uint8Array>): void {
  expect(Object.keys(given).sort()).toEqual(Object.keys(wanted).sort());
  for (const [name, bytes] of Object.entries(wanted))
    expect(Buffer.from(given[name]!).equals(bytes), name).toBe(true);
}

describe("the firmware of the policy that flies", () => {
  test.each([
    ["snn", "spikewing", "flash"],
    ["snn-i8", "authors", "ram"],
  ] as const)(
    "%s, frames of %s, weights in %s: the zip has the files of the command line",
    async (policy, protocol, weights) => {
      await served.page.selectOption("#policy", policy);
      await served.page
        .locator("#firmware-policy")
        .and(served.page.getByText(titleOf(policy), { exact: true }))
        .waitFor();
      await served.page.selectOption("#firmware-protocol", protocol);
      await served.page.selectOption("#firmware-weights", weights);
      const { name, files } = await download();
      expect(name).toBe(`spikewing-${policy}.zip`);
      expectSameFiles(files, built(policy, protocol, weights));
    },
  );

  test("a dense policy is refused in the panel, and by name", async () => {
    await served.page.selectOption("#policy", "ann");
    await served.page.locator("#firmware-facts", { hasText: "This policy is dense" }).waitFor();
    await served.page.click("#firmware-download");
    await served.page
      .locator("#status", { hasText: "ann.safetensors: kind is dense; expected spiking" })
      .waitFor();
  });

  test("a policy in the midst of training can be downloaded too", async () => {
    const { page } = served;
    await page.click("#tab-train");
    await page.click("#train-start");
    await page.locator("#policy-facts", { hasText: /after \d+ rounds? of training/ }).waitFor();
    await page.uncheck("#train-follow");
    const { name, files } = await download();
    expect(name).toBe("spikewing-in-training.zip");
    const readme = new TextDecoder().decode(files["Spikewing/README.md"]);
    expect(readme).toContain("in training.safetensors");
    await served.open();
  });

  test("a build of the page without the template says so", async () => {
    const { page } = served;
    await page.route("**/library-template.json", (route) => route.fulfill({ body: "null" }));
    await page.click("#tab-firmware");
    await page.click("#firmware-download");
    await page.locator("#status", { hasText: /has no firmware template.*build again/ }).waitFor();
    expect(await page.isEnabled("#firmware-download")).toBe(true);
    await page.unroute("**/library-template.json");
  });
});
