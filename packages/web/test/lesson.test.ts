import { describe, expect, test } from "vitest";
import { KEPT_ROUNDS } from "../src/lesson-plan.js";
import { servePage } from "./page.js";
import { pixelsOf } from "./pixels.js";

/** A lesson of as many rounds, each a hundredth as long. */
const SHORT = { drones: 16, windowsPerRound: 1, evaluationEpisodes: 4, evaluateEvery: 10 };

/** Of the drones beside the first, where nothing else has that hue. */
const GHOST_COLOURS = ["motor2", "motor3"];

const served = servePage({ viewport: { width: 1440, height: 900 }, colorScheme: "dark" });

describe("the first three seconds", () => {
  test.each([
    { width: 1440, height: 900 },
    { width: 1024, height: 768 },
    { width: 390, height: 844 },
    { width: 320, height: 640 },
  ])(
    "at $width x $height the sentence, the button and the drone are in sight without scrolling",
    async (size) => {
      const { page } = served;
      await page.setViewportSize(size);
      await served.open();
      for (const seen of [
        page.getByText("A network of spiking neurons flies this drone."),
        page.getByText(/A spike is all that such a neuron can say/),
        page.getByRole("button", { name: "Teach it to fly: one minute" }),
      ]) {
        const box = (await seen.boundingBox())!;
        expect(box.y + box.height).toBeLessThan(size.height);
        expect(box.x + box.width).toBeLessThanOrEqual(size.width);
      }
      const [x, y] = await page.evaluate(() => window.spikewing.whereIs("drone"));
      expect(y).toBeLessThan(size.height);
      expect(x).toBeLessThan(size.width);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(size.width);
    },
  );

  test("the policies have human names, a line each, and one of them is chosen", async () => {
    const { page } = served;
    await page.setViewportSize({ width: 1440, height: 900 });
    await served.open();
    const cards = page.getByRole("radiogroup", { name: "Who flies" }).getByRole("radio");
    const names = await cards.evaluateAll((all) =>
      all.map((card) => (card as HTMLInputElement).labels![0]!.textContent),
    );
    expect(names).toEqual([
      expect.stringMatching(/^Spiking \w.{10}/),
      expect.stringMatching(/^A teacher \w.{10}/),
      expect.stringMatching(/^Ordinary network \w.{10}/),
      expect.stringMatching(/^Untrained \w.{10}/),
    ]);
    await page.getByRole("radio", { name: /^Ordinary network/ }).check();
    await page.locator("#policy-facts", { hasText: "dense" }).waitFor();
    expect(await page.inputValue("#policy")).toBe("ann");
  });

  test("paper, the authors' code and the citation are a link away", async () => {
    const links = served.page.getByRole("navigation").getByRole("link");
    const at = await links.evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).href));
    expect(at).toContain("https://arxiv.org/abs/2510.24461");
    const citation = await (await served.page.request.get(new URL("CITATION.cff", served.url).href)).text();
    expect(citation).toMatch(/^cff-version/);
  });
});

describe("the lesson", () => {
  test("begins with the untrained network, which falls", async () => {
    const { page } = served;
    await served.open();
    await page.getByRole("radio", { name: /^Untrained/ }).check();
    await page
      .getByRole("alert")
      .filter({ hasText: /passed the limit/ })
      .waitFor();
  });

  test("ends with what was learned and the rounds before it in one picture, each in its colour", async () => {
    const { page } = served;
    await served.open();
    for (const colour of GHOST_COLOURS) expect(await pixelsOf(page, colour), colour).toBe(0);
    const flown: string[] = [];
    await page.exposeFunction("flies", (name: string) => flown.push(name));
    await page.evaluate(() => {
      const select = document.getElementById("policy") as HTMLSelectElement;
      const say = () => (window as unknown as { flies(name: string): void }).flies(select.value);
      new MutationObserver(say).observe(select, { childList: true });
    });
    await page.evaluate((changes) => window.spikewing.teach(changes), SHORT);
    expect(flown[0]).toBe("untrained");
    await page.locator("#ranking li").nth(KEPT_ROUNDS.length).waitFor();
    const rows = await page
      .getByRole("list", { name: "Drones in flight" })
      .getByRole("listitem")
      .allTextContents();
    const rounds = rows.slice(1).map((row) => /^round (\d+): return/.exec(row)?.[1]);
    expect(rounds).toEqual(KEPT_ROUNDS.map(String).toReversed());
    await page.waitForFunction(() => window.spikewing.step() > 60 && window.spikewing.isStill()); // all are lost
    for (const colour of GHOST_COLOURS) expect(await pixelsOf(page, colour), colour).toBeGreaterThan(5);
    expect(await page.getByRole("button", { name: "Teach it to fly: one minute" }).isVisible()).toBe(true);
  });
});
