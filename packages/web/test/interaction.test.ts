import { describe, expect, test } from "vitest";
import { servePage } from "./page.js";

const served = servePage();

/** Stops the flight near its target, where the drone and the ring can be grasped. */
async function hover(): Promise<void> {
  await served.open(`${served.url}#seed=1`);
  await served.page.waitForFunction(() => window.spikewing.step() > 120);
  await served.page.click("#pause");
  await still();
}

/** The picture has come to rest: what is to be grasped stays where it is. */
const still = () => served.page.waitForFunction(() => window.spikewing.isStill());

const stepsFlown = () => served.page.evaluate(() => window.spikewing.step());

const grasp = (what: "drone" | "ring") => served.page.evaluate((at) => window.spikewing.whereIs(at), what);

/** What was done to the flight so far, as its link has it. */
async function inputs(): Promise<string> {
  const before = await stepsFlown();
  await served.page.keyboard.press("."); // an input happens before the next control period
  await served.page.waitForFunction((steps) => window.spikewing.step() > steps, before);
  await served.page.click("#share");
  return new URLSearchParams(new URL(served.page.url()).hash.slice(1)).get("inputs") ?? "";
}

describe("with the mouse", () => {
  test("dragging the drone pushes it", async () => {
    await hover();
    const { mouse } = served.page;
    const [x, y] = await grasp("drone");
    await mouse.move(x, y);
    await mouse.down();
    await mouse.move(x + 60, y, { steps: 4 });
    await mouse.up();
    expect(await inputs()).toMatch(/^\d+p-?\d+,-?\d+,-?\d+,0,20$/);
  });

  test("dragging the ring moves the target, not the view", async () => {
    await hover();
    const { mouse } = served.page;
    const [x, y] = await grasp("ring");
    await mouse.move(x, y);
    await mouse.down();
    await mouse.move(x + 50, y - 20, { steps: 4 });
    await mouse.up();
    const done = await inputs();
    expect(done).toMatch(/^(\d+t-?[\d.]+,-?[\d.]+,-?[\d.]+~?)+$/);
    const [, heightM] = /,(-?[\d.]+)$/.exec(done)!;
    expect(Number(heightM)).toBeGreaterThan(0.01);
  });

  test("dragging anything else turns the view and leaves the flight alone", async () => {
    await hover();
    const { mouse } = served.page;
    const before = await grasp("ring");
    const box = (await served.page.locator("#scene").boundingBox())!;
    const [x, y] = [box.x + 120, box.y + box.height - 80];
    await mouse.move(x, y);
    await mouse.down();
    await mouse.move(x + 100, y, { steps: 4 });
    await mouse.up();
    expect(await inputs()).toBe("");
    await still();
    expect(await grasp("ring")).not.toEqual(before);
  });
});

describe("with a finger", () => {
  /** Drags one finger from a place by some pixels. */
  async function drag([x, y]: readonly [number, number], dx: number, dy: number): Promise<void> {
    const session = await served.page.context().newCDPSession(served.page);
    await session.send("Emulation.setTouchEmulationEnabled", { enabled: true });
    const send = (type: "touchStart" | "touchMove" | "touchEnd", along: number) =>
      session.send("Input.dispatchTouchEvent", {
        type,
        touchPoints: type === "touchEnd" ? [] : [{ x: x + along * dx, y: y + along * dy }],
      });
    await send("touchStart", 0);
    for (const along of [0.25, 0.5, 0.75, 1]) await send("touchMove", along);
    await send("touchEnd", 1);
    await session.send("Emulation.setTouchEmulationEnabled", { enabled: false });
    await session.detach();
  }

  test("dragging the drone pushes it, and the page does not scroll", async () => {
    await served.page.setViewportSize({ width: 390, height: 844 });
    await hover();
    const before = await served.page.evaluate(() => scrollY);
    await drag(await grasp("drone"), 0, -60);
    expect(await served.page.evaluate(() => scrollY)).toBe(before);
    expect(await inputs()).toMatch(/^\d+p-?\d+,-?\d+,-?\d+,0,20$/);
  });

  test("the pad under the picture pushes what is seen", async () => {
    await served.page.setViewportSize({ width: 390, height: 844 });
    await hover();
    const pad = served.page.getByRole("group", { name: "Push the drone" });
    const button = (await pad.getByRole("button", { name: "Push left" }).boundingBox())!;
    const stage = (await served.page.locator("#scene").boundingBox())!;
    expect(button.y).toBeGreaterThanOrEqual(stage.y + stage.height);
    expect(button.y + button.height).toBeLessThan(844);
    expect(button.height).toBeGreaterThanOrEqual(44);
    await pad.getByRole("button", { name: "Push left" }).click();
    await served.page.focus("#scene");
    expect(await inputs()).toMatch(/^\d+p-?\d+,-?\d+,0,0,20$/);
  });

  test("dragging the ring moves the target", async () => {
    await hover();
    await drag(await grasp("ring"), 30, 0);
    expect(await inputs()).toMatch(/^(\d+t-?[\d.]+,-?[\d.]+,-?[\d.]+~?)+$/);
    await served.page.setViewportSize({ width: 1000, height: 500 });
  });
});

describe("with the keyboard", () => {
  test("arrows push, a full stop steps, the space bar pauses and flies on, R restarts", async () => {
    await hover();
    const { page } = served;
    await page.focus("#scene");
    await page.keyboard.press("ArrowUp");
    expect(await inputs()).toMatch(/^\d+p-?\d+,-?\d+,0,0,20$/);
    await page.focus("#scene");
    await page.keyboard.press("r");
    await page.waitForFunction(() => window.spikewing.step() === 0);
    await page.keyboard.press(" ");
    await page.waitForFunction(() => window.spikewing.step() > 10);
    await page.keyboard.press(" ");
    await still(); // never, while it flies
  });

  test("letters move the target, brackets turn the view, a question mark says which keys there are", async () => {
    await hover();
    const { page } = served;
    await page.focus("#scene");
    for (const key of ["e", "d"]) await page.keyboard.press(key);
    expect(await inputs()).toMatch(/^\d+t-?0,-?0,0\.05~\d+t-?[\d.]+,-?[\d.]+,0\.05$/);
    await still();
    const before = await grasp("drone");
    await page.focus("#scene");
    for (let i = 0; i < 4; i++) await page.keyboard.press("+");
    await page.keyboard.press("]");
    await still();
    expect(await grasp("drone")).not.toEqual(before);
    await page.focus("#scene");
    await page.keyboard.press("?");
    const keys = page.getByRole("dialog", { name: "Keys, while the picture has the focus" });
    await keys.waitFor();
    await page.keyboard.press("Escape");
    await keys.waitFor({ state: "hidden" });
  });

  test("wind, gusts and mass are set with the arrows of their sliders", async () => {
    await hover();
    const { page } = served;
    for (const [name, value] of [
      ["windX", "1"],
      ["gusts", "1"],
      ["mass", "1.01"],
    ] as const) {
      await page.focus(`[data-setting="${name}"]`);
      await page.keyboard.press("ArrowRight");
      expect(await page.inputValue(`[data-setting="${name}"]`)).toBe(value);
    }
    await page.focus("#scene");
    expect(await inputs()).toMatch(/^\d+cwindX,1~\d+cgusts,1~\d+cmass,1.01$/);
  });
});
