import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { decodePolicy, recordedScore } from "@spikewing/rl";
import { describe, expect, test } from "vitest";
import { newFolder } from "../../../scripts/vitest/new-folder.ts";
import { COLOURS, violationsIn } from "./axe.js";
import { NOT_DRAWING, servePage } from "./page.js";

const served = servePage({ viewport: { width: 1440, height: 900 } }, NOT_DRAWING);

const shipped = (name: string) =>
  fileURLToPath(new URL(`../../rl/policies/${name}.safetensors`, import.meta.url));
const recorded = (name: string) => recordedScore(decodePolicy(readFileSync(shipped(name)), name))!;

/** A row of a table as its cells say it. */
const cells = (table: string, name: string | RegExp) =>
  served.page
    .getByRole("region", { name: table })
    .getByRole("row", { name })
    .getByRole("cell")
    .allTextContents();

async function expectNoViolations(panel: string): Promise<void> {
  for (const media of COLOURS) {
    await served.page.emulateMedia(media);
    await served.page.waitForFunction(
      (theme) => document.documentElement.dataset.theme === theme,
      media.colorScheme,
    );
    expect(await violationsIn(served.page, panel), JSON.stringify(media)).toEqual([]);
  }
  await served.page.emulateMedia({ colorScheme: null, forcedColors: null });
}

describe("a race", () => {
  test("flies the reserved starts, and after as many as were published has what was published", async () => {
    const { page } = served;
    await served.open(`${served.url}#seed=1&policy=snn&policy=ann`);
    await page.getByRole("tab", { name: "Compare" }).click();
    await page.locator("#race-start").waitFor();
    // Watched from before it begins: it does not wait for who looks.
    const seen = await page.evaluate(
      () =>
        new Promise<string[][]>((resolve) => {
          const rows = document.getElementById("race-rows") as HTMLTableSectionElement;
          const told: string[][] = [];
          new MutationObserver((_, observer) => {
            const [first] = rows.rows;
            if (!first) return;
            told.push([...first.cells].map((cell) => cell.textContent!));
            if (first.cells[1]!.textContent !== "100") return;
            observer.disconnect();
            resolve(told);
          }).observe(rows, { childList: true });
          document.getElementById("race-start")!.click();
        }),
    );
    const starts = [...new Set(seen.map(([, n]) => n))].filter((n) => n !== "0");
    expect(starts).toEqual(["20", "40", "60", "80", "100"]);
    const { meanReturn, standardError, crashRate } = recorded("snn");
    const score = `${meanReturn.toFixed(1)} ±\u00a0${standardError.toFixed(1)}`;
    const lost = `${(100 * crashRate).toFixed(1)}\u00a0%`;
    expect(seen.at(-1)).toEqual(["Spiking", "100", score, lost, `${score}, ${lost} of\u00a0100`]);
    const width = (row: string[]) => Number.parseFloat(row[2]!.split("±\u00a0")[1]!);
    expect(width(seen.at(-1)!)).toBeLessThan(2 * width(seen.find(([, n]) => n === "20")!));
    await page.getByRole("button", { name: "Stop" }).first().click();
    await page.locator("#race-progress", { hasText: /^Ended after \d+ starts$/ }).waitFor();
    expect((await cells("Returns of the race", /^Ordinary network/))[3]).toContain(
      recorded("ann").meanReturn.toFixed(1),
    );
  });

  test("draws the mean and its bar of each policy, flown and published, on one scale", async () => {
    const { page } = served;
    const chart = page.getByRole("img", { name: /Mean return of each policy/ });
    const marks = await chart.evaluate((svg) => {
      const middle = (mark: Element) =>
        mark.getBoundingClientRect().x + mark.getBoundingClientRect().width / 2;
      const all = (selector: string) => [...svg.querySelectorAll(selector)];
      return {
        flown: all("circle.flown").map(middle),
        published: all("circle.published").map(middle),
        bars: all("path.bar").map((bar) => bar.getBoundingClientRect().width),
        names: all(".name").map(({ textContent }) => textContent),
      };
    });
    expect(marks.names).toEqual(["Spiking", "Ordinary network"]);
    expect(marks.flown).toHaveLength(2);
    expect(marks.published).toHaveLength(2);
    for (const bar of marks.bars) expect(bar).toBeGreaterThan(2);
    const isBetter = recorded("snn").meanReturn > recorded("ann").meanReturn;
    expect(marks.published[0]! > marks.published[1]!).toBe(isBetter);
    await expectNoViolations("#panel-compare");
    await page.emulateMedia({ forcedColors: "active" });
    const swatches = await page.evaluate(() =>
      [...document.querySelectorAll("#ranking li")].map(
        (item) => getComputedStyle(item, "::before").backgroundColor,
      ),
    );
    expect(new Set(swatches).size).toBe(2); // drones are told apart by them
    const grounds = await page.evaluate(() =>
      [document.body, document.getElementById("race-chart")!].map(
        (element) => getComputedStyle(element).backgroundColor,
      ),
    );
    expect(grounds[1]).toBe(grounds[0]); // the system's, as what is drawn on it
    await page.emulateMedia({ forcedColors: null });
    await page.setViewportSize({ width: 320, height: 640 });
    const cut = await page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.getElementById("race-scroll")!;
      return [scrollWidth - clientWidth, document.documentElement.scrollWidth - innerWidth];
    });
    expect(cut).toEqual([0, 0]); // the published returns are seen without scrolling
    await page.setViewportSize({ width: 1440, height: 900 });
  });
});

describe("the table of what a policy bears", () => {
  test("is that of the command line, to the same bytes", async () => {
    const { page } = served;
    await served.open(`${served.url}#seed=1&policy=ann`);
    await page.getByRole("tab", { name: "Robustness" }).click();
    await page.getByLabel("Episodes each").selectOption("20");
    await page.getByRole("button", { name: "Score it" }).click();
    await page.getByText("Ordinary network: 14 conditions scored").waitFor();
    const saved = page.waitForEvent("download");
    await page.getByRole("button", { name: "Save as JSON" }).click();
    const { protocol, conditions, tracking } = JSON.parse(readFileSync(await (await saved).path(), "utf8"));
    const command = fileURLToPath(new URL("../../cli/dist/spikewing.js", import.meta.url));
    const picture = join(newFolder(), "robustness.svg");
    const flags = ["--alone", "--episodes", "20", "--robustness", picture, "--json", "--quiet"];
    const told = execFileSync(process.execPath, [command, "evaluate", shipped("ann"), ...flags], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    const { picture: _, ...expected } = JSON.parse(told);
    expect(JSON.stringify({ protocol, conditions, tracking })).toBe(JSON.stringify(expected));
    const late = conditions.find(({ name }: { name: string }) => name === "delay 4 ms").scores[0];
    expect((await cells("What the policy bears", /^delay 4 ms/))[0]).toBe(
      `${late.meanReturn.toFixed(1)} ± ${late.standardError.toFixed(1)}`,
    );
    await expectNoViolations("#panel-robustness");
  });

  test("says how far it is and what time is left, stops when it is told to, and keeps the rows that it has", async () => {
    const { page } = served;
    await page.getByLabel("Episodes each").selectOption("1000"); // a minute at least
    await page.getByRole("button", { name: "Score it" }).click();
    await page.locator("#robustness-rows tr").first().waitFor();
    await page.locator("#robustness-left", { hasText: /^\d+ of 19, about [1-9]\d* s left$/ }).waitFor();
    await page.locator("#robustness-stop").click();
    await page.getByText("Stopped: the rows that are there are whole").waitFor();
    const rows = await page.locator("#robustness-rows tr").count();
    expect(rows).toBeGreaterThanOrEqual(1);
    expect(rows).toBeLessThan(14);
    expect(await page.locator("#robustness-save").isDisabled()).toBe(true);
  });
});
