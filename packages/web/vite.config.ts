import { defineConfig } from "vite";
import { citation } from "./about-plugin.ts";
import { libraryTemplate } from "./firmware-plugin.ts";
import { policies } from "./policies-plugin.ts";

/** Headers without which the browser offers no shared memory. */
const crossOriginIsolation = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

export default defineConfig({
  base: "./",
  plugins: [policies(), libraryTemplate(), citation()],
  build: { target: "es2022", assetsInlineLimit: 0, chunkSizeWarningLimit: 1000 },
  worker: { format: "es" },
  server: { headers: crossOriginIsolation },
  preview: { headers: crossOriginIsolation },
});
