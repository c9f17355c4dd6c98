import type { FloatLoss, ImportReport } from "@spikewing/rl";

/** How a policy and a network differ. */
export const formatLoss = ({
  differingSpikes,
  differingShare,
  largestActionDifference,
  steps,
}: FloatLoss): string =>
  `${differingSpikes} spikes differ (${(100 * differingShare).toFixed(2)} %), actions by at most ${largestActionDifference.toFixed(4)}, in the ${steps} observations of the policy's example flight`;

/** What an import has lost, a line each. */
export function formatImport(report: ImportReport): string[] {
  const { addedNeurons, saturatedWeights, clampedLeaks, rounding, file } = report;
  return [
    `rounding to integers: ${formatLoss(rounding)}`,
    ...(file ? [`with the file's own reset: ${formatLoss(file)}`] : []),
    ...(addedNeurons > 0 ? [`${addedNeurons} neurons without weights fill layers up to multiples of 8`] : []),
    ...(clampedLeaks > 0
      ? [`${clampedLeaks} leaks above 255/256 are set to it: what forgets nothing runs to its rail`]
      : []),
    ...(saturatedWeights > 0 ? [`${saturatedWeights} weights at the end of their range`] : []),
  ];
}
