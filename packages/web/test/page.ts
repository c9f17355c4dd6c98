import { fileURLToPath } from "node:url";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { type PreviewServer, preview } from "vite";

/** The built page in a real browser. */
export interface ServedPage {
  readonly url: string;
  /** A fresh page; everything that it complained about lands in `complaints`, every address it asked for in `requests`. */
  open(address?: string, options?: BrowserContextOptions): Promise<OpenPage>;
  close(): Promise<void>;
}

export interface OpenPage {
  readonly page: Page;
  readonly complaints: string[];
  readonly requests: string[];
}

const ROOT = fileURLToPath(new URL("../", import.meta.url));

export async function servePage(): Promise<ServedPage> {
  const server: PreviewServer = await preview({ root: ROOT, logLevel: "error", preview: { port: 0 } });
  const browser: Browser = await chromium.launch({
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
  return {
    url,
    async open(address = url, options = {}) {
      const context = await browser.newContext(options);
      const page = await context.newPage();
      const complaints: string[] = [];
      const requests: string[] = [];
      page.on("console", (message) => {
        if (["error", "warning"].includes(message.type()) && !isAboutTheSoftwareRenderer(message.text()))
          complaints.push(message.text());
      });
      page.on("pageerror", (error) => complaints.push(String(error)));
      page.on("request", (request) => requests.push(request.url()));
      await page.goto(address);
      await page.waitForFunction("window.spikewing?.frames() > 0 && window.spikewing.step() > 0");
      return { page, complaints, requests };
    },
    async close() {
      await browser.close();
      await server.close();
    },
  };
}

/** Chromium without a graphics card says that it is slow to read pixels. */
const isAboutTheSoftwareRenderer = (text: string) => /GPU stall|software WebGL|GL Driver Message/.test(text);
