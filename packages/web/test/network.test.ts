import { readFileSync } from "node:fs";
import { beforeEach, describe, expect, test } from "vitest";
import { servePage } from "./page.js";

const served = servePage();
const said = (text: string | RegExp) =>
  served.page.locator("#network-news", { hasText: text }).waitFor({ state: "attached" });

/** The flight is far from its start, and the network's view is open. */
async function open(): Promise<void> {
  await served.open(`${served.url}#seed=1`);
  await served.page.click("#tab-network");
  await served.page.locator("#network-tells", { hasText: /\w/ }).waitFor({ state: "attached" });
  await served.page.waitForFunction(() => window.spikewing.step() > 110);
  await redraw();
}

/** How many pixels of the network's picture are as strong as a colour of the style sheet. */
const pixels = (colour: string) =>
  served.page.evaluate((name) => {
    const canvas = document.getElementById("network") as HTMLCanvasElement;
    const copy = document.createElement("canvas");
    [copy.width, copy.height] = [canvas.width, canvas.height];
    const context = copy.getContext("2d", { willReadFrequently: true })!;
    context.fillStyle = getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
    context.fillRect(0, 0, 1, 1);
    const [r, g, b] = context.getImageData(0, 0, 1, 1).data;
    context.clearRect(0, 0, 1, 1);
    context.drawImage(canvas, 0, 0);
    const { data } = context.getImageData(0, 0, copy.width, copy.height);
    let count = 0;
    for (let at = 0; at < data.length; at += 4)
      if (Math.abs(data[at]! - r!) + Math.abs(data[at + 1]! - g!) + Math.abs(data[at + 2]! - b!) < 12)
        if (data[at + 3]! > 240) count++;
    return count;
  }, colour);
const drawn = () =>
  served.page.evaluate(() => (document.getElementById("network") as HTMLCanvasElement).toDataURL());
/** Two more pictures have been asked for. */
const redraw = () =>
  served.page.evaluate(async () => {
    for (let i = 0; i < 3; i++) await new Promise(requestAnimationFrame);
  });

describe("the view of the network", () => {
  beforeEach(open);

  test("shows neurons that fire in both layers, and moves while the drone flies", async () => {
    expect(await pixels("layer1")).toBeGreaterThan(200);
    expect(await pixels("layer2")).toBeGreaterThan(30);
    const before = await drawn();
    await served.page.waitForFunction(
      (picture) => (document.getElementById("network") as HTMLCanvasElement).toDataURL() !== picture,
      before,
    );
  });

  test("a pointer over a neuron chooses it for raster and membrane, and names what it hears and tells", async () => {
    const { page } = served;
    const box = (await page.locator("#network").boundingBox())!;
    const before = await page.inputValue("#neuron");
    await page.locator("#network").scrollIntoViewIfNeeded();
    for (let x = 120; (await page.inputValue("#neuron")) === before && x < box.width; x += 9)
      await page.locator("#network").hover({ position: { x, y: box.height / 2 } });
    const number = await page.inputValue("#neuron");
    expect(number).not.toBe(before);
    expect(await page.textContent("#network-chosen")).toMatch(
      new RegExp(`^Layer 1, neuron ${number} of 256`),
    );
    expect(await page.textContent("#neuron-facts")).toContain(`layer 1, number ${number};`);
    expect(await page.textContent("#network-hears")).toMatch(
      /^(offset|attitude|speed|turn) [xyz]+ \([+−][\d.e-]+\)(; (offset|attitude|speed|turn) [xyz]+ \([+−][\d.e-]+\)){4}$/,
    );
    expect(await page.textContent("#network-tells")).toMatch(/^layer 2, neuron \d+ \([+−]/);
  });

  test("arrows choose a neuron and Enter silences it, which a live region says", async () => {
    const { page } = served;
    await page.focus("#neuron");
    await page.fill("#neuron", "300");
    expect(await page.textContent("#network-chosen")).toMatch(/^Layer 2, neuron 44 of 128/);
    await page.focus("#network");
    await page.keyboard.press("ArrowDown");
    expect(await page.inputValue("#neuron")).toBe("301");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("Enter");
    await said("is silenced");
    await page.locator("#network-chosen", { hasText: "silenced" }).waitFor();
    const live = await page.locator("#network-news").getAttribute("role");
    expect(live).toBe("status");
    await page.focus("#silence-neuron");
    await page.keyboard.press("Enter");
    await said("speaks again");
  });

  test("after a push the flight slows down, and those that react are counted", async () => {
    const { page } = served;
    await page.selectOption("#slow-motion", "0.25");
    await page.focus("#network-push");
    await page.keyboard.press("Enter");
    await page.waitForFunction(
      () => (document.getElementById("speed") as HTMLSelectElement).value === "0.25",
    );
    await said(/^The push: \d+ of 384 neurons fire at another rate, most of all layer \d, neuron \d+/);
    await page.waitForFunction(() => (document.getElementById("speed") as HTMLSelectElement).value === "1");
    await page.click("#pause");
    await redraw();
    expect(await pixels("target")).toBeGreaterThan(10);
  });

  test("a drone whose neurons are silenced is lost, which is said, begins anew as it was, and is restored", async () => {
    const { page } = served;
    await page.focus("#lesion");
    await page.keyboard.press("End");
    await page.locator("#lesion-count", { hasText: "384, 100 %" }).waitFor();
    await page
      .locator("#crash-where", { hasText: /with 100 % of its neurons silenced for [\d.]+ s/ })
      .waitFor();
    await said(/^Lost: .* with 100 % of its neurons silenced/);
    await redraw();
    expect(await pixels("layer1")).toBe(0);
    await page.click("#crash-restart");
    await page.locator("#crash-where", { hasText: /with 100 % of its neurons silenced\.$/ }).waitFor();
    expect(await page.textContent("#sparsity")).toBe("100.0 %");
    await page.click("#share");
    expect(new URLSearchParams(new URL(page.url()).hash.slice(1)).get("inputs")).toBe("0l100");
    await page.click("#restore");
    await page.click("#crash-restart");
    await page.waitForFunction(() => window.spikewing.step() > 200);
    expect(await page.textContent("#lesion-count")).toBe("none");
    expect(await page.isVisible("#crash")).toBe(false);
  });

  test("says of a policy without spikes that it has none, and draws its links", async () => {
    const { page } = served;
    await page.selectOption("#policy", "gru");
    await page.locator("#network-spikeless").waitFor();
    expect(await page.isVisible("#network-controls")).toBe(false);
    await redraw();
    expect(await pixels("motor2")).toBeGreaterThan(20);
  });
});

test("the flight becomes a film", async () => {
  await served.open(`${served.url}#seed=1`);
  const { page } = served;
  await page.click("#tab-share");
  const download = page.waitForEvent("download");
  await page.click("#film");
  const before = await page.evaluate(() => window.spikewing.frames());
  await page.waitForFunction((frames) => window.spikewing.frames() > frames + 5, before);
  await page.click("#film");
  const bytes = readFileSync(await (await download).path());
  expect(bytes.subarray(0, 4).toString("hex")).toBe("1a45dfa3"); // EBML
  expect(bytes.length).toBeGreaterThan(1000);
  await page.locator("#film", { hasText: "Film the flight" }).waitFor();
});
