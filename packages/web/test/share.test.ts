import { readFileSync, statSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { decodeLink } from "../src/flight-link.js";
import { packPolicy } from "../src/packed-policy.js";
import { NOT_DRAWING, servePage } from "./page.js";

const served = servePage({}, NOT_DRAWING);
const said = (text: string | RegExp) => served.page.locator("#status", { hasText: text }).waitFor();
const fields = () => new URLSearchParams(new URL(served.page.url()).hash.slice(1));

/** Opens a policy file of this name, the shipped network of 8-bit weights. */
async function openFile(name: string): Promise<void> {
  const buffer = readFileSync(new URL("../../rl/policies/snn-i8.safetensors", import.meta.url));
  await served.page.setInputFiles("#policy-file", { name, mimeType: "", buffer });
  await said(`${name} flies`);
}

/** Flies so many steps from the start, one by one as fast as they go. */
async function flySteps(steps: number): Promise<void> {
  const { page } = served;
  await page.click("#restart");
  await page.waitForFunction((least) => window.spikewing.step() >= least, steps);
  await page.click("#pause");
}

describe("a link", () => {
  test("carries a race, and a policy that nobody else has, to the same bytes", async () => {
    await served.open(`${served.url}#seed=4`);
    const { page } = served;
    await page.click("#tab-compare");
    await page.locator('#others input[data-name="ann"]').check();
    await openFile("mine.safetensors");
    await flySteps(20);
    await page.click("#tab-share");
    await page.click("#share-link");
    await said(
      /^(Link copied|The link is in the address bar): .* to the same bytes, and carries its policy: \d+ kB$/,
    );
    expect(fields().getAll("policy")).toEqual(["mine", "ann"]);
    await served.open(page.url());
    await said("the same bytes as in the flight that was shared");
    expect(await page.inputValue("#policy")).toBe("mine");
    await page.locator("#ranking li").nth(1).waitFor();
    const saved = page.waitForEvent("download");
    await page.click("#tab-compare");
    await page.click("#save-policy"); // with an example, which the link has left out
    expect(readFileSync(await (await saved).path()).length).toBeGreaterThan(50_000);
  });

  test("whose policy unpacks to more than it says flies the shipped one and says why", async () => {
    const { name, data } = await packPolicy("bomb", new Uint8Array(5_000_000));
    await served.open(`${served.url}#seed=1&policy=bomb&file=${name}.6000.${data}`);
    await said('it flies "bomb", a policy that is not here; file "bomb" is longer than its 6000 bytes');
    await served.open(`${served.url}#seed=1&file=${name}.5000000.${data}`);
    await said('file "bomb" has 5000000 bytes; expected 1 to 1000000');
  });
});

test("choosing who flies, by card or list, lets those beside it fly on", async () => {
  await served.open(`${served.url}#seed=1&policy=snn&policy=gru`);
  const { page } = served;
  const ranking = page.locator("#ranking li");
  await ranking.nth(1).waitFor();
  await page.selectOption("#policy", "ann");
  await ranking.first().filter({ hasText: "Ordinary network" }).waitFor();
  expect(await ranking.nth(1).textContent()).toContain("(GRU)");
  await page.getByRole("radio", { name: "Untrained" }).check();
  await ranking.first().filter({ hasText: "Untrained" }).waitFor();
  expect(await ranking.nth(1).textContent()).toContain("(GRU)");
  await page.selectOption("#policy", "gru"); // who flies beside it becomes the first, and flies once
  await ranking.nth(1).waitFor({ state: "detached" });
});

describe("a challenge", () => {
  let link = "";

  test("carries the storm and the score of who made it", async () => {
    await served.open(`${served.url}#seed=6&windX=20&gusts=10&delay=2&inputs=50p60,0,0,0,20`);
    const { page } = served;
    await page.click("#tab-share");
    await page.click("#share-challenge");
    await said("Fly on: a challenge needs the return of 5 s");
    await page.waitForFunction(() => window.spikewing.step() > 505);
    await page.click("#pause");
    const score = await page.textContent("#full-return dd");
    await page.click("#share-challenge");
    await said("to the same bytes");
    link = page.url();
    expect((Number(fields().get("challenge")) / 1000).toFixed(1)).toBe(score);
    const { flight } = decodeLink(new URL(link).hash.slice(1));
    expect(flight.settings).toMatchObject({ windX: 20, gusts: 10, delay: 2, seed: 6 });
    expect(flight.inputs).toHaveLength(1);
  });

  test("says to whom opens it what is to be beaten, that the sender's flight is real, and what others reach", async () => {
    await served.open(link);
    const { page } = served;
    const told = (text: string | RegExp) => page.locator("#challenge", { hasText: text }).waitFor();
    await told(/^Survive this storm: Spiking has a return of [\d.]+ in 5 s\./);
    await told(/That was the sender's own flight: [\d.]+\.$/);
    await said("the same bytes as in the flight that was shared");
    await page.selectOption("#policy", "untrained");
    await told(/^Not beaten: Untrained has [\d.]+, lost after [\d.]+ s, not more than/);
    const easy = new URL(link);
    easy.hash = easy.hash.replace(/challenge=\d+/, "challenge=1000");
    await served.open(easy.href);
    await told(/^Beaten: Spiking has [\d.]+; 1\.0 was to be beaten\.$/);
    await page.click("#tab-disturb");
    await page.click("#restart");
    await page.focus('[data-setting="windX"]');
    await page.keyboard.press("Home");
    await told(/This flight had other conditions, and does not count\.$/);
  });
});

test("the picture that other sites show of a link is small enough for them to load", () => {
  const picture = new URL("../dist/social.png", import.meta.url);
  expect(statSync(picture).size).toBeLessThan(100_000);
});

test("a browser that makes no films is not offered one", async () => {
  const { page } = served;
  await page.addInitScript(() => {
    Reflect.deleteProperty(window, "MediaRecorder");
  });
  await served.open(`${served.url}#seed=1`);
  await page.click("#tab-share");
  await page.locator("#embed").waitFor();
  expect(await page.isVisible("#film")).toBe(false);
});

test("inside another page there is the flight alone, with a link to the whole", async () => {
  const { page } = served;
  await served.open(`${served.url}?embed#seed=8`);
  for (const id of ["policy", "tab-disturb", "raster1", "share", "pause"])
    expect(await page.isVisible(`#${id}`)).toBe(false);
  const { width, height } = (await page.locator("#scene").boundingBox())!;
  expect([width, height]).toEqual([1000, 500]);
  expect(await page.getAttribute("#embed-link", "href")).toBe("./#seed=8");
  expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBe(500);
});
