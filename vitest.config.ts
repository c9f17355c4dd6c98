import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** One configuration for every workspace; each runs it with its own folder as root. */
export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: fileURLToPath(new URL("scripts/vitest/temp-root.ts", import.meta.url)),
    setupFiles: fileURLToPath(new URL("scripts/vitest/equal-bytes.ts", import.meta.url)),
    // Tests wait for events. This ends one whose event never comes, and judges no machine's speed.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    // Vitest's own choice leaves a core idle, which on two cores is half of them.
    maxWorkers: availableParallelism(),
    // The page draws without a graphics card, which takes both cores: one browser at a time.
    fileParallelism: !process.cwd().endsWith("packages/web"),
  },
});
