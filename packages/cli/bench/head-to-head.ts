// npm run head-to-head: how soon learning through the simulator flies, beside TD3BC with a jump start from a TD3 guide,
// which the preset `fast` stood for before. Both train from nothing to their own end in one process, on the same threads;
// a turn is a round of the one that is behind in time, so that whatever else the machine does meets both alike.
//
//   npm run head-to-head -- --seed 411 --workers 2 --out /tmp/race   (without --out: kept in bench/)
//
// Writes head-to-head.json and head-to-head.svg.
import { writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createNodePool } from "@spikewing/core/node";
import {
  type AlgorithmName,
  createGuidePhase,
  createPolicyPhase,
  type Evaluation,
  evaluateByProtocol,
  hasGuide,
  loadPolicy,
  type Policy,
  PROTOCOL,
  resolveRunConfig,
  standardError,
  withoutVariation,
} from "@spikewing/rl";
import { type Claim, PAPER_RETURN, type Point, type Race, type Spent, type Training } from "./race.js";
import { drawRace } from "./race-picture.js";

interface Contender {
  readonly algorithm: AlgorithmName;
  readonly points: Point[];
  readonly rounds: Generator<Omit<Point, keyof Spent> | undefined, Policy>;
  spent: Spent;
  policy?: Policy;
}

const RUNNERS = ["apg", "td3bc-jsrl"] as const;
const KEPT = fileURLToPath(new URL("../../bench", import.meta.url));

const configOf = (algorithm: AlgorithmName, seed: number) =>
  resolveRunConfig({ preset: "fast", algorithm, seed }, "head-to-head");

function pointOf(
  phase: Point["phase"],
  environmentSteps: number,
  evaluation: Evaluation | undefined,
): Omit<Point, keyof Spent> | undefined {
  if (!evaluation) return undefined;
  const { meanReturn, crashRate } = evaluation;
  return { phase, environmentSteps, meanReturn, crashRate };
}

/** Guide and policy, a round at a time. */
function* train(algorithm: AlgorithmName, seed: number, workers: number): Contender["rounds"] {
  const config = configOf(algorithm, seed);
  const createPool = () => createNodePool(workers);
  let guide: Policy | undefined;
  if (hasGuide(config)) {
    const phase = createGuidePhase(createPool, config);
    for (const { environmentSteps, evaluation } of phase.run())
      yield pointOf("guide", environmentSteps, evaluation);
    phase.pool.close();
    guide = phase.policy(config.guideLevel);
  }
  const phase = createPolicyPhase(createPool, config, guide);
  for (const { environmentSteps, evaluation } of phase.run())
    yield pointOf("policy", environmentSteps, evaluation);
  const { policy } = phase.finish();
  phase.pool.close();
  return policy;
}

/** One round of a contender. */
function takeTurn(contender: Contender): void {
  const [startedAt, usedBefore] = [performance.now(), process.cpuUsage()];
  const turn = contender.rounds.next();
  const { user, system } = process.cpuUsage(usedBefore);
  const { spent } = contender;
  contender.spent = {
    seconds: spent.seconds + (performance.now() - startedAt) / 1e3,
    processorSeconds: spent.processorSeconds + (user + system) / 1e6,
  };
  if (turn.done) contender.policy = turn.value;
  else if (turn.value) {
    const point = { ...turn.value, ...contender.spent };
    contender.points.push(point);
    const { phase, seconds, processorSeconds, meanReturn } = point;
    process.stderr.write(
      `${contender.algorithm}, ${phase}: ${meanReturn.toFixed(1)} after ${seconds.toFixed(1)} s (${processorSeconds.toFixed(1)} s of processor)\n`,
    );
  }
}

function score({ algorithm, policy, points, spent }: Contender, seed: number, workers: number): Training {
  const { core, pool } = createNodePool(workers);
  const task = withoutVariation(configOf(algorithm, seed).task);
  const evaluation = evaluateByProtocol(core, pool, task, loadPolicy(core, policy!));
  pool.close();
  const { meanReturn, crashRate } = evaluation;
  return {
    algorithm,
    ...spent,
    score: { meanReturn, standardError: standardError(evaluation), crashRate },
    points,
  };
}

function claimsOf(fast: Training, slow: Training): Claim[] {
  const reached = fast.points.find(({ meanReturn }) => meanReturn >= PAPER_RETURN);
  const claim = (what: string, at: Spent, atMost: number): Claim => ({
    what,
    seconds: at.seconds,
    ofSeconds: slow.seconds,
    ratio: at.seconds / slow.seconds,
    processorRatio: at.processorSeconds / slow.processorSeconds,
    atMost,
  });
  return [
    ...(reached ? [claim(`${PAPER_RETURN} in validation`, reached, 1 / 5)] : []),
    claim("the final policy", fast, 1),
  ];
}

const { values: options } = parseArgs({
  options: { seed: { type: "string" }, workers: { type: "string" }, out: { type: "string" } },
});
const [seed, workers] = [Number(options.seed ?? 411), Number(options.workers ?? 2)];
const contenders = RUNNERS.map(
  (algorithm): Contender => ({
    algorithm,
    points: [],
    rounds: train(algorithm, seed, workers),
    spent: { seconds: 0, processorSeconds: 0 },
  }),
);
for (;;) {
  const [behind] = contenders
    .filter(({ policy }) => policy === undefined)
    .sort((a, b) => a.spent.seconds - b.spent.seconds);
  if (!behind) break;
  takeTurn(behind);
}
const [fast, slow] = contenders.map((contender) => score(contender, seed, workers)) as [Training, Training];
const race: Race = {
  node: process.versions.node,
  cpu: cpus()[0]?.model ?? "unknown",
  loadAverage: loadavg()[1]!,
  workers,
  seed,
  episodes: PROTOCOL.episodes,
  trainings: [fast, slow],
  claims: claimsOf(fast, slow),
};
const folder = options.out ?? KEPT;
writeFileSync(join(folder, "head-to-head.json"), `${JSON.stringify(race, undefined, 2)}\n`);
writeFileSync(join(folder, "head-to-head.svg"), drawRace(race));
for (const { what, seconds, ofSeconds, ratio, processorRatio, atMost } of race.claims)
  process.stdout.write(
    `apg, ${what}: ${seconds.toFixed(1)} s of ${ofSeconds.toFixed(1)}: ${ratio.toFixed(3)} (of processor time ${processorRatio.toFixed(3)}), aim at most ${atMost}\n`,
  );
