import { coreDigest } from "@spikewing/core/node";
import { ALGORITHMS } from "@spikewing/rl";
import { defineConfig } from "vite";
import { citation } from "./about-plugin.ts";
import { contentSecurityPolicy } from "./csp-plugin.ts";
import { libraryTemplate } from "./firmware-plugin.ts";
import { offline } from "./offline-plugin.ts";
import manifest from "./package.json" with { type: "json" };
import { policies } from "./policies-plugin.ts";
import { results } from "./results-plugin.ts";

/** Headers without which the browser offers no shared memory. */
const crossOriginIsolation = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

export default defineConfig({
  base: "./",
  define: {
    ALGORITHM_NAMES: JSON.stringify(Object.keys(ALGORITHMS)),
    PROGRAM: JSON.stringify({ version: manifest.version, core: coreDigest() }),
  },
  plugins: [policies(), libraryTemplate(), citation(), results(), contentSecurityPolicy(), offline()],
  build: { target: "es2022", assetsInlineLimit: 0, chunkSizeWarningLimit: 1000 },
  worker: { format: "es" },
  server: { headers: crossOriginIsolation },
  preview: { headers: crossOriginIsolation },
});
