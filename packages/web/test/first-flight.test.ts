import { gzipSync } from "node:zlib";
import type { Response } from "playwright-core";
import { expect, test } from "vitest";
import { servePage } from "./page.js";

/** On a slow mobile line of 1.6 Mbit/s this takes 1.8 s. */
const MOST_BYTES = 350_000;

const served = servePage();

/** What time it takes is measured by `npm run first-flight`. */
test("the first flight is in the picture before more than 350 kB, compressed, have come", async () => {
  const { page } = served;
  await page.goto("about:blank");
  const responses: Response[] = [];
  const remember = (response: Response) => responses.push(response);
  page.on("response", remember);
  await served.open();
  await page.waitForFunction(() => window.spikewing.firstFlightMs() !== undefined);
  page.off("response", remember);
  const bodies = await Promise.all(responses.map((response) => response.body()));
  const sizes = bodies.map((body) => gzipSync(body).length);
  console.log(
    `first flight after ${sizes.length} files, ${sizes.reduce((sum, size) => sum + size, 0)} bytes`,
  );
  expect(responses.map((response) => new URL(response.url()).pathname)).toContainEqual(
    expect.stringMatching(/core\.simd.*\.wasm$/),
  );
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(MOST_BYTES);
});
