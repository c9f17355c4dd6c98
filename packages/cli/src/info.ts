import { ACTION_WORDS, OBSERVATION_WORDS } from "@spikewing/core";
import { loadCore } from "@spikewing/core/node";
import {
  cutShort,
  decodeCheckpoint,
  decodePolicy,
  describeShape,
  loadPolicy,
  type Policy,
  printable,
  sizesOf,
} from "@spikewing/rl";
import { readInput, saysCheckpoint } from "./input-file.js";
import { printResult } from "./print.js";
import { shippedPolicyPath } from "./shipped-policies.js";

/** Whether the core gives the actions of the example, bit for bit; undefined where the policy carries none. */
export function replayExample(policy: Policy): { steps: number; differing: number } | undefined {
  const { example } = policy;
  if (!example || policy.shape.kind !== "spiking") return undefined;
  const core = loadCore();
  const pilot = core.create("Pilot", { image: loadPolicy(core, policy).image });
  const { quantised, action } = core.view("Pilot", pilot);
  const steps = example.actions.length / ACTION_WORDS;
  let differing = 0;
  for (let t = 0; t < steps; t++) {
    const seen = example.observations.subarray(t * OBSERVATION_WORDS, (t + 1) * OBSERVATION_WORDS);
    core.i16(quantised, OBSERVATION_WORDS).set(seen);
    core.kernels.pilotStepQuantised(pilot);
    const given = core.i16(action, ACTION_WORDS);
    const expected = example.actions.subarray(t * ACTION_WORDS, (t + 1) * ACTION_WORDS);
    if (!expected.every((value, i) => value === given[i])) differing++;
  }
  return { steps, differing };
}

function describePolicy(file: string, bytes: Uint8Array) {
  const policy = decodePolicy(bytes, file);
  const { shape, record } = policy;
  const core = loadCore();
  const actor = loadPolicy(core, policy);
  return {
    file,
    kind: "policy",
    sizes: sizesOf(shape),
    shape,
    footprint: {
      parameters: actor.parameterCount,
      weightBytes: policy.weights.length,
      stateBytes: core.kernels.actorStateBytes(actor.at),
      fileBytes: bytes.length,
    },
    example: replayExample(policy),
    record,
  };
}

function describeCheckpoint(file: string, bytes: Uint8Array) {
  const { phase, config, progress, memory } = decodeCheckpoint(bytes, file);
  return { file, kind: "checkpoint", phase, progress, memoryBytes: memory.length, config };
}

/** A record may hold what somebody else wrote: no name and no value is longer, and none acts on a terminal. */
const LONGEST_TEXT = 1000;
const asText = (value: unknown): string => cutShort(printable(String(value)), LONGEST_TEXT);

/** Nested data as indented lines, a leaf a line. */
function formatTree(value: object, indent = ""): string[] {
  return Object.entries(value).flatMap(([key, inner]) => {
    if (typeof inner !== "object" || inner === null || Array.isArray(inner)) {
      const text = asText(Array.isArray(inner) ? inner.join(" ") : inner);
      return inner === undefined ? [] : [`${indent}${asText(key)}  ${text}`];
    }
    return [`${indent}${asText(key)}`, ...formatTree(inner, `${indent}  `)];
  });
}

function formatPolicy(info: ReturnType<typeof describePolicy>): string[] {
  const { file, sizes, shape, footprint, example, record } = info;
  const kind = describeShape(shape);
  const replay = example
    ? example.differing === 0
      ? `ok (${example.steps} steps equal, bit for bit)`
      : `not ok (${example.differing} of ${example.steps} steps differ)`
    : "none";
  return [
    `${file}: policy, ${kind} ${sizes.join("-")}`,
    `parameters  ${footprint.parameters}`,
    `weights     ${footprint.weightBytes} bytes`,
    `state       ${footprint.stateBytes} bytes`,
    `example     ${replay}`,
    "record",
    ...formatTree(record, "  "),
  ];
}

export function info(path: string | undefined, flags: { readonly json?: boolean }): void {
  const file = path ?? shippedPolicyPath();
  const bytes = readInput(file, "checkpoint"); // the kind that may be long
  if (saysCheckpoint(bytes)) {
    const described = describeCheckpoint(file, bytes);
    const { phase, progress, memoryBytes, config } = described;
    printResult(flags.json, described, [
      `${file}: checkpoint, ${phase} phase, ${memoryBytes} bytes of memory`,
      "progress",
      ...formatTree(progress, "  "),
      "config",
      ...formatTree(config, "  "),
    ]);
    return;
  }
  const described = describePolicy(file, bytes);
  printResult(flags.json, described, formatPolicy(described));
  if (described.example && described.example.differing > 0) process.exitCode = 1;
}
