import { compileCore } from "@spikewing/core/node";
import { decodePolicy, type Policy } from "@spikewing/rl";
import { beforeAll, describe, expect, test } from "vitest";
import { DEFAULT_SETTINGS, type FlightSettings } from "../src/flight-settings.js";
import { createFormation } from "../src/formation.js";
import { servePage } from "./page.js";
import { pixelsOf } from "./pixels.js";

const served = servePage({ viewport: { width: 1440, height: 900 }, colorScheme: "dark" });

describe("the conditions of a flight", () => {
  let policy: Policy;
  beforeAll(async () => {
    const file = await served.page.evaluate(() => window.spikewing.policyFile());
    policy = decodePolicy(Uint8Array.from(file), "page");
  });

  /** Flown for a second. */
  function fly(changes: Partial<FlightSettings>) {
    const settings = { ...DEFAULT_SETTINGS, ...changes };
    const formation = createFormation(compileCore("simd"), [{ name: "node", policy }], settings);
    while (formation.step < 100) formation.advance();
    return formation;
  }

  test.each([{ hiddenForce: "off" }, { delay: 8 }, { battery: 3.6 }] as const)(
    "%o gives another flight from the same start",
    (changes) => {
      expect(fly(changes).hash).not.toBe(fly({}).hash);
    },
  );

  test("the hidden force acts until it is switched off, and then nothing does", () => {
    const { hiddenForce, drones } = fly({});
    expect(Math.hypot(...hiddenForce)).toBeGreaterThan(0.001);
    expect([...drones[0]!.state.force]).toEqual(hiddenForce);
    expect([...fly({ hiddenForce: "off" }).drones[0]!.state.force]).toEqual([0, 0, 0]);
  });

  test("a round of the circle lies half a metre around the start, and of no path there is none", () => {
    const { path } = fly({ path: "circle" });
    for (let at = 0; at < path.length; at += 3)
      expect(Math.hypot(path[at]!, path[at + 1]!)).toBeCloseTo(0.5, 5);
    expect(fly({}).path.length).toBe(0);
  });
});

/** What the flight shows has been drawn, and nothing moves. */
async function stop(): Promise<void> {
  await served.page.getByRole("button", { name: "Pause" }).click();
  await served.page.waitForFunction(() => window.spikewing.isStill());
}

interface Box {
  readonly top: number;
  readonly bottom: number;
}

describe("the picture", () => {
  test("draws the whole path of the target before it was flown", async () => {
    const { page } = served;
    await served.open(`${served.url}#seed=1&path=figure-eight`);
    await stop();
    const withPath = await pixelsOf(page, "target");
    await served.open(`${served.url}#seed=1`);
    await stop();
    expect(withPath).toBeGreaterThan(1.5 * (await pixelsOf(page, "target")));
  });

  test("has no text over its axes, and no text over other text, wide and narrow", async () => {
    const { page } = served;
    await served.open(`${served.url}#seed=1&policy=snn&policy=ann`);
    await page.locator("#full-return").waitFor(); // there are no more numbers than then
    for (const size of [
      { width: 1440, height: 900 },
      { width: 1024, height: 768 },
      { width: 390, height: 844 },
    ]) {
      await page.setViewportSize(size);
      const boxes = await page.evaluate(() =>
        ["#scene", ".clock", "#ranking", ".hash", ".hint"].map((part) => {
          const { top, bottom } = document.querySelector(part)!.getBoundingClientRect();
          return { top, bottom };
        }),
      );
      const [scene, clock, ranking, hash, hint] = boxes as [Box, Box, Box, Box, Box];
      expect(ranking.top).toBeGreaterThanOrEqual(clock.bottom);
      for (const text of [hash, hint])
        if (text.bottom > 0) expect(text.top).toBeGreaterThanOrEqual(scene.bottom);
    }
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  test("is seen from one place while the target flies its path, and from there again after a reset", async () => {
    const { page } = served;
    await served.open(`${served.url}#seed=1&path=circle`);
    const box = (await page.locator("#scene").boundingBox())!;
    const corner = async () => {
      await page.waitForFunction(
        (frames) => window.spikewing.frames() > frames + 3,
        await page.evaluate(() => window.spikewing.frames()),
      );
      const clip = { x: box.x + box.width - 120, y: box.y + box.height - 140, width: 100, height: 80 };
      return (await page.screenshot({ clip })).toString("base64");
    };
    const before = await corner();
    const step = await page.evaluate(() => window.spikewing.step());
    await page.waitForFunction((then) => window.spikewing.step() > then + 200, step);
    expect(await corner()).toBe(before);

    await stop();
    const ring = () => page.evaluate(() => window.spikewing.whereIs("ring").map(Math.round));
    const at = await ring();
    await page.mouse.move(box.x + 60, box.y + box.height - 60);
    await page.mouse.down();
    await page.mouse.move(box.x + 200, box.y + box.height - 80, { steps: 4 });
    await page.mouse.up();
    await page.waitForFunction(() => window.spikewing.isStill());
    expect(await ring()).not.toEqual(at);
    await page.getByRole("button", { name: "Reset view" }).click();
    await page.waitForFunction(() => window.spikewing.isStill());
    expect(await ring()).toEqual(at);
  });

  test("shows the hidden force as an arrow and a number until it is switched off", async () => {
    const { page } = served;
    await served.open(`${served.url}#seed=1`);
    await page.waitForFunction(() => window.spikewing.step() > 100);
    expect(await page.locator("#hidden-force").textContent()).toMatch(/^\d+ mN$/);
    const shown = await pixelsOf(page, "layer2");
    await page.getByLabel("Hidden force").selectOption("off");
    await page.locator("#hidden-force", { hasText: "off" }).waitFor();
    await stop();
    expect(shown).toBeGreaterThan(10 + (await pixelsOf(page, "layer2")));
  });
});

describe("the error beside the picture", () => {
  const part = (name: string) =>
    served.page
      .locator("#errors div", { has: served.page.getByRole("term").filter({ hasText: name }) })
      .getByRole("definition");
  const centimetres = async (name: string) => {
    const text = await part(name).textContent();
    expect(text).toMatch(/^\d+\.\d cm$/);
    return Number.parseFloat(text!);
  };

  test("is split into catch, steady offset and tracking, and these are what the flight itself says", async () => {
    const { page } = served;
    await served.open(`${served.url}#seed=1`);
    await page.waitForFunction(() => window.spikewing.step() > 240);
    await stop();
    const [name, file] = ["node", await page.evaluate(() => window.spikewing.policyFile())];
    const policy = decodePolicy(Uint8Array.from(file), name);
    const formation = createFormation(compileCore("simd"), [{ name, policy }], DEFAULT_SETTINGS);
    const step = await page.evaluate(() => window.spikewing.step());
    while (formation.step < step) formation.advance();
    const { catchM, offsetM, trackingM } = formation.drones[0]!.flight.errorSplit();
    expect(await centimetres("Catch")).toBeCloseTo(100 * catchM, 1);
    expect(await centimetres("Steady offset")).toBeCloseTo(100 * offsetM, 1);
    expect(await centimetres("Tracking")).toBeCloseTo(100 * trackingM, 1);
    expect(await part("Late by").isVisible()).toBe(false);
  });

  test("says of a moving target how late the drone is, and how far off its shape", async () => {
    const { page } = served;
    await served.open(`${served.url}#seed=1&path=circle&policy=guide-expert`);
    await page.waitForFunction(() => window.spikewing.step() > 300);
    await stop();
    expect(await part("Late by").textContent()).toMatch(/^[1-9]\d+ ms$/);
    expect(await centimetres("Off its shape")).toBeLessThan(await centimetres("Tracking"));
  });
});

test("every chart has a scale at its left and time below", async () => {
  const { page } = served;
  await served.open(`${served.url}#seed=1`);
  await page.waitForFunction(() => window.spikewing.step() > 100);
  await stop();
  const bare = await page.evaluate(() =>
    [...document.querySelectorAll<HTMLCanvasElement>("#recorder canvas")]
      .filter((canvas) => canvas.clientWidth > 0)
      .flatMap((canvas) => {
        const copy = document.createElement("canvas");
        [copy.width, copy.height] = [canvas.width, canvas.height];
        const context = copy.getContext("2d", { willReadFrequently: true })!;
        context.drawImage(canvas, 0, 0);
        const isBlank = (...box: [number, number, number, number]) =>
          new Uint32Array(context.getImageData(...box).data.buffer).every((word) => word === 0);
        const { width, height } = canvas;
        return [
          ...(isBlank(0, 0, 36 * devicePixelRatio, height - 15 * devicePixelRatio)
            ? [`${canvas.id}: scale`]
            : []),
          ...(isBlank(
            40 * devicePixelRatio,
            height - 13 * devicePixelRatio,
            width - 40 * devicePixelRatio,
            13 * devicePixelRatio,
          )
            ? [`${canvas.id}: time`]
            : []),
        ];
      }),
  );
  expect(bare).toEqual([]);
});
