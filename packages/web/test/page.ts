import { fileURLToPath } from "node:url";
import { chromium, type Page } from "playwright-core";
import { preview } from "vite";
import "../src/page-hook.js";

/** The built page in a real browser. */
export interface ServedPage {
  readonly url: string;
  /** The one tab: pictures without a graphics card are slow, and a second tab would draw too. */
  readonly page: Page;
  /** Everything that the page complained about, and every address it asked for, since open(). */
  readonly complaints: string[];
  readonly requests: string[];
  /** Loads the page anew. */
  open(address?: string): Promise<void>;
  close(): Promise<void>;
}

const ROOT = fileURLToPath(new URL("../", import.meta.url));

export async function servePage(): Promise<ServedPage> {
  const server = await preview({ root: ROOT, logLevel: "error", preview: { port: 0 } });
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    headless: true,
    args: [
      "--no-sandbox",
      "--disable-dev-shm-usage",
      "--use-angle=swiftshader",
      "--enable-unsafe-swiftshader",
    ],
  });
  const url = server.resolvedUrls!.local[0]!;
  const page = await browser.newPage({ viewport: { width: 1000, height: 500 } });
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type()) && !isAboutTheSoftwareRenderer(message.text()))
      complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => requests.push(request.url()));
  return {
    url,
    page,
    complaints,
    requests,
    async open(address = url) {
      await page.goto("about:blank");
      complaints.length = 0;
      requests.length = 0;
      await page.goto(address);
      await page.waitForFunction(() => window.spikewing?.frames() > 0 && window.spikewing.step() > 0);
    },
    async close() {
      await browser.close();
      await server.close();
    },
  };
}

/** Chromium without a graphics card says that it is slow to read pixels. */
const isAboutTheSoftwareRenderer = (text: string) => /GPU stall|software WebGL|GL Driver Message/.test(text);
