// The pictures that others show of the page, from the page itself: `npm run pictures`, after a build. A social picture
// and the icons of an installed page, into public/.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import UPNG from "upng-js";
import { preview } from "vite";

/** The page has few colours: with more the file grows, and looks the same. */
const SOCIAL_COLOURS = 48;
const ROOT = fileURLToPath(new URL("../", import.meta.url));
const server = await preview({ root: ROOT, logLevel: "error", preview: { port: 0 } });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"],
});
const page = await browser.newPage({
  viewport: { width: 1200, height: 630 },
  colorScheme: "dark",
  bypassCSP: true,
});
page.setDefaultTimeout(0);
await page.goto(`${server.resolvedUrls?.local[0]}#seed=1&path=figure-eight`);
await page.waitForFunction(() => window.spikewing?.step() > 560);
await page.click("#pause");
await page.addStyleTag({
  content: `.top nav, .top button, .teach, .who, .transport, .stage-pad, .deck, .numbers, .view-buttons, .caption,
    .recorder figure:nth-of-type(n + 3), .errors, figcaption output, .counts { display: none !important; } main { flex: 1 !important; }
    .sentence { font-size: 34px !important; } .lead p + p { font-size: 17px; }
    #raster1 { height: 250px !important; } #raster2 { height: 170px !important; }`,
});
await page.waitForFunction(() => window.spikewing.isStill());
const seen = UPNG.decode(await page.screenshot());
const social = UPNG.encode(UPNG.toRGBA8(seen), seen.width, seen.height, SOCIAL_COLOURS);
writeFileSync(`${ROOT}public/social.png`, new Uint8Array(social));
const icon = readFileSync(`${ROOT}public/favicon.svg`, "utf8").replace('rx="6" ', "");
for (const size of [192, 512]) {
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(`<style>body { margin: 0 } svg { display: block; width: 100vw }</style>${icon}`);
  await page.screenshot({ path: `${ROOT}public/icon-${size}.png` });
}
await browser.close();
await server.close();
