import { describe, expect, test } from "vitest";
import { synapticOperations } from "../src/synaptic-operations.js";
import { COLOURS, violationsIn } from "./axe.js";
import { servePage } from "./page.js";

const served = servePage();
const said = (text: string | RegExp) => served.page.locator("#status", { hasText: text }).waitFor();

describe("numbers over the picture", () => {
  test("synaptic operations count the input layer, whose inputs are never silent", () => {
    // 18-4-2-4: input 72 a step; 3 spikes heard by 2, 1 spike heard by 4
    expect(synapticOperations([4, 2], [3, 1], 2)).toEqual({ spiking: 154, dense: 2 * (72 + 8 + 8) });
  });

  test("the force that the start has drawn is shown beside a wind of 0", async () => {
    await served.open(`${served.url}#seed=2`);
    expect(await served.page.locator("#hidden-force").textContent()).toMatch(/^([1-9]|[12]\d|3\d) mN$/);
  });

  test("a lost drone names the limit that it passed, and the loss is announced", async () => {
    await served.open(`${served.url}#seed=1&failedMotor=1`);
    const alert = served.page.getByRole("alert");
    await alert.filter({ hasText: /passed the limit of (2 m|5 m\/s|35 rad\/s) after/ }).waitFor();
  });
});

test("a policy's return comes with its standard error", async () => {
  await served.open(`${served.url}#seed=1`);
  expect(await served.page.textContent("#policy-facts")).toMatch(
    /, return 486 ± 1, 0 % lost in 100 episodes$/,
  );
});

test("the arrow of a push stays while the push acts", async () => {
  await served.open(`${served.url}#seed=1`);
  const { page } = served;
  await page.waitForFunction(() => window.spikewing.step() > 120);
  await page.selectOption("#speed", "0.02"); // the push lasts 10 s of the reader's time
  await page.click("#pause");
  const picture = async () => {
    await page.evaluate(async () => {
      for (let i = 0; i < 30; i++) await new Promise(requestAnimationFrame); // what was asked for is drawn
    });
    const [x, y] = await page.evaluate(() => window.spikewing.whereIs("drone"));
    return (await page.screenshot({ clip: { x: x - 40, y: y - 40, width: 130, height: 80 } })).toString(
      "base64",
    );
  };
  let before = "";
  for (let now = await picture(); now !== before; now = await picture()) before = now; // the view has come to rest
  const [x, y] = await page.evaluate(() => window.spikewing.whereIs("drone"));
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 60, y, { steps: 4 });
  await page.mouse.up();
  expect(await picture()).not.toBe(before);
});

test("a flight longer than 5 s gives its return for every 5 s", async () => {
  await served.open(`${served.url}#seed=1`);
  await served.page.waitForFunction(() => window.spikewing.step() > 1000);
  expect(await served.page.textContent("#return-name")).toBe("Return per 5 s");
  expect(Number(await served.page.textContent("#return"))).toBeLessThanOrEqual(500);
});

describe("links", () => {
  test("a link that is put into the address of an open page flies", async () => {
    await served.open(`${served.url}#seed=1`);
    await served.page.evaluate(() => {
      location.hash = "seed=77&windX=12";
    });
    await served.page.waitForFunction(
      () => document.querySelector<HTMLInputElement>('[data-setting="seed"]')!.value === "77",
    );
  });

  test("a target beyond what the page flies is refused with its range", async () => {
    await served.open(`${served.url}#seed=1&inputs=10t1000,0,0`);
    await said('input 1 "10t1000,0,0": expected a target from -1.5 to 1.5 m in each axis');
  });

  test("a flight of more moves than a link carries gets none, and is told so", async () => {
    await served.open(`${served.url}#seed=1`);
    const { page } = served;
    await page.click("#pause");
    await page.click("#restart");
    await page.waitForFunction(() => window.spikewing.step() === 0);
    await page.evaluate(() => {
      const scene = document.getElementById("scene")!;
      for (let i = 0; i < 401; i++) scene.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowUp" }));
    });
    await page.click("#single-step");
    await page.waitForFunction(() => window.spikewing.step() === 1);
    const before = page.url();
    await page.click("#share");
    await said("This flight had 401 inputs; a link carries up to 400");
    expect(page.url()).toBe(before);
  });
});

describe("messages and keys", () => {
  test("a problem closes with its button and with Escape", async () => {
    const { page } = served;
    for (const close of [() => page.click("#toast-close"), () => page.keyboard.press("Escape")]) {
      await served.open(`${served.url}#seed=-4`);
      await said("seed");
      await close();
      await page.locator("#toast").waitFor({ state: "hidden" });
    }
  });

  test("arrows, Space and R act only while the picture has the focus", async () => {
    await served.open(`${served.url}#seed=1`);
    const { page } = served;
    const taken = () =>
      page.evaluate(() => {
        const at = document.activeElement ?? document.body;
        return ["ArrowUp", " ", "r"].map(
          (key) => !at.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true })),
        );
      });
    expect(await taken()).toEqual([false, false, false]);
    await page.focus("#scene");
    expect(await taken()).toEqual([true, true, true]);
  });

  test("what changes many times a second is no live region", async () => {
    const chatter = await served.page.evaluate(() =>
      [...document.querySelectorAll(".hash output, figcaption output")]
        .filter((output) => output.getAttribute("aria-live") !== "off")
        .map(({ id }) => id),
    );
    expect(chatter).toEqual([]);
  });

  test("focus stays on Train when a training begins, and Stop ends the training of a guide", async () => {
    await served.open(served.url);
    const { page } = served;
    await page.click("#tab-train");
    await page.selectOption("#train-algorithm", "td3bc-jsrl");
    await page.selectOption("#train-guide", "");
    await page.focus("#train-start");
    await page.keyboard.press("Enter");
    await page.locator("#train-progress", { hasText: /\w/ }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("train-start");
    await page.click("#train-stop");
    await said("Stopped while the guide trained");
  });
});

test("the seventh drone cannot be chosen: six are drawn", async () => {
  await served.open(`${served.url}#seed=1`);
  const { page } = served;
  await page.click("#tab-compare");
  const boxes = page.locator("#others input");
  const free = await boxes.count();
  for (let i = 0; i < Math.min(free, 5); i++) await boxes.nth(i).check();
  expect(free).toBeGreaterThan(5);
  expect(await boxes.nth(5).isDisabled()).toBe(true);
});

test("the firmware panel says that nothing has flown, and asks for no app that the library lacks", async () => {
  await served.open(served.url);
  const { page } = served;
  await page.click("#tab-firmware");
  expect(await page.locator("#panel-firmware strong").textContent()).toContain(
    "no real drone has flown with it",
  );
  await page.selectOption("#firmware-protocol", "authors");
  expect(await page.locator("#firmware-drone").isHidden()).toBe(true);
});

describe.each(COLOURS)("in $colorScheme colours, forced ones $forcedColors", (media) => {
  test("every panel passes axe's rules for WCAG AA", async () => {
    const { page } = served;
    await page.emulateMedia(media);
    await served.open(`${served.url}#seed=1`);
    const panels = ["disturb", "network", "compare", "robustness", "train", "slope", "firmware", "share"];
    for (const panel of panels) {
      await page.click(`#tab-${panel}`);
      await page.waitForFunction(
        (id) => document.getElementById(id)!.childElementCount > 0,
        `panel-${panel}`,
      );
      expect(await violationsIn(page, "html"), panel).toEqual([]);
    }
  });
});
