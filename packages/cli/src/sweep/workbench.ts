import { fileURLToPath } from "node:url";
import { createCore, createInlinePool, createMemory } from "@spikewing/core";
import { compileCore } from "@spikewing/core/node";
import {
  measureRun,
  type Policy,
  type ShippedName,
  SpikewingError,
  type SweepRun,
  type Workbench,
} from "@spikewing/rl";
import { readPolicy } from "../run-folder.js";
import type { Ending } from "./sweep-folder.js";

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

/** What a run comes to. @throws what is not the run's own fault */
export function endingOf(workbench: Workbench, run: SweepRun): Ending {
  try {
    return { result: measureRun(workbench, run) };
  } catch (error) {
    if (error instanceof SpikewingError) return { fault: error.message };
    throw error;
  }
}
