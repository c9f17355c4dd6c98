import { describe, expect, test } from "vitest";
import { NOT_DRAWING, servePage } from "./page.js";

const served = servePage({ viewport: { width: 720, height: 450 }, deviceScaleFactor: 2 }, NOT_DRAWING);

/** Ids of the tabs, in their order. */
const tabs = () =>
  served.page.getByRole("tab").evaluateAll((all) => all.map((tab) => tab.id.replace(/^tab-/, "")));

/** Opens a view and waits for what it is made of. */
async function openView(name: string): Promise<void> {
  await served.page.click(`#tab-${name}`);
  await served.page
    .locator(`#panel-${name} :is(button, input, select)`)
    .filter({ visible: true })
    .first()
    .waitFor();
}

/** What stands beyond the window's edges, or is cut by its own box. */
const findCut = () =>
  served.page.evaluate(() => {
    const shown = [...document.body.querySelectorAll<HTMLElement>("*")].filter((element) => {
      if (!element.checkVisibility() || element.closest(".said, .u-wrap, svg, select")) return false;
      const { width, height } = element.getBoundingClientRect();
      return width > 0 && height > 0 && getComputedStyle(element).clipPath === "none";
    });
    const context = document.createElement("canvas").getContext("2d")!;
    const ARROW = 20;
    const cutsItsChoice = (select: HTMLSelectElement) => {
      const { font, paddingLeft } = getComputedStyle(select);
      context.font = font;
      const { width } = context.measureText(select.selectedOptions[0]?.text ?? "");
      return width > select.clientWidth - 2 * Number.parseFloat(paddingLeft) - ARROW;
    };
    const isCut = (element: HTMLElement) => {
      const { left, right } = element.getBoundingClientRect();
      const { overflowX } = getComputedStyle(element);
      const scrolls = element.matches("input, textarea"); // a reader moves within them
      const clips = overflowX !== "visible" && !scrolls && element.scrollWidth > element.clientWidth + 1;
      return left < -1 || right > innerWidth + 1 || clips;
    };
    return [
      ...[...document.querySelectorAll("select")]
        .filter((select) => select.checkVisibility() && cutsItsChoice(select))
        .map(({ id, dataset }) => `${id || dataset.setting} cuts its choice`),
      ...[...document.querySelectorAll("textarea")]
        .filter(({ scrollHeight, clientHeight }) => scrollHeight > clientHeight + 1)
        .map(({ id }) => `${id} cuts its last line`),
      ...shown.filter(isCut).map((element) => `${element.id || element.className || element.tagName}`),
      ...(document.documentElement.scrollWidth > innerWidth ? ["the page scrolls sideways"] : []),
    ];
  });

/** What lies over what the page says in place of the picture, which has room for it. */
const findCovered = () =>
  served.page.evaluate(() => {
    const boxOf = (selector: string) => document.querySelector(selector)!.getBoundingClientRect();
    const view = boxOf(".view");
    const said = document.createRange();
    said.selectNodeContents(document.getElementById("no-picture")!);
    const { left, right, top, bottom } = said.getBoundingClientRect();
    const covers = (box: DOMRect) =>
      box.left < right && box.right > left && box.top < bottom && box.bottom > top;
    return [
      ...[".view-buttons", "#crash"].filter((over) => covers(boxOf(over))),
      ...(top < view.top || bottom > view.bottom ? ["it is not in its place"] : []),
      ...(view.height < 230 ? [`the picture is ${view.height} px high`] : []),
    ];
  });

describe.each([
  ["a window of 1440 at 200 %", 720, 450],
  ["a window of 1024 at 200 %", 512, 384],
  ["a window of 1280 at 400 %", 320, 256],
  ["a window of 1024", 1024, 768],
])("%s", (_, width, height) => {
  test("scrolls no view sideways and cuts nothing", async () => {
    const { page } = served;
    await page.setViewportSize({ width, height });
    await served.open(`${served.url}#seed=1&failedMotor=1`);
    await page.locator("#crash").waitFor({ state: "visible" }); // the longest message there is
    expect(await findCovered()).toEqual([]);
    for (const name of await tabs()) {
      await openView(name);
      expect(await findCut(), name).toEqual([]);
    }
    await page.click("#keys-open");
    expect(await findCut(), "keys").toEqual([]);
    await page.click("#keys-close");
  });
});

test("in forced colours the lines are for the system's ground, whatever was chosen before", async () => {
  const { page } = served;
  await page.emulateMedia({ colorScheme: "dark", forcedColors: "none" });
  await served.open(`${served.url}#seed=1`);
  await page.click("#theme");
  const theme = () => page.evaluate(() => document.documentElement.dataset.theme);
  expect(await theme()).toBe("light");
  await page.emulateMedia({ colorScheme: "dark", forcedColors: "active" });
  await page.waitForFunction(() => document.documentElement.dataset.theme === "dark");
  expect(await page.isVisible("#theme")).toBe(false); // it would do nothing
  await page.click("#tab-slope");
  const bar = page.locator("#slope-layers i").first();
  await page.locator("#slope-layers span", { hasText: /\d/ }).first().waitFor();
  const shades = await page.evaluate(
    async (png) => {
      const picture = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob());
      const canvas = new OffscreenCanvas(picture.width, picture.height);
      const context = canvas.getContext("2d")!;
      context.drawImage(picture, 0, 0);
      return Math.max(
        ...context.getImageData(0, 0, picture.width, picture.height).data.filter((_, i) => i % 4 < 3),
      );
    },
    (await bar.screenshot()).toString("base64"),
  );
  expect(shades).toBeGreaterThan(200); // the bar is drawn on black
  await page.evaluate(() => localStorage.clear());
  await page.emulateMedia({ colorScheme: null, forcedColors: null });
});

describe("the keyboard alone", () => {
  /** What has the focus, and whether that is seen. */
  const focused = () =>
    served.page.evaluate(() => {
      const at = document.activeElement as HTMLElement;
      const label = at.closest("label:has(:focus-visible)"); // of the cards, whose inputs are not drawn
      const outlines = [at, ...(label ? [label] : [])].map(
        (element) => getComputedStyle(element).outlineStyle,
      );
      at.dataset.reached = "";
      return {
        panel: at.closest('[role="tabpanel"]')?.id,
        isSeen: outlines.some((style) => style !== "none"),
      };
    });

  /** Controls that the keyboard has not been on; of a group of radio buttons it is on one. */
  const unreached = (within: string) =>
    served.page.evaluate((selector) => {
      const all = document.querySelectorAll<HTMLInputElement>(
        `${selector} :is(a[href], button, input, select, textarea, canvas[tabindex="0"])`,
      );
      return [...all]
        .filter((control) => control.checkVisibility() && !control.disabled && control.tabIndex >= 0)
        .filter((control) => control.type !== "radio" && control.dataset.reached === undefined)
        .map((control) => control.id || control.outerHTML.slice(0, 80));
    }, within);

  test("goes through the whole page and every view, and is always seen", async () => {
    const { page } = served;
    await page.setViewportSize({ width: 1440, height: 900 });
    await served.open();
    await page.click("h1"); // where the keyboard begins
    const tablist = () => page.evaluate(() => document.activeElement!.getAttribute("role") === "tab");
    for (let presses = 0; presses < 60 && !(await tablist()); presses++) {
      await page.keyboard.press("Tab");
      expect((await focused()).isSeen).toBe(true);
    }
    expect(await unreached(":is(header, .lead, .who, .stage, .transport)")).toEqual([]);
    for (const name of await tabs()) {
      const panel = `panel-${name}`;
      expect(await page.evaluate(() => document.activeElement!.id)).toBe(`tab-${name}`);
      await page.locator(`#${panel} :is(button, input, select)`).filter({ visible: true }).first().waitFor();
      let at = { panel: panel as string | undefined, isSeen: true };
      for (let presses = 0; presses < 120 && at.panel === panel; presses++) {
        await page.keyboard.press("Tab");
        at = await focused();
        if (at.panel === panel) expect(at.isSeen, name).toBe(true);
      }
      expect(await unreached(`#${panel}`), name).toEqual([]);
      await page.focus(`#tab-${name}`);
      await page.keyboard.press("ArrowRight");
    }
  });

  test("names, compares and discards what was trained", async () => {
    const { page } = served;
    await served.open();
    await page.focus("#tab-train");
    await page.keyboard.press("Enter");
    await page.locator("#train-start").waitFor();
    await page.evaluate(async () => {
      const policy = { rounds: 2, drones: 16, windowsPerRound: 1, evaluationEpisodes: 4, evaluateEvery: 1 };
      const choice = { preset: "fast", algorithm: "apg", overrides: { policy } } as const;
      await window.spikewing.train({ ...choice, seed: 1 }, undefined);
      await window.spikewing.train({ ...choice, seed: 2 }, undefined);
    });
    const rows = page.locator("#runs").getByRole("listitem");
    await rows.filter({ hasText: "finished" }).nth(1).waitFor();
    await page.focus("#train-follow");
    await page.keyboard.press("Tab"); // past the newest, which is shown in any case
    const press = async (...keys: string[]) => {
      for (const key of keys) await page.keyboard.press(key);
    };
    const reach = async (name: RegExp) => {
      for (let presses = 0; presses < 30; presses++) {
        const label = await page.evaluate(() => {
          const at = document.activeElement!;
          return at.getAttribute("aria-label") ?? at.textContent ?? "";
        });
        if (name.test(label)) return;
        await press("Tab");
      }
      throw new Error(`the keyboard does not come to ${name}`);
    };
    await reach(/^Curves of apg, seed 1/);
    await press("Space");
    await page.getByRole("img", { name: /^Validation return.*apg, seed 1: return/ }).waitFor();
    await reach(/^Name of the run apg, seed 1/);
    await press("Control+a");
    await page.keyboard.type("first");
    await press("Enter");
    await page.getByRole("button", { name: "Fly: first" }).waitFor();
    await reach(/^Discard$/);
    await press("Enter", "Enter");
    await rows.nth(1).waitFor({ state: "detached" });
    expect(await page.evaluate(() => document.activeElement!.closest("#runs") !== null)).toBe(true);
  });
});
