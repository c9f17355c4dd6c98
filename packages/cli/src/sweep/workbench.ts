import { fileURLToPath } from "node:url";
import { createCore, createInlinePool, createMemory } from "@spikewing/core";
import { compileCore } from "@spikewing/core/node";
import type { Policy, ShippedName, Workbench } from "@spikewing/rl";
import { readPolicy } from "../run-folder.js";

/** What a run has to work with in one thread. */
export function createWorkbench(): Workbench {
  const module = compileCore("simd");
  return {
    pool() {
      const core = createCore(module, createMemory("simd"));
      return { core, pool: createInlinePool(core.kernels) };
    },
    shipped: shippedPolicy,
  };
}

export const shippedPolicy = (name: ShippedName): Policy =>
  readPolicy(fileURLToPath(import.meta.resolve(`@spikewing/rl/policies/${name}.safetensors`)));
