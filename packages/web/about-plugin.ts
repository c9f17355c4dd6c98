import { readFileSync } from "node:fs";
import type { Plugin } from "vite";

const FILE = "CITATION.cff";

/**
 * CITATION.cff beside the page, and a link to the address that it names as `repository-code`; without one there is no
 * such link.
 */
export function citation(): Plugin {
  const source = readFileSync(new URL(`../../${FILE}`, import.meta.url), "utf8");
  const [, address] = /^repository-code: *"?(https:[^"\s]+)"?$/m.exec(source) ?? [];
  return {
    name: "spikewing-citation",
    transformIndexHtml: (html) =>
      html.replace("<!-- source -->", address ? `<a href="${address}">Source</a>` : ""),
    generateBundle() {
      this.emitFile({ type: "asset", fileName: FILE, source });
    },
    configureServer(server) {
      server.middlewares.use(`/${FILE}`, (_, response) => response.end(source));
    },
  };
}
