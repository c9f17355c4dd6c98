import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

/** What the build of @spikewing/firmware leaves; without wabt it leaves nothing. */
const BUILT = fileURLToPath(new URL("../../firmware/build/library-template.json", import.meta.url));

/** Where the page finds it, beside index.html. */
const FILE = "library-template.json";

/** The Teensy library without a policy, as a static file that is fetched when it is wanted; `null` where it was not built. */
export function libraryTemplate(): Plugin {
  const source = () => (existsSync(BUILT) ? readFileSync(BUILT, "utf8") : "null");
  return {
    name: "spikewing-library-template",
    generateBundle() {
      this.emitFile({ type: "asset", fileName: FILE, source: source() });
    },
    configureServer(server) {
      server.middlewares.use(`/${FILE}`, (_request, response) => void response.end(source()));
    },
  };
}
