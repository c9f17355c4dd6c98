import { describeShape, type Policy, recordedScore, sizesOf } from "@spikewing/rl";
import { fixed } from "./number-text.js";

/** What a policy is, in a few words. */
export function describePolicy(policy: Policy): string {
  const { shape, record } = policy;
  const { roundsSoFar } = record;
  const facts = [`${describeShape(shape)} ${sizesOf(shape).join("–")}`];
  if (typeof roundsSoFar === "number")
    facts.push(`after ${roundsSoFar} ${roundsSoFar === 1 ? "round" : "rounds"} of training`);
  const score = recordedScore(policy);
  if (score) {
    const { meanReturn, standardError, crashRate, episodes } = score;
    facts.push(`return ${fixed(meanReturn, 0)} ± ${standardError.toFixed(0)}`);
    facts.push(`${(100 * crashRate).toFixed(0)} % lost in ${episodes} episodes`);
  }
  return facts.join(", ");
}
