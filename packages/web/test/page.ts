import { createReadStream, existsSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { preview } from "vite";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import "../src/page-hook.js";

/** The built page in a real browser. */
export interface ServedPage {
  readonly url: string;
  /** The one tab: pictures without a graphics card are slow, and a second tab would draw too. */
  readonly page: Page;
  /** Every address that the page asked for, since open(). */
  readonly requests: string[];
  /** Loads the page anew. */
  open(address?: string): Promise<void>;
}

/** The tools of the tests run scripts of their own in the page; what the page itself may run is tested by itself. */
const TOOLS_FREE = { bypassCSP: true, serviceWorkers: "block" } as const satisfies BrowserContextOptions;

const ROOT = fileURLToPath(new URL("../", import.meta.url));

/** Chromium, for which there is no other host than this one. */
export const launchBrowser = (args: readonly string[] = []): Promise<Browser> =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-dev-shm-usage",
      "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
      ...args,
    ],
  });

/** WebGL without a graphics card, which takes the processor; and none, for what is not about the picture. */
const DRAWING = ["--use-angle=swiftshader", "--enable-unsafe-swiftshader"];
export const NOT_DRAWING = ["--disable-gpu", "--disable-3d-apis"];

/**
 * Serves and opens the page for the tests of a file. After each of them the page must not have written an error or a
 * warning, and must have asked no other host for anything.
 */
export function servePage(
  options: BrowserContextOptions = {},
  drawing: readonly string[] = DRAWING,
): ServedPage {
  const requests: string[] = [];
  const complaints: string[] = [];
  let url = "";
  let page: Page | undefined;
  let close = async () => {};

  beforeAll(async () => {
    const server = await preview({ root: ROOT, logLevel: "error", preview: { port: 0 } });
    const browser = await launchBrowser(drawing);
    close = async () => {
      await browser.close();
      await server.close();
    };
    url = server.resolvedUrls!.local[0]!;
    const settings = { viewport: { width: 1000, height: 500 }, ...TOOLS_FREE, ...options };
    page = await (await browser.newContext(settings)).newPage(); // a second tab can be opened beside it
    page.setDefaultTimeout(0); // a wait is for its event; the test has the only limit
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type()) && !isAboutTheSoftwareRenderer(message.text()))
        complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("crash", () => complaints.push("the tab crashed"));
    page.on("request", (request) => {
      requests.push(request.url());
      if (!["127.0.0.1", "localhost", ""].includes(new URL(request.url()).hostname))
        complaints.push(`asked another host: ${request.url()}`);
    });
    await served.open();
  });
  afterEach(() => expect(complaints.splice(0)).toEqual([]));
  afterAll(() => close());

  const served: ServedPage = {
    requests,
    get url() {
      return url;
    },
    get page() {
      return page!;
    },
    async open(address = url) {
      await page!.goto("about:blank");
      requests.length = 0;
      await page!.goto(address);
      await page!.waitForFunction(() => window.spikewing?.frames() > 0 && window.spikewing.step() > 0);
    },
  };
  return served;
}

/** Chromium without a graphics card says that it is slow to read pixels. */
const isAboutTheSoftwareRenderer = (text: string) =>
  /GPU stall|software WebGL|GL Driver Message|WebGL context could not be created|Error creating WebGL context|blocked by Playwright/.test(
    text,
  );

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};

/** The build below a sub-path, from a server that knows nothing but files: no headers for shared memory. */
export async function servePlainFiles(): Promise<{ readonly url: string; close(): void }> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url!, "http://localhost");
    const path = join(ROOT, "dist", pathname.replace(/^\/some\/where/, ""));
    const file = path.endsWith("/") ? `${path}index.html` : path;
    if (!pathname.startsWith("/some/where/") || !existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    response.setHeader("Content-Type", TYPES[extname(file)] ?? "application/octet-stream");
    createReadStream(file).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/some/where/`, close: () => server.close() };
}
