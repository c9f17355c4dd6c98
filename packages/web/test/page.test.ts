import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { flyClosedLoop, flyGustyFlights } from "@spikewing/core";
import { compileCore, loadCore } from "@spikewing/core/node";
import { DEFAULT_TASK, decodePolicy, importNetwork, loadPolicy, policyImage } from "@spikewing/rl";
import { readTorch } from "@spikewing/rl/exchange";
import { beforeAll, describe, expect, test } from "vitest";
import { newFolder } from "../../../scripts/vitest/new-folder.ts";
import { saveTorch } from "../../../scripts/vitest/torch-file.ts";
import { decodeLink } from "../src/flight-link.js";
import { createFormation } from "../src/formation.js";
import { type ServedPage, servePage, servePlainFiles } from "./page.js";

const STEPS = 1000;

const served = servePage();
let page: ServedPage["page"];
beforeAll(() => {
  page = served.page;
});

/** The policy that the page flies, as Node reads it. */
async function shownPolicy() {
  const file = await page.evaluate(() => window.spikewing.policyFile());
  return decodePolicy(Uint8Array.from(file), "page");
}

/** Drops the present policy's own file on the page, under another name. */
async function dropPolicyFile(): Promise<void> {
  await page.evaluate(async () => {
    const bytes = Uint8Array.from(await window.spikewing.policyFile());
    const data = new DataTransfer();
    data.items.add(new File([bytes], "mine.safetensors"));
    window.dispatchEvent(new DragEvent("drop", { dataTransfer: data, cancelable: true }));
  });
}

describe("page", () => {
  test("opens with a policy in flight", async () => {
    expect(await page.title()).toBe("Spikewing");
    expect(await page.evaluate(() => window.spikewing.step())).toBeGreaterThan(0);
  });

  test("draws the flight: pixels of the scene and spikes of both layers", async () => {
    await page.waitForFunction(() =>
      Object.entries({ scene: 20, raster1: 1, raster2: 1 }).every(([id, least]) => {
        const canvas = document.getElementById(id) as HTMLCanvasElement;
        const copy = document.createElement("canvas");
        copy.width = canvas.width;
        copy.height = canvas.height;
        const context = copy.getContext("2d")!;
        context.drawImage(canvas, 0, 0);
        const words = new Uint32Array(context.getImageData(0, 0, copy.width, copy.height).data.buffer);
        return new Set(words).size > least; // colours
      }),
    );
  });

  test("asks no other host for anything", () => {
    const origins = new Set(served.requests.map((address) => new URL(address).origin));
    expect([...origins]).toEqual([new URL(served.url).origin]);
  });

  test("flies the closed loop to the same hash as Node, SIMD and scalar", async () => {
    const policy = await shownPolicy();
    const hash = await page.evaluate((steps) => window.spikewing.closedLoopHash(steps), STEPS);
    for (const build of ["simd", "scalar"] as const) {
      const core = loadCore(build);
      expect(flyClosedLoop(core, policyImage(core, loadPolicy(core, policy)), 0, STEPS).hash).toBe(hash);
    }
  });

  test("flies 20 flights in wind, gusts and noise to the same hashes as Node, SIMD and scalar", async () => {
    const policy = await shownPolicy();
    const hashes = await page.evaluate(() => window.spikewing.gustyHashes(20, 500));
    expect(new Set(hashes).size).toBe(20);
    for (const build of ["simd", "scalar"] as const) {
      const core = loadCore(build);
      expect(flyGustyFlights(core, policyImage(core, loadPolicy(core, policy)), 20, 500)).toEqual(hashes);
    }
  });

  test("flies a link to the same hash as Node", async () => {
    const link =
      "seed=9&noise=3&windX=20&gusts=8&mass=1.1&path=circle&inputs=20p50,0,0,0,20~60cwindY,-15~90cgusts,3";
    const policy = await shownPolicy();
    const inPage = await page.evaluate(([text, steps]) => window.spikewing.flyUnseen(text, steps), [
      link,
      500,
    ] as const);
    const { flight } = decodeLink(link);
    const formation = createFormation(
      compileCore("simd"),
      [{ name: "node", policy }],
      flight.settings,
      flight.inputs,
    );
    while (formation.step < 500) formation.advance();
    expect(inPage).toBe(formation.hash);
  });

  test("refuses a damaged policy file and says why", async () => {
    const file = await page.evaluate(() => window.spikewing.policyFile());
    const damaged = Buffer.from(file);
    damaged[damaged.length - 100]! ^= 1;
    await page.click("#tab-compare");
    const give = (buffer: Buffer) =>
      page.setInputFiles("#policy-file", { name: "bad.safetensors", mimeType: "", buffer });
    await give(damaged);
    const status = page.locator("#status");
    await status.filter({ hasText: "bad.safetensors: the checksum does not match" }).waitFor();
    await give(Buffer.from("not a policy"));
    await status.filter({ hasText: /bad\.safetensors: .*(not a policy file|cut short)/ }).waitFor();
    expect(await page.locator("#policy option").allTextContents()).not.toContain("bad");
  });

  test("flies a policy file that was dropped on it", async () => {
    await dropPolicyFile();
    await page.locator("#status", { hasText: "mine.safetensors flies" }).waitFor();
    expect(await page.inputValue("#policy")).toBe("mine");
  });

  test("flies a NIR graph that was dropped on it, and loads what reads it only then", async () => {
    const graph = join(newFolder(), "graph.nir");
    const command = fileURLToPath(new URL("../../cli/dist/spikewing.js", import.meta.url));
    execFileSync(process.execPath, [command, "export", "nir", graph, "--quiet"], { stdio: "ignore" });
    await served.open();
    const loaded = () => served.requests.filter((address) => address.includes("foreign-policy"));
    expect(loaded()).toEqual([]);
    const { weights } = await shownPolicy();
    await page.click("#tab-compare");
    await page.evaluate(
      (text) => {
        const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
        const data = new DataTransfer();
        data.items.add(new File([bytes], "graph.nir"));
        window.dispatchEvent(new DragEvent("drop", { dataTransfer: data, cancelable: true }));
      },
      readFileSync(graph, "base64"),
    );
    const said = page.locator("#status", {
      hasText: /^graph\.nir flies: rounding to integers changes 0\.\d\d % of/,
    });
    await said.waitFor();
    expect(loaded()).toHaveLength(1);
    expect((await shownPolicy()).weights).toEqual(weights);
    await page.setInputFiles("#policy-file", {
      name: "torn.nir",
      mimeType: "",
      buffer: Buffer.from("no graph"),
    });
    await page.locator("#status", { hasText: "torn.nir: is not an HDF5 file, or is damaged" }).waitFor();
  });

  test("flies a state dict of PyTorch that was opened by its label, and says so", async () => {
    const theirs = join(newFolder(), "theirs.pth");
    saveTorch(theirs);
    const bytes = readFileSync(theirs);
    const { network } = readTorch(bytes, {}, "theirs.pth");
    const { policy } = importNetwork(loadCore(), network, DEFAULT_TASK, "theirs.pth");
    await page.click("#tab-compare");
    const open = (name: string, buffer: Buffer) =>
      page.getByLabel("Open a policy file").setInputFiles({ name, mimeType: "", buffer });
    const status = (text: RegExp) => page.getByRole("status").filter({ hasText: text }).waitFor();
    await open("theirs.pth", bytes);
    await status(/^theirs\.pth flies: rounding to integers changes \d+\.\d\d % of/);
    expect(await page.getByRole("combobox", { name: "All policies" }).inputValue()).toBe("theirs");
    expect((await shownPolicy()).weights).toEqual(policy.weights);
    await open("torn.pth", bytes.subarray(0, 300));
    await status(/^torn\.pth: is not a zip archive, or is damaged/);
  });

  test("says that the drone is lost, and restarts it", async () => {
    await served.open(`${served.url}#seed=1&failedMotor=1&bounds=l2f`);
    await page.locator("#crash").waitFor({ state: "visible" });
    expect(await page.textContent("#crash-where")).toMatch(
      /passed the limit of [\d.]+ (m|m\/s|rad\/s) after [\d.]+ s/,
    );
    await page.click("#tab-disturb");
    await page.selectOption('[data-setting="failedMotor"]', "0");
    await page.click("#crash-restart");
    await page.locator("#crash").waitFor({ state: "hidden" });
  });

  test("pauses, steps once and flies on", async () => {
    await served.open();
    await page.click("#pause");
    await page.click("#restart");
    await page.waitForFunction(() => window.spikewing.step() === 0);
    await page.focus("#scene");
    await page.keyboard.press(".");
    await page.waitForFunction(() => window.spikewing.step() === 1);
    await page.click("#single-step");
    await page.waitForFunction(() => window.spikewing.step() === 2);
    await page.click("#pause");
    await page.waitForFunction(() => window.spikewing.step() > 4);
  });

  test("a link that was made here gives the same bytes when it is opened", async () => {
    await served.open(`${served.url}#seed=5&bounds=l2f-py`);
    await page.click("#pause");
    await page.click("#restart");
    await page.waitForFunction(() => window.spikewing.step() === 0);
    await page.focus("#scene");
    await page.keyboard.press("ArrowLeft");
    for (let step = 1; step <= 8; step++) {
      await page.keyboard.press(".");
      await page.waitForFunction((expected) => window.spikewing.step() === expected, step);
    }
    await page.click("#share");
    const { hash } = new URL(page.url());
    expect(hash).toMatch(/inputs=.*check=8\.[0-9a-f]+/);
    await served.open(served.url + hash);
    await page.locator("#status", { hasText: "the same bytes" }).waitFor();
  });

  test("a link with faults is reported and still flies", async () => {
    await served.open(`${served.url}#mass=heavy&wings=3`);
    const text = await page.textContent("#status");
    expect(text).toContain('mass is "heavy"; expected a number from 0.7 to 1.6');
    expect(text).toContain('unknown field "wings"');
  });

  test("every control has a name, and tabs work with the keyboard", async () => {
    const nameless = await page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>("button, input, select, canvas")]
        .filter((element) => {
          const labels = (element as HTMLInputElement).labels?.length ?? 0;
          return !labels && !element.getAttribute("aria-label") && !element.textContent?.trim();
        })
        .map((element) => element.id || element.outerHTML),
    );
    expect(nameless).toEqual([]);
    await page.focus("#tab-disturb");
    await page.keyboard.press("ArrowRight");
    expect(await page.getAttribute("#tab-network", "aria-selected")).toBe("true");
    expect(await page.isVisible("#panel-network")).toBe(true);
  });

  test("shows with the core's own numbers what the slope does", async () => {
    await page.click("#tab-slope");
    const agreement = page.locator("#slope-layers tr:first-child td:last-child span");
    await page.fill("#slope", "100");
    await agreement.filter({ hasText: "1.00" }).waitFor();
    await page.fill("#slope", "1");
    await agreement.filter({ hasNotText: "1.00" }).waitFor();
    expect(Number(await agreement.textContent())).toBeLessThan(0.9);
  });

  test("flies policies side by side under the same inputs", async () => {
    await dropPolicyFile();
    await page.click("#tab-compare");
    await page.locator("#others input").first().check();
    await page.locator("#ranking li").nth(1).waitFor();
    const rows = await page.locator("#ranking li").allTextContents();
    expect(rows).toHaveLength(2);
    await page.locator("#others input").first().uncheck();
    await page.locator("#ranking li").nth(1).waitFor({ state: "detached" });
  });

  test("fits a phone without scrolling sideways", async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    for (const tab of ["disturb", "network", "compare", "train", "slope", "share"]) {
      await page.click(`#tab-${tab}`);
      const widths = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      expect(widths, tab).toEqual([390, 390]);
    }
  });

  test("works as plain files below a sub-path", async () => {
    const plain = await servePlainFiles();
    await served.open(plain.url);
    expect(served.requests.every((address) => address.startsWith(plain.url))).toBe(true);
    plain.close();
  });
});
