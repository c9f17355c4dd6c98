import { fileURLToPath } from "node:url";
import type { BrowserContext } from "playwright-core";
import { preview } from "vite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchBrowser, NOT_DRAWING } from "./page.js";

// The page as a stranger's browser has it: its own policy of what may run, and what it keeps for later.
let url = "";
let context: BrowserContext;
let stopServing: () => Promise<unknown>;
const closing: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  const root = fileURLToPath(new URL("../", import.meta.url));
  const server = await preview({ root, logLevel: "error", preview: { port: 0 } });
  const browser = await launchBrowser(NOT_DRAWING);
  stopServing = () => server.close();
  closing.push(() => browser.close(), stopServing);
  url = server.resolvedUrls!.local[0]!;
  context = await browser.newContext({ viewport: { width: 1000, height: 500 } });
  await context.addInitScript(() => {
    const refused: string[] = [];
    Object.assign(window, { refused });
    addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sourceFile }) =>
      refused.push(`${violatedDirective} ${blockedURI} ${sourceFile}`),
    );
  });
});
afterAll(async () => {
  for (const close of closing) await close();
});

const refusals = (page: Awaited<ReturnType<BrowserContext["newPage"]>>) =>
  page.evaluate(() => (window as unknown as { refused: string[] }).refused);

/** A tab whose drone has flown, seen without a script of the test's own in the page. */
async function open(address = url) {
  const page = await context.newPage();
  page.setDefaultTimeout(0);
  await page.goto(address);
  await page.locator("#time", { hasText: /^(?!0\.00)/ }).waitFor();
  return page;
}

describe("the page's own policy of what may run", () => {
  test("is broken by nothing that the page does", async () => {
    const page = await open();
    for (const tab of ["network", "compare", "train", "slope", "firmware", "share", "robustness"])
      await page.click(`#tab-${tab}`);
    await page.locator("#network-tells", { hasText: /\w/ }).waitFor({ state: "attached" });
    await page.locator("#embed").waitFor({ state: "attached" });
    await page.selectOption("#robustness-episodes", "1000"); // a minute at least
    await page.click("#robustness-start");
    await page.locator("#robustness-rows tr").first().waitFor();
    await page.click("#robustness-stop");
    await page.click("#theme");
    await page.click("#tab-firmware");
    const download = page.waitForEvent("download");
    await page.click("#firmware-download");
    await download;
    expect(await refusals(page)).toEqual([]);
    await page.close();
  });

  test("lets no script in that stands in the page", async () => {
    const page = await open();
    await page.evaluate(() => {
      const script = document.createElement("script");
      script.textContent = "document.title = 'taken over'";
      document.head.append(script);
    });
    expect(await page.title()).toBe("Spikewing");
    expect(await refusals(page)).toHaveLength(1);
    await page.close();
  });
});

test("two tabs fly side by side", async () => {
  const [one, other] = [await open(), await open(`${url}#seed=2`)];
  const before = await other.textContent("#time");
  await one.click("#restart");
  await other.locator("#time", { hasNotText: before! }).waitFor();
  await one.close();
  await other.close();
});

test("two tabs share the theme", async () => {
  const [one, other] = [await open(), await open()];
  const themeOf = (page: typeof one) => page.evaluate(() => document.documentElement.dataset.theme);
  const before = await themeOf(other);
  await one.getByRole("button", { name: "Switch between light and dark" }).click();
  await other.waitForFunction((theme) => document.documentElement.dataset.theme !== theme, before);
  expect(await themeOf(other)).toBe(await themeOf(one));
  await one.close();
  await other.close();
});

test("a page that nobody sees draws nothing, and its flight goes on", async () => {
  const page = await open();
  const drawnAndFlown = () =>
    page.evaluate(() => [window.spikewing.frames(), window.spikewing.step()] as const);
  await page.evaluate(() => {
    Object.defineProperty(document, "hidden", { configurable: true, get: () => true });
  });
  const [drawn, flown] = await drawnAndFlown();
  let now = await drawnAndFlown();
  while (now[1] < flown + 50) now = await drawnAndFlown();
  expect(now[0]).toBeLessThanOrEqual(drawn + 1);
  await page.evaluate(() => Reflect.deleteProperty(document, "hidden"));
  while ((await drawnAndFlown())[0] <= drawn + 1);
  await page.click("#pause"); // the clock has every step that was flown, and no other
  await page.waitForFunction(() => {
    const shown = document.getElementById("time")!.textContent;
    return shown === `${(window.spikewing.step() / 100).toFixed(2)} s`;
  });
  await page.close();
});

test("once opened, the page flies without a network, and can be installed", async () => {
  const page = await open();
  const session = await context.newCDPSession(page);
  const { errors } = await session.send("Page.getAppManifest");
  expect(errors).toEqual([]);
  const { installabilityErrors } = await session.send("Page.getInstallabilityErrors");
  expect(installabilityErrors.filter(({ errorId }) => errorId !== "in-incognito")).toEqual([]);
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
  await stopServing();
  await page.goto("about:blank");
  await page.goto(`${url}#policy=gru&seed=3`);
  await page.locator("#time", { hasText: /^(?!0\.00)/ }).waitFor();
  await page.locator("#policy-facts", { hasText: "recurrent (GRU)" }).waitFor();
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  await page.click("#tab-train");
  await page.evaluate(async () => {
    const policy = { rounds: 1, drones: 16, windowsPerRound: 1, evaluationEpisodes: 4 };
    const choice = { preset: "fast", algorithm: "apg", seed: 1, overrides: { policy } } as const;
    await window.spikewing.train(choice, undefined);
  });
  await page.locator("#runs").getByRole("listitem").filter({ hasText: "finished" }).waitFor();
  expect(await refusals(page)).toEqual([]);
  await page.click("#tab-firmware");
  const download = page.waitForEvent("download");
  await page.selectOption("#policy", "snn");
  await page.click("#firmware-download");
  await download;
});
