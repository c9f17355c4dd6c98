import { fileURLToPath } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { preview } from "vite";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import "../src/page-hook.js";
import { launchBrowser } from "./page.js";

let browser: Browser;
let url = "";
let close = async () => {};
let page: Page | undefined;

beforeAll(async () => {
  const root = fileURLToPath(new URL("../", import.meta.url));
  const server = await preview({ root, logLevel: "error", preview: { port: 0 } });
  browser = await launchBrowser(["--disable-gpu", "--disable-3d-apis"]);
  url = server.resolvedUrls!.local[0]!;
  close = async () => {
    await browser.close();
    await server.close();
  };
});
afterEach(() => page?.close());
afterAll(() => close());

async function newPage(options: BrowserContextOptions = {}): Promise<Page> {
  page = await browser.newPage({ serviceWorkers: "block", ...options }); // one could have the part
  return page;
}

test("without WebGL the page says so and flies on", async () => {
  const page = await newPage();
  await page.goto(url);
  await page.locator("#no-picture", { hasText: "offers no WebGL" }).waitFor();
  await page.waitForFunction(() => window.spikewing?.step() > 20);
  await page.locator("#time", { hasText: /^0\.[1-9]|^[1-9]/ }).waitFor();
});

test("without JavaScript the page says that nothing works", async () => {
  const page = await newPage({ javaScriptEnabled: false });
  await page.goto(url);
  expect(await page.locator("noscript").textContent()).toContain("JavaScript switched off");
});

test.each([
  ["the list of policies", "**/policies/index.json", "policies/index.json: the server answers 404"],
  ["the policy", "**/policies/snn.safetensors", "policies/snn.safetensors: the server answers 404"],
  ["the core", "**/*.wasm", /the server answers 404/],
  ["what flies", "**/flight.worker-*.js", "flight worker: its program does not load"],
  ["the page's own code", /\/assets\/(?!.*worker).*\.js/, /missing: http/],
  ["the code behind the start", /\/assets\/main.*\.js/, /cannot go on/],
])("without %s the page names what is missing", async (_what, address, said) => {
  const page = await newPage();
  await page.route(address as string, (route) => route.fulfill({ status: 404 }));
  await page.goto(url);
  await page.locator("#status", { hasText: said as string }).waitFor();
});

test.each([
  ["trains", "train.worker", "#tab-train", "#train-start", "training: its program does not load"],
  ["measures", "measure.worker", "#tab-compare", "#race-start", "measuring: its program does not load"],
])("without what %s the page says so, and flies on", async (_what, file, tab, start, said) => {
  const page = await newPage();
  await page.route(`**/${file}-*.js`, (route) => route.fulfill({ status: 404 }));
  await page.goto(url);
  await page.waitForFunction(() => window.spikewing?.step() > 0);
  await page.click(tab);
  await page.click(start);
  await page.locator("#status", { hasText: said }).waitFor();
  await page.locator(`${start}:not([aria-disabled="true"])`).waitFor();
  expect(await page.isEnabled(start)).toBe(true);
  const step = await page.evaluate(() => window.spikewing.step());
  await page.waitForFunction((before) => window.spikewing.step() > before, step);
});
