import type { Policy } from "./policy-file.js";
import { taskSchema } from "./run-config.js";
import { DEFAULT_TASK, type Task, withoutVariation } from "./task.js";

/**
 * The task that a policy was trained for, as its record says; the default where it says none. What training varied is left
 * out: every policy is scored on the task as it is.
 */
export function scoredTask({ record }: Pick<Policy, "record">): Task {
  const trained = taskSchema.safeParse(record.task);
  return withoutVariation(trained.success ? trained.data : DEFAULT_TASK);
}
