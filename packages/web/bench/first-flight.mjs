// How long a visitor waits for a drone that flies: `npm run first-flight`, after a build. The browser is new for each load,
// so nothing is cached; files come from this machine. It says how busy the machine was, as other work shows.
import { loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { preview } from "vite";

const LOADS = 9;
const ROOT = fileURLToPath(new URL("../", import.meta.url));

const server = await preview({ root: ROOT, logLevel: "error", preview: { port: 0 } });
const times = [];
for (let i = 0; i < LOADS; i++) {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"],
  });
  const page = await browser.newPage({ viewport: { width: 1000, height: 500 } });
  await page.goto(server.resolvedUrls?.local[0] ?? "");
  await page.waitForFunction(() => window.spikewing?.firstFlightMs() !== undefined);
  times.push((await page.evaluate(() => window.spikewing.firstFlightMs())) ?? Number.NaN);
  await browser.close();
}
await server.close();
const sorted = times.map(Math.round).sort((a, b) => a - b);
console.log(
  `first flight, ${LOADS} cold loads without a graphics card: ${sorted[0]} ms at best, ` +
    `${sorted[(LOADS - 1) / 2]} in the median, ${sorted.at(-1)} at worst; load average ${loadavg()[0]?.toFixed(1)}`,
);
