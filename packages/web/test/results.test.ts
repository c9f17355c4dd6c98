import { existsSync } from "node:fs";
import { pathToFileURL } from "node:url";
import type { Plugin } from "vite";
import { expect, test } from "vitest";
import { newFolder } from "../../../scripts/vitest/new-folder.ts";
import { RESULTS, results } from "../results-plugin.ts";
import { COLOURS, violationsIn } from "./axe.js";
import { NOT_DRAWING, servePage } from "./page.js";

const served = servePage({ viewport: { width: 390, height: 844 } }, NOT_DRAWING);

test("the page leads to the tables and pictures of the reproduction, all there, and back", async () => {
  expect(existsSync(RESULTS)).toBe(true);
  const { page } = served;
  await page.getByRole("link", { name: "Results" }).click();
  await page.getByRole("heading", { name: "Results", exact: true }).waitFor();
  expect(await page.getByRole("table").count()).toBeGreaterThan(0);
  const wrong = await page.evaluate(async () => {
    const pictures = [...document.images];
    for (const picture of pictures) picture.loading = "eager";
    await Promise.all(pictures.map((picture) => picture.decode()));
    const links = [...document.querySelectorAll("a")].map(({ href }) => href);
    const answers = await Promise.all(links.map((link) => fetch(link)));
    return [
      ...pictures.filter(({ naturalWidth, alt }) => naturalWidth === 0 || alt === "").map(({ src }) => src),
      ...answers.filter(({ ok }) => !ok).map(({ url }) => url),
      ...[...document.querySelectorAll(".picture")]
        .filter(({ clientWidth }) => clientWidth < 600)
        .map(({ outerHTML }) => `its words are too small: ${outerHTML}`),
      ...[...document.querySelectorAll(".claims")]
        .filter(({ clientWidth, parentElement }) => clientWidth > parentElement!.clientWidth)
        .map(({ textContent }) => `its verdicts are out of sight: ${textContent!.slice(0, 80)}`),
      ...(document.documentElement.scrollWidth > innerWidth ? ["it scrolls sideways"] : []),
    ];
  });
  expect(await page.locator(".picture").count()).toBeGreaterThan(0);
  expect(wrong).toEqual([]);
  for (const media of COLOURS) {
    await page.emulateMedia(media);
    expect(await violationsIn(page, "html"), JSON.stringify(media)).toEqual([]);
  }
  await page.getByRole("link", { name: /Spikewing/ }).click();
  await page.waitForFunction(() => window.spikewing?.step() > 0);
});

test("where nothing was measured the page has no link to it", () => {
  const plugin = results(pathToFileURL(`${newFolder()}/`)) as Plugin & {
    transformIndexHtml(html: string): string;
    generateBundle(this: unknown): void;
  };
  expect(plugin.transformIndexHtml("<nav><!-- results --></nav>")).toBe("<nav></nav>");
  expect(() => plugin.generateBundle.call({})).not.toThrow(); // it emits nothing
});
