import { existsSync, readFileSync } from "node:fs";
import { extname } from "node:path";
import type { Plugin } from "vite";

/** What `spikewing experiment NAME --scale default --out results/default` leaves. */
export const RESULTS = new URL("../../results/default/", import.meta.url);

/** Where they are, beside the page. */
const FOLDER = "results";
const START = "index.html";
/** Where the page has its link to them. */
const PLACE = "<!-- results -->";

/** Runs and pictures as they were measured: for who asks for them, not for every visitor to keep. */
const LARGE = new Set([".jsonl", ".png"]);
export const isLargeResult = (name: string) => name.startsWith(`${FOLDER}/`) && LARGE.has(extname(name));

/**
 * Tables and pictures of the paper's reproduction as static files results/..., of what the page of results names, and a
 * link to them. Where there are none there is no link.
 */
export function results(folder: URL = RESULTS): Plugin {
  const start = new URL(START, folder);
  const isThere = existsSync(start);
  const readFiles = (): ReadonlyMap<string, string | Uint8Array> => {
    const page = readFileSync(start, "utf8");
    const named = [...page.matchAll(/ (?:src|href)="([^"#:]+)"/g)].map(([, name]) => name!);
    const files = new Map(named.map((name) => [name, readFileSync(new URL(name, folder))] as const));
    return new Map<string, string | Uint8Array>([...files, [START, withWayBack(page)]]);
  };
  return {
    name: "spikewing-results",
    transformIndexHtml: (html) =>
      html.replace(PLACE, isThere ? `<a href="./${FOLDER}/${START}">Results</a>` : ""),
    generateBundle() {
      if (!isThere) return;
      for (const [name, source] of readFiles())
        this.emitFile({ type: "asset", fileName: `${FOLDER}/${name}`, source });
    },
    configureServer(server) {
      if (!isThere) return;
      const files = readFiles();
      const types: Readonly<Record<string, string>> = { ".html": "text/html", ".svg": "image/svg+xml" };
      server.middlewares.use(`/${FOLDER}/`, (request, response, next) => {
        const name = (request.url ?? "").slice(1);
        const file = files.get(name);
        if (file === undefined) next();
        else response.setHeader("Content-Type", types[extname(name)] ?? "application/octet-stream").end(file);
      });
    },
  };
}

/** With the way back to the page, and its icon. */
const withWayBack = (page: string) =>
  page
    .replace("<h1>", '<p><a href="../">Spikewing: see it fly</a></p>\n<h1>')
    .replace("<style>", '<link rel="icon" href="../favicon.svg" type="image/svg+xml">\n<style>');
