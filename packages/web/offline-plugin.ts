import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Plugin } from "vite";
import { isLargeResult } from "./results-plugin.ts";

const FILE = "service-worker.js";
/** From `public/`, which is copied as it is. */
const COPIED = ["favicon.svg", "manifest.webmanifest", "missing-file.js", "icon-192.png", "icon-512.png"];

/** The worker that keeps the page for when there is no network: every file of the build, by name, but the data behind the results. */
export function offline(): Plugin {
  return {
    name: "spikewing-offline",
    apply: "build",
    generateBundle: {
      order: "post",
      handler(_, bundle) {
        const built = Object.keys(bundle).filter((name) => name !== FILE);
        const files = ["./", ...built.filter((name) => !isLargeResult(name)), ...COPIED].sort();
        const hash = createHash("sha256");
        for (const name of built.sort()) {
          const part = bundle[name]!;
          hash.update(name).update(part.type === "chunk" ? part.code : part.source);
        }
        const source = readFileSync(new URL(`src/${FILE}`, import.meta.url), "utf8")
          .replace("__VERSION__", hash.digest("hex").slice(0, 16))
          .replace('"__FILES__"', JSON.stringify(files));
        this.emitFile({ type: "asset", fileName: FILE, source });
      },
    },
  };
}
