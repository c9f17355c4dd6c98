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
import { threadSeconds } from "./thread-seconds.js";

/** What runs have to work with in one thread, and the time that the one at work has taken. */
export interface TimedWorkbench extends Workbench {
  /** Processor time at the marks of the last run, s. */
  readonly seconds: number[];
  startedAt: number;
}

export function createWorkbench(): TimedWorkbench {
  const module = compileCore("simd");
  return {
    seconds: [],
    startedAt: 0,
    pool() {
      const core = createCore(module, createMemory("simd"));
      return { core, pool: createInlinePool(core.kernels) };
    },
    shipped: shippedPolicy,
    mark() {
      this.seconds.push(threadSeconds() - this.startedAt);
    },
  };
}

export const shippedPolicy = (name: ShippedName): Policy =>
  readPolicy(fileURLToPath(import.meta.resolve(`@spikewing/rl/policies/${name}.safetensors`)));

/** What a run comes to; its time is in the workbench. @throws what is not the run's own fault */
export function endingOf(workbench: TimedWorkbench, run: SweepRun): Ending {
  workbench.seconds.length = 0;
  workbench.startedAt = threadSeconds();
  try {
    return { result: measureRun(workbench, run) };
  } catch (error) {
    if (error instanceof SpikewingError) return { fault: error.message };
    throw error;
  }
}
