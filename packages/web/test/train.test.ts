import { readFileSync } from "node:fs";
import { createNodePool } from "@spikewing/core/node";
import {
  createActor,
  createPolicyPhase,
  decodePolicy,
  evaluateByProtocol,
  initialiseActor,
  resolveRunConfig,
} from "@spikewing/rl";
import { describe, expect, test } from "vitest";
import { fixed } from "../src/number-text.js";
import type { TrainChoice } from "../src/train-messages.js";
import { NOT_DRAWING, servePage, servePlainFiles } from "./page.js";

const readPackage = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url));

/** A run of the command line of a second, guide included, that is kept with its policy. */
const { preset, algorithm, seed, ...overrides } = JSON.parse(
  readPackage("cli/fixtures/short-run/config.json").toString(),
);
const SHORT_RUN: TrainChoice = { preset, algorithm, seed, overrides };
const SHORT_RUN_POLICY = readPackage("cli/fixtures/short-run/policy.safetensors");

/** Some seconds with the shipped guide, enough to learn something. */
const LEARNING_RUN = {
  preset: "fast",
  algorithm: "td3bc-jsrl",
  seed: 3,
  overrides: {
    policy: {
      rounds: 4,
      evaluateEvery: 2,
      updatesPerRound: 60,
      environments: 32,
      bufferEpisodes: 512,
      evaluationEpisodes: 32,
    },
  },
} as const satisfies TrainChoice;
const LEARNING_RUN_RETURN = 73.08946935892105;
const GUIDE = readPackage("rl/policies/guide-expert.safetensors");

const served = servePage({}, NOT_DRAWING);

const train = async (choice: TrainChoice, guide?: Uint8Array, workers?: number) =>
  Buffer.from(
    await served.page.evaluate(([run, bytes, threads]) => window.spikewing.train(run, bytes, threads), [
      choice,
      guide && [...guide],
      workers,
    ] as const),
  );

describe("training in the page", () => {
  test.each([1, 2])(
    "gives the policy file of the command line, byte for byte, with %i threads",
    async (n) => {
      expect((await train(SHORT_RUN, undefined, n)).equals(SHORT_RUN_POLICY)).toBe(true);
      await served.page.click("#tab-train");
      await served.page
        .locator("#train-progress", { hasText: /^Done: return −?\d+ ± \d+ in 100 flights from reserved/ })
        .waitFor();
      for (const name of [
        /^Surrogate slope, 1 to 100, over rounds 0 to 12.*: 10\.0 after round 12$/,
        /^Steps that the guide flies, 0 to 500, over rounds 0 to 12.*: 0\.0 after round 12$/,
      ])
        await served.page.getByRole("img", { name }).waitFor();
      await served.page.getByText("flights of the training, guide and noise included").waitFor();
    },
  );

  test("reaches the return that Node reaches, far above that of an untrained policy", async () => {
    const file = await train(LEARNING_RUN, GUIDE);
    const { evaluation } = decodePolicy(file, "page").record as { evaluation: { meanReturn: number } };

    const { core, pool } = createNodePool(2);
    const config = resolveRunConfig(LEARNING_RUN, "test");
    const phase = createPolicyPhase(() => ({ core, pool }), config, decodePolicy(GUIDE, "guide"));
    for (const _ of phase.run());
    const inNode = phase.finish().evaluation.meanReturn;
    const untrained = createActor(core, config.policy.actor);
    initialiseActor(core, untrained, LEARNING_RUN.seed, 0);
    const start = evaluateByProtocol(core, pool, config.task, untrained).meanReturn;
    pool.close();

    expect(evaluation.meanReturn).toBe(inNode);
    expect(inNode).toBe(LEARNING_RUN_RETURN);
    expect(inNode).toBeGreaterThan(4 * start);
  });

  test("works on one thread where the server gives the page no shared memory", async () => {
    const plain = await servePlainFiles();
    await served.open(plain.url);
    expect(await served.page.evaluate(() => crossOriginIsolated)).toBe(false);
    expect((await train(SHORT_RUN)).equals(SHORT_RUN_POLICY)).toBe(true);
    await served.page.click("#tab-train");
    await served.page
      .getByText("Trains on one thread: the server of this page allows no shared memory")
      .waitFor();
    plain.close();
    await served.open();
    expect(await served.page.evaluate(() => crossOriginIsolated)).toBe(true);
  });
});

test("a training that no core holds is refused by name before its guide trains", async () => {
  const overrides = { guide: { bufferEpisodes: 20_000 } };
  const choice = { preset: "fast", algorithm: "td3bc-jsrl", seed: 1, overrides } as const;
  await expect(train(choice)).rejects.toThrow(
    /training: guide\.bufferEpisodes is 20000; expected at most \d+ \(the guide's memory is \d+ MiB\)/,
  );
  await served.page.click("#tab-train");
  await served.page.getByRole("img", { name: /no validation yet$/ }).waitFor();
});

/** Sixteen rounds of a hundredth of the usual length, the second half of them twice as long as the first. */
const TINY_RUN = {
  preset: "fast",
  algorithm: "apg",
  seed: 2,
  overrides: {
    policy: { rounds: 16, drones: 16, windowsPerRound: 1, evaluationEpisodes: 8, evaluateEvery: 4 },
  },
} as const satisfies TrainChoice;

describe("the curves", () => {
  test("show mean, standard error and number of the validation flights, on scales that do not move", async () => {
    const { page } = served;
    await served.open();
    await page.click("#tab-train");
    const chart = page.getByRole("img", { name: /^Validation return/ });
    await page.locator("#train-start").waitFor();
    await page.evaluate(() => {
      const heard: string[] = [];
      Object.assign(window, { heard });
      const add = (records: readonly MutationRecord[]) => {
        for (const { target } of records)
          heard.push((target as Element).getAttribute("aria-label") ?? target.textContent ?? "");
      };
      const curve = document.getElementById("curve-return")!;
      new MutationObserver(add).observe(curve, { attributes: true, attributeFilter: ["aria-label"] });
      new MutationObserver(add).observe(document.getElementById("training-news")!, { childList: true });
    });
    const file = await train(TINY_RUN);
    await chart.and(page.getByRole("img", { name: /after round 16$/ })).waitFor();
    const heard = await page.evaluate(() => (window as unknown as { heard: string[] }).heard);
    const scales = heard.flatMap((label) => label.match(/^Validation return, .* rounds [^.]*/)?.[0] ?? []);
    expect([...new Set(scales)]).toEqual(["Validation return, −20 to 500, over rounds 0 to 16"]);

    // the last evaluation, flown again: n and error are those of the evaluation
    const best = (decodePolicy(file, "page").record as { validationReturn: number }).validationReturn;
    const labels = heard.flatMap((label) => label.match(/return (−?\d+) ± (\d+) in 8 flights/) ?? []);
    expect(labels).toContain(fixed(best, 0));

    const [line, band] = await chart.locator("canvas").evaluate((canvas) => {
      const { width, height } = canvas as HTMLCanvasElement;
      const { data } = (canvas as HTMLCanvasElement).getContext("2d")!.getImageData(0, 0, width, height);
      const alphas = Array.from({ length: width * height }, (_, i) =>
        data[4 * i + 1]! > data[4 * i]! + 20 ? data[4 * i + 3]! : 0,
      );
      return [alphas.filter((a) => a > 200).length, alphas.filter((a) => a > 40 && a < 90).length];
    });
    expect(line).toBeGreaterThan(50);
    expect(band).toBeGreaterThan(40);

    const news = heard.filter((text) => text.startsWith("The policy has done"));
    expect(news.length).toBeGreaterThan(2);
    expect(news.length).toBeLessThanOrEqual(6); // not every round
    expect(news.at(-1)).toMatch(
      /^The policy has done 100 % of its training, return −?\d+ ± \d+ in 8 flights/,
    );
  });
});

describe("the panel for training", () => {
  test("says what is wrong with a seed", async () => {
    await served.page.click("#tab-train");
    await served.page.fill("#train-seed", "-4");
    await served.page.click("#train-start");
    await served.page
      .locator("#status", { hasText: 'seed is "-4"; expected an integer from 0 to 4294967295' })
      .waitFor();
  });

  test("flies what is learned while it is learned, saves it on the way, and stops", async () => {
    const { page } = served;
    await page.fill("#train-seed", "5");
    await page.click("#train-start");
    await page.locator("#policy-facts", { hasText: /after \d+ rounds? of training/ }).waitFor();
    expect(await page.inputValue("#policy")).toBe("in training");
    await page.waitForFunction(() => window.spikewing.step() > 5);
    await page.waitForFunction(() => document.getElementById("curve-slope-now")?.textContent !== "");
    await page.uncheck("#train-follow");
    await page.selectOption("#policy", "snn");
    await page.locator("#policy-facts", { hasNotText: "of training" }).waitFor();

    const download = page.waitForEvent("download");
    await page.click("#train-save");
    const saved = decodePolicy(readFileSync(await (await download).path()), "saved");
    expect(saved.record).toMatchObject({ seed: 5, algorithm: "apg", roundsSoFar: expect.any(Number) });
    expect(saved.example!.actions.length).toBe(4 * 64);
    expect(await page.inputValue("#policy")).toBe("snn");
    await page.click("#train-fly");
    await page.locator("#policy-facts", { hasText: /after \d+ rounds? of training/ }).waitFor();

    await page.click("#train-stop");
    await page.locator("#train-progress", { hasText: /Done: return/ }).waitFor();
    await page.locator("#status", { hasText: /apg, seed 5 flies/ }).waitFor();
    expect(await page.isEnabled("#train-start")).toBe(true);
  });
});
