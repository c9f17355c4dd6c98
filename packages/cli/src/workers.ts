import { availableParallelism } from "node:os";
import { SHARDS } from "@spikewing/core";

/** As many threads as there are cores, up to the number of shards that work is cut into. */
export const defaultWorkers = (): number => Math.min(availableParallelism(), SHARDS);
