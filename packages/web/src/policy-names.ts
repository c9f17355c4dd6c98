/** Policies as a stranger meets them. */
export interface Presented {
  readonly name: string;
  readonly title: string;
  /** What it is, in a line. */
  readonly line: string;
}

/** Those that the page offers first. */
export const PRESENTED: readonly Presented[] = [
  { name: "snn", title: "Spiking", line: "384 neurons that fire or stay silent" },
  { name: "guide-expert", title: "A teacher", line: "no spikes; it sees its own last commands" },
  { name: "ann", title: "Ordinary network", line: "no spikes, and what the spiking one sees" },
  { name: "untrained", title: "Untrained", line: "the spiking one before it has learned" },
];

const OTHERS: Readonly<Record<string, string>> = {
  "snn-i8": "Spiking, 8-bit weights",
  "ann-history": "Ordinary network that sees its last commands",
  gru: "Ordinary network with a memory (GRU)",
  "guide-intermediate": "A teacher, half trained",
  "guide-novice": "A teacher, little trained",
  "in training": "In training",
};

/** How a policy is called on the page; one that somebody brought or trained has only its name. */
export const titleOf = (name: string): string =>
  PRESENTED.find((presented) => presented.name === name)?.title ?? OTHERS[name] ?? name;
