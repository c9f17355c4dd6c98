import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { beforeEach, describe, expect, test } from "vitest";
import { listRuns } from "../src/kept-runs.js";
import type { TrainChoice } from "../src/train-messages.js";
import { COLOURS, violationsIn } from "./axe.js";
import { NOT_DRAWING, servePage } from "./page.js";

const readFixture = (name: string) =>
  readFileSync(new URL(`../../cli/fixtures/short-run/${name}`, import.meta.url));

/** A run of the command line, never broken off, with the guide that it trained. */
const { preset, algorithm, seed, ...overrides } = JSON.parse(readFixture("config.json").toString());
const GUIDED: TrainChoice = { preset, algorithm, seed, overrides };
const GUIDED_POLICY = readFixture("policy.safetensors");

const tiny = (rounds: number, more: object = {}): TrainChoice => ({
  preset: "fast",
  algorithm: "apg",
  seed: 2,
  overrides: {
    policy: { rounds, drones: 16, windowsPerRound: 1, evaluationEpisodes: 8, evaluateEvery: 4, ...more },
  },
});
const TINY = tiny(12);
/** Nobody waits for its end. */
const ENDLESS = tiny(5_000);

const served = servePage({ viewport: { width: 1000, height: 700 } }, NOT_DRAWING);

/** The page with its view of training. */
async function openTraining(page: Page): Promise<void> {
  await page.goto("about:blank");
  await page.goto(served.url);
  await page.waitForFunction(() => window.spikewing?.step() > 0);
  await page.click("#tab-train");
  await page.locator("#runs-kept", { hasText: /\w/ }).waitFor();
}

beforeEach(async () => {
  await openTraining(served.page);
  for (const _ of await served.page.evaluate(() => window.spikewing.keptRuns())) {
    const discard = served.page.getByRole("button", { name: "Discard", exact: true }).first();
    await discard.click();
    await served.page.getByRole("button", { name: "Discard for good?" }).click();
    await discard.or(served.page.getByText("None yet.")).first().waitFor();
  }
  await served.page.getByText("None yet.").waitFor();
});

const train = async (choice: TrainChoice) =>
  Buffer.from(await served.page.evaluate((run) => window.spikewing.train(run, undefined), choice));

/** Begins a training without waiting for it. */
const begin = (page: Page, choice: TrainChoice) =>
  page.evaluate((run) => {
    window.spikewing.train(run, undefined).catch(() => {});
  }, choice);

/** Begins a training and stops it at its first evaluation. */
async function trainAndStop(choice: TrainChoice): Promise<void> {
  await served.page.evaluate(async (run) => {
    const done = window.spikewing.train(run, undefined);
    document.getElementById("train-stop")!.click();
    await done.catch(() => {}); // where a guide trained, there is no policy yet
  }, choice);
}

/** Stops the training that comes when it is said for the first time how far its policy is. */
const stopInPolicyPhase = (page: Page) =>
  page.evaluate(() => {
    const news = document.getElementById("training-news")!;
    const watch = new MutationObserver(() => {
      if (!news.textContent.startsWith("The policy")) return;
      watch.disconnect();
      document.getElementById("train-stop")!.click();
    });
    watch.observe(news, { childList: true });
  });

const rows = (page: Page) => page.locator("#runs").getByRole("listitem");
const goOn = (page: Page) => page.getByRole("button", { name: /^Go on: / });

/** The file that a row's policy is saved as. */
async function savedFile(page: Page): Promise<Buffer> {
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: /^Save file: / }).click();
  return readFileSync(await (await download).path());
}

describe("a training that was broken off", () => {
  test("goes on after a reload, to the bytes of one that was not", async () => {
    const { page } = served;
    const unbroken = await train(TINY);
    await trainAndStop(TINY);
    await openTraining(page);
    await rows(page).filter({ hasText: "stopped after round 4 of 12" }).waitFor();
    await goOn(page).filter({ visible: true }).click();
    await rows(page).filter({ hasText: "finished" }).nth(1).waitFor();
    await page.getByRole("button", { name: "Discard", exact: true }).last().click();
    await page.getByRole("button", { name: "Discard for good?" }).click();
    await rows(page).nth(1).waitFor({ state: "detached" });
    expect((await savedFile(page)).equals(unbroken)).toBe(true);
  });

  test("goes on within the training of its guide and behind it, to the bytes of the command line", async () => {
    const { page } = served;
    await trainAndStop(GUIDED);
    await openTraining(page);
    await stopInPolicyPhase(page);
    await goOn(page).click();
    await rows(page)
      .filter({ hasText: /(stopped|finished).*from reserved starts/ })
      .waitFor();
    expect(await rows(page).textContent()).toMatch(/stopped after round \d+ of 12/);
    await openTraining(page);
    await goOn(page).click();
    await rows(page).filter({ hasText: "finished" }).waitFor();
    expect((await savedFile(page)).equals(GUIDED_POLICY)).toBe(true);
    const [run] = await page.evaluate(() => window.spikewing.keptRuns());
    const rounds = (count: number) => Array.from({ length: count }, (_, i) => i + 1);
    expect(run!.points.map(({ round }) => round)).toEqual([...rounds(20), ...rounds(12)]); // none twice
  });

  test("goes on where a reload ended it in the midst of its rounds", async () => {
    const { page } = served;
    await begin(page, ENDLESS);
    await page
      .locator("#train-kept", { hasText: /^Kept in this browser up to round \d+ \(\d+ MB\)/ })
      .waitFor();
    await openTraining(page);
    const text = await rows(page).first().textContent();
    const round = Number(/stopped after round (\d+) of 5000/.exec(text!)![1]);
    await goOn(page).click();
    const went = page.locator("#train-progress", { hasText: /^Policy: round \d+/ });
    await went.waitFor();
    expect(Number(/round (\d+)/.exec((await went.textContent())!)![1])).toBeGreaterThanOrEqual(round);
    await page.click("#train-stop");
    await page.locator("#train-progress", { hasText: /^Done/ }).waitFor();
  });

  test("flies what it had learned, keeps the name that it is given, and can be discarded", async () => {
    const { page } = served;
    await trainAndStop(TINY);
    await page.getByRole("textbox", { name: /^Name of the run/ }).fill("my first");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Fly: my first" }).waitFor();
    await openTraining(page);
    await page.getByRole("button", { name: "Fly: my first" }).click();
    await page.waitForFunction(
      () => (document.getElementById("policy") as HTMLSelectElement).value === "my first",
    );
    await page.getByRole("button", { name: "Discard", exact: true }).click();
    await page.getByRole("button", { name: "Discard for good?" }).click();
    await page.getByText("None yet.").waitFor();
    expect(await page.evaluate(() => window.spikewing.keptRuns())).toEqual([]);
  });
});

describe("several runs", () => {
  test("lie over each other with their bands, and tell what differs and what they reached", async () => {
    const { page } = served;
    await train(TINY);
    await train(tiny(12, { surrogateSlope: { kind: "fixed", slope: 50 } }));
    await page
      .getByRole("checkbox", { name: /^Curves of/ })
      .last()
      .check();
    const curves = page.getByRole("img", { name: /^Validation return.*; .*after round 12/ });
    await curves.waitFor();
    expect(await curves.getAttribute("aria-label")).toMatch(
      /(apg, seed 2: return −?\d+ ± \d+ in 8 flights.*){2}/,
    );
    const texts = await rows(page).allTextContents();
    expect(texts[0]).toMatch(/Slope steep, fixed at 50 · finished · return −?\d+ ± \d+ in 100 flights from/);
    expect(texts[1]).toMatch(/Slope as in the preset · finished/);
    expect(await page.textContent("#runs-kept")).toMatch(
      /^2 kept in this browser, .*Method APG.*Rounds 12, Seed 2/,
    );
    const hues = await curves.locator("canvas").evaluate((canvas) => {
      const { width, height } = canvas as HTMLCanvasElement;
      const { data } = (canvas as HTMLCanvasElement).getContext("2d")!.getImageData(0, 0, width, height);
      let [green, blue] = [0, 0];
      for (let at = 0; at < data.length; at += 4) {
        const [r, g, b] = [data[at]!, data[at + 1]!, data[at + 2]!];
        if (g > r + 40 && g >= b) green++;
        if (b > r + 40 && b > g + 20) blue++;
      }
      return [green, blue];
    });
    expect(Math.min(...hues)).toBeGreaterThan(30);
    for (const media of COLOURS) {
      await page.emulateMedia({ ...media, reducedMotion: "reduce" }); // colours are there at once
      await page.waitForFunction(
        (theme) => document.documentElement.dataset.theme === theme,
        media.colorScheme,
      );
      expect(await violationsIn(page, "#panel-train"), JSON.stringify(media)).toEqual([]);
    }
    await page.emulateMedia({ colorScheme: "light", forcedColors: "none", reducedMotion: null });
    expect(await page.getByRole("list", { name: "What the lines are" }).getByRole("listitem").count()).toBe(
      3,
    );
  });
});

describe("what the browser keeps", () => {
  test("two tabs train side by side, and neither goes on with the other's run", async () => {
    const { page } = served;
    const other = await page.context().newPage();
    other.setDefaultTimeout(0);
    await openTraining(other);
    await begin(page, ENDLESS);
    await rows(other).filter({ hasText: "trains in another tab" }).waitFor();
    expect(await goOn(other).isDisabled()).toBe(true);
    const refused = other.evaluate(async () =>
      window.spikewing.resume((await window.spikewing.keptRuns())[0]!),
    );
    await expect(refused).rejects.toThrow("this run trains in another tab");
    const result = await other.evaluate((run) => window.spikewing.train(run, undefined), TINY);
    await page.click("#train-stop");
    await rows(other)
      .filter({ hasText: /stopped after round \d+ of 5000/ })
      .waitFor();
    await rows(page).filter({ hasText: "finished" }).waitFor();
    await other.close();
    expect(Buffer.from(result).equals(await train(TINY))).toBe(true);
  });

  test("a lesson that was broken off makes room for the next", async () => {
    const { page } = served;
    const keepLesson = async () => {
      await openTraining(page);
      await page.evaluate(
        (changes) => {
          window.spikewing.teach(changes).catch(() => {});
        },
        ENDLESS.overrides.policy as TrainChoice["overrides"],
      );
      await page.locator("#train-kept", { hasText: /^Kept in this browser/ }).waitFor();
    };
    await keepLesson();
    await keepLesson();
    await rows(page)
      .filter({ hasText: /trains now, kept up to round \d+/ })
      .waitFor();
    await page.waitForFunction(async () => (await window.spikewing.keptRuns()).length === 1);
    await page.click("#train-stop");
    await page.locator("#train-progress", { hasText: /^Done/ }).waitFor();
  });

  test("where its storage is full, the training goes on and one line says so", async () => {
    const { page } = served;
    const whole = await train(TINY);
    await page.route(/\/train\.worker-.*\.js$/, async (route) => {
      const response = await route.fetch();
      const full =
        'IDBObjectStore.prototype.put = () => { throw new DOMException("", "QuotaExceededError"); };\n';
      await route.fulfill({ response, body: full + (await response.text()) });
    });
    expect((await train(TINY)).equals(whole)).toBe(true);
    await page.unrouteAll();
    expect(await page.textContent("#status")).toBe(
      "This training goes on, but is not kept: the browser's storage is full",
    );
    expect(await page.evaluate(async () => (await window.spikewing.keptRuns()).length)).toBe(1);
  });

  test("where it has none, that is the reason", async () => {
    await expect(listRuns()).rejects.toThrow(/^the browser refuses storage \(indexedDB is not defined\)$/);
  });
});
