import { expect, test } from "vitest";
import { servePage } from "./page.js";

const LOADS = 3;
const LIMIT_MS = 2000;

const served = servePage();

/**
 * The one timed assertion of the repository: a visitor sees the drone fly at once. Loading takes about a second of
 * processor time without a graphics card, so other work on the machine shows; hence the retries.
 */
test(`the first flight is in the picture within ${LIMIT_MS / 1000} s, in the median of ${LOADS} loads`, {
  retry: 3,
}, async () => {
  const times: number[] = [];
  for (let i = 0; i < LOADS; i++) {
    await served.page.goto("about:blank");
    await served.page.waitForTimeout(1000); // the browser is done with the page before
    await served.open();
    await served.page.waitForFunction(() => window.spikewing.firstFlightMs() !== undefined);
    times.push((await served.page.evaluate(() => window.spikewing.firstFlightMs()))!);
  }
  console.log(`first flight after ${times.map((ms) => Math.round(ms)).join(", ")} ms`);
  expect(times.sort((a, b) => a - b)[1]).toBeLessThan(LIMIT_MS);
});
