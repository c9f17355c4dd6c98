import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** One configuration for every workspace; each runs it with its own folder as root. */
export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: fileURLToPath(new URL("scripts/vitest/temp-root.ts", import.meta.url)),
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // The page draws without a graphics card and its first flight is timed: one browser at a time.
    fileParallelism: !process.cwd().endsWith("packages/web"),
  },
});
