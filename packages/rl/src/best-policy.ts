import type { Address, Core } from "@spikewing/core";
import { type Actor, copyToTarget } from "./actor.js";
import type { Evaluation, Evaluator } from "./evaluate.js";
import { requireFinite } from "./finite.js";

/** What validation said so far; part of a training's progress. */
export interface Validation {
  /** Validation returns, oldest first. */
  scores: number[];
  bestReturn?: number | undefined;
}

/** Keeps the parameters with the best validation return. */
export interface BestPolicy {
  /** Scores the actor as it is. @param place phase and round, for an error */
  evaluate(place: string): Evaluation;
  /** Puts the best parameters back into the actor. */
  restore(): void;
}

export function keepBest(core: Core, actor: Actor, evaluator: Evaluator, validation: Validation): BestPolicy {
  const best = core.allocate("F32s", actor.parameterCount);
  const parameters = (at: Address<"F32s">) => core.f32(at, actor.parameterCount);
  return {
    evaluate(place) {
      const evaluation = evaluator.run();
      requireFinite(core, place, { validationReturn: evaluation.meanReturn });
      validation.scores.push(evaluation.meanReturn);
      if (evaluation.meanReturn > (validation.bestReturn ?? Number.NEGATIVE_INFINITY)) {
        validation.bestReturn = evaluation.meanReturn;
        parameters(best).set(parameters(actor.parameters));
      }
      return evaluation;
    },
    restore() {
      parameters(actor.parameters).set(parameters(best));
      copyToTarget(core, actor);
    },
  };
}
