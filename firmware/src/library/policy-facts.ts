// What the README of a built folder says of its policy.
import { cutShort, type Policy, printable, recordedScore, sizesOf } from "@spikewing/rl";

export interface PolicyFacts {
  /** Name of the policy file. */
  readonly name: string;
  /** 16 hexadecimal digits. */
  readonly id: string;
  readonly imageBytes: number;
  readonly linearBytes: number;
}

export const row = (...cells: readonly (string | number)[]) => `| ${cells.join(" | ")} |`;

/** Text that anybody may have written, as text: neither Markdown nor HTML is read in a span of code. */
function asText(value: unknown): string {
  if (typeof value === "number") return String(value);
  return `\`${cutShort(printable(String(value)), 100)
    .replaceAll("`", "'")
    .replaceAll("|", "/")}\``;
}

/** Of a drone: a preset's name, or what a user's own is called. */
const nameOf = (airframe: unknown): unknown =>
  typeof airframe === "object" && airframe !== null && "name" in airframe ? airframe.name : airframe;

/** What a policy file says of itself, as far as it does. */
function recordRows(policy: Policy): string[] {
  const { record, shape } = policy;
  const score = recordedScore(policy);
  const task = record.task as { airframe?: unknown } | undefined;
  const rows: string[] = [row("layers", sizesOf(shape).join("-"))];
  for (const name of ["algorithm", "preset", "seed"])
    if (record[name] !== undefined) rows.push(row(name, asText(record[name])));
  if (task?.airframe !== undefined) rows.push(row("trained on", asText(nameOf(task.airframe))));
  if (score) {
    const mean = `${score.meanReturn.toFixed(1)} +- ${score.standardError.toFixed(1)}`;
    rows.push(row(`return in ${score.episodes} episodes, mean and its standard error`, mean));
    rows.push(row("crashed", `${(100 * score.crashRate).toFixed(0)} %`));
  }
  return rows;
}

/** The head of the table: name, identity, and what the policy file says of itself. */
export const policyRows = (policy: Policy, { name, id }: PolicyFacts): string[] => [
  row("policy", asText(name)),
  row("---", "---"),
  row("id", `\`${id}\``),
  ...recordRows(policy),
];
