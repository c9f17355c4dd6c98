import { loadCore } from "@spikewing/core/node";
import { encodePolicy, narrowPolicy } from "@spikewing/rl";
import { describeScores, formatScores, recordScore, scoreEntrants, taskOf } from "./evaluate.js";
import { printResult } from "./print.js";
import { readPolicy } from "./run-folder.js";
import { shippedPolicyPath } from "./shipped-policies.js";
import { requireNew, writeWhole } from "./whole-file.js";
import { defaultWorkers } from "./workers.js";

export interface NarrowFlags {
  readonly out: string;
  readonly workers?: number;
  readonly json?: boolean;
}

/** Writes a policy with i8 weights, and scores it beside the one that it was made from. */
export function narrow(policyFile: string | undefined, flags: NarrowFlags): void {
  const file = policyFile ?? shippedPolicyPath();
  const wide = readPolicy(file);
  requireNew(flags.out);
  const task = taskOf(wide, {});
  const workers = flags.workers ?? defaultWorkers();
  const policy = recordScore(narrowPolicy(loadCore(), wide, task, file), task, workers);
  writeWhole(flags.out, encodePolicy(policy));
  const both = [
    { role: "i16", file, policy: wide },
    { role: "i8", file: flags.out, policy },
  ];
  const scores = scoreEntrants("score", both, task, workers);
  const bytes = { i16: wide.weights.length, i8: policy.weights.length };
  printResult(flags.json, { ...describeScores(task, scores), weightBytes: bytes }, [
    `weights: ${bytes.i16} bytes with i16, ${bytes.i8} with i8`,
    ...formatScores(task, scores),
    `wrote ${flags.out}`,
  ]);
}
