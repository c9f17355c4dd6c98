import type { Core } from "@spikewing/core";
import { loadCore } from "@spikewing/core/node";
import { floatNetworkOf, loadPolicy, measureFloatLoss, networkSizes, type Policy } from "@spikewing/rl";
import {
  encodeGraph,
  encodeHdf5,
  LOSSES,
  networkOfGraph,
  PROFILES,
  type ProfileName,
} from "@spikewing/rl/exchange";
import { formatLoss } from "../import-report.js";
import { printResult } from "../print.js";
import { readPolicy } from "../run-folder.js";
import { shippedPolicyPath } from "../shipped-policies.js";
import { requireNew, writeWhole } from "../whole-file.js";
import { type ExportedGraph, graphOfNetwork, metadataOf } from "./export-graph.js";

export interface ExportNirFlags {
  readonly policy?: string;
  readonly profile?: ProfileName;
  readonly json?: boolean;
}

/** Writes a policy as a NIR graph. */
export async function exportNir(out: string, flags: ExportNirFlags): Promise<void> {
  const file = flags.policy ?? shippedPolicyPath();
  const policy = readPolicy(file);
  requireNew(out);
  const profile = flags.profile ?? "plain";
  const core = loadCore();
  const network = floatNetworkOf(core, policy, file);
  const graph = graphOfNetwork(network, profile);
  const losses = [
    ...LOSSES,
    ...tellRaised(graph.raised),
    ...measureLosses(core, policy, graph, profile, out),
  ];
  const metadata = metadataOf(policy, profile, losses);
  writeWhole(out, await encodeHdf5(encodeGraph({ ...graph, metadata })));
  const { reads } = PROFILES[profile];
  const sizes = networkSizes(network);
  const result = {
    policy: file,
    file: out,
    profile,
    sizes,
    nodes: [...graph.nodes.keys()],
    reads,
    losses,
  };
  printResult(flags.json, result, [
    `${file}: ${sizes.join("-")}, profile ${profile}`,
    `read by  ${reads}`,
    "lost, as the file's metadata says too",
    ...losses.map((loss) => `  ${loss}`),
    `wrote ${out}`,
  ]);
}

const tellRaised = (count: number): string[] =>
  count === 0
    ? []
    : [
        `thresholds: ${count} are 0 or less, which the tool has none of: they are 2^-10 above a raised membrane, and what follows a spike subtracts that instead`,
      ];

/** What the graph, read back, does differently from the policy. */
function measureLosses(
  core: Core,
  policy: Policy,
  graph: ExportedGraph,
  profile: ProfileName,
  place: string,
): string[] {
  const { example } = policy;
  if (!example) return [];
  const network = networkOfGraph({ ...graph, metadata: {} }, profile, place);
  const actor = loadPolicy(core, policy);
  return [["with the policy's reset", "own"] as const, ["with NIR's reset", "file"] as const].map(
    ([name, reset]) =>
      `${name}: ${formatLoss(measureFloatLoss(core, actor, network, example.observations, reset))}`,
  );
}
