import type { Dataset, Edge, Graph, Node } from "@spikewing/rl/exchange";

export const row = (size: number, value: number): Dataset => ({
  shape: [size],
  data: new Float32Array(size).fill(value),
});
export const matrix = (rows: number, columns: number, value = 0.01): Dataset => ({
  shape: [rows, columns],
  data: new Float32Array(rows * columns).fill(value),
});
export const size = (value: number): Dataset => ({ shape: [1], data: BigInt64Array.of(BigInt(value)) });
export const lif = (width: number, tau = 0.04): Node["parameters"] => ({
  tau: row(width, tau),
  r: row(width, 4),
  v_leak: row(1, 0), // one value is that of all
  v_threshold: row(width, 0.1),
});

/** A graph as another tool has it: 18 -> 5 -> 4, and what a test changes. */
export function foreign(change: Readonly<Record<string, Node | undefined>>, edges?: readonly Edge[]): Graph {
  const nodes = {
    input: { type: "Input", parameters: { shape: size(18) } },
    "a.fc": { type: "Linear", parameters: { weight: matrix(5, 18, 0.3) } },
    cell: { type: "LIF", parameters: lif(5) },
    out: { type: "Affine", parameters: { weight: matrix(4, 5), bias: row(4, 0.2) } },
    output: { type: "Output", parameters: { shape: size(4) } },
    ...change,
  };
  const given = Object.entries(nodes).filter((pair): pair is [string, Node] => pair[1] !== undefined);
  const chain: Edge[] = [
    ["input", "a.fc"],
    ["a.fc", "cell"],
    ["cell", "out"],
    ["out", "output"],
  ];
  return { nodes: new Map(given), edges: edges ?? [...chain, ["cell", "out"]], metadata: {} };
}
