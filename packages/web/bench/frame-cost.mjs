// What a picture of the page costs the browser's main thread: `npm run frame-cost`, after a build. Milliseconds of the
// processor. Without a graphics card the processor would fill the pixels too, a few pictures a second: so the page is
// hidden, three.js makes all its calls and those that fill pixels return at once, and a timer asks for 60 pictures a
// second. What a graphics card and the compositor's threads would do is not in the figures.
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { preview } from "vite";

const SECONDS = 10;
const ROOT = fileURLToPath(new URL("../", import.meta.url));

/** A picture lasts this long at 60 a second, ms. */
const BUDGET_MS = 1000 / 60;

const server = await preview({ root: ROOT, logLevel: "error", preview: { port: 0 } });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"],
});

/**
 * @param {string} what
 * @param {string} hash what the link says
 * @param {string[]} boxes policies to fly beside it
 * @param {string} view that is open
 */
async function measure(what, hash, boxes = [], view = "compare") {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, bypassCSP: true });
  await page.addInitScript(() => {
    for (const call of /** @type {const} */ (["clear", "drawArrays", "drawElements"]))
      WebGL2RenderingContext.prototype[call] = () => {};
    window.requestAnimationFrame = (draw) => setTimeout(() => draw(performance.now()), 1000 / 60);
  });
  await page.goto(`${server.resolvedUrls?.local[0]}#${hash}`);
  await page.waitForFunction(() => window.spikewing?.step() > 0);
  await page.click("#tab-compare");
  for (const name of boxes) await page.check(`#others input[data-name="${name}"]`);
  await page.click(`#tab-${view}`);
  await page.addStyleTag({ content: "html { visibility: hidden }" });
  await page.waitForTimeout(4000); // the recorder is full after three seconds
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const read = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    const of = (/** @type {string} */ name) => metrics.find((metric) => metric.name === name)?.value ?? 0;
    return {
      frames: await page.evaluate(() => window.spikewing.frames()),
      script: of("ScriptDuration"),
      style: of("RecalcStyleDuration") + of("LayoutDuration"),
      task: of("TaskDuration"),
    };
  };
  const before = await read();
  await page.waitForTimeout(SECONDS * 1000);
  const after = await read();
  const frames = after.frames - before.frames;
  const perFrame = (/** @type {"script" | "style" | "task"} */ key) =>
    ((1000 * (after[key] - before[key])) / frames).toFixed(2);
  console.log(
    `${what.padEnd(26)} ${frames / SECONDS} frames/s   a frame: script ${perFrame("script")} ms, ` +
      `style and layout ${perFrame("style")} ms, all tasks ${perFrame("task")} ms of ${BUDGET_MS.toFixed(1)}`,
  );
  await page.close();
}

await measure("one drone", "seed=1");
await measure("one drone and its network", "seed=1", [], "network");
await measure("one drone, wind and gusts", "seed=1&windX=20&gusts=20");
await measure("three drones", "seed=1", ["ann-history", "guide-expert"]);
await browser.close();
await server.close();
