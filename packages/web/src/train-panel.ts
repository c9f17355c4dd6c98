import "./style/train.css";
import type { AlgorithmName, Policy } from "@spikewing/rl";
import { parseSetting } from "./flight-settings.js";
import { megabytes } from "./kept-runs.js";
import { byId, isBusy, say, setBusy } from "./page.js";
import { titleOf } from "./policy-names.js";
import { setUpRunList } from "./run-list.js";
import type { Palette } from "./theme.js";
import { TRAIN_MARKUP } from "./train-markup.js";
import { SLOPE_CHOICES, type TrainChoice } from "./train-messages.js";
import { describeScore, describeTimeLeft, type Training, threadsHere } from "./training.js";
import { createTrainingCharts, MAX_SHOWN, type NamedRun } from "./training-charts.js";
import { showLegend } from "./training-legend.js";

/** The view of training: choices, progress, curves, and the policy that comes out. */
export interface TrainPanel {
  paint(palette: Palette): void;
  /** Names of policies that can guide. */
  offerGuides(names: readonly string[]): void;
  /** Draws if there is anything new. */
  render(): void;
  /** The scene is to show what is learned while it is learned. */
  readonly isWatched: boolean;
}

export interface TrainPanelParts {
  readonly training: Training;
  guide(name: string): Promise<Policy>;
  trained(name: string, policy: Policy): void;
  /** "Fly it", "Save it": what there is, in the midst of training or behind it. */
  fly(policy: Policy): void;
  save(policy: Policy): void;
  /** A kept policy's file, by the name of its run. */
  flyFile(name: string, file: Uint8Array<ArrayBuffer>): Promise<void>;
  saveFile(name: string, file: Uint8Array<ArrayBuffer>): Promise<void>;
}

/** Of ALGORITHMS of @spikewing/rl, put in by the build: what checks a configuration is large, and is the worker's. */
declare const ALGORITHM_NAMES: readonly AlgorithmName[];

/** Rounds of a short run; a full one has the preset's. */
const SHORT_ROUNDS = 20;

export function setUpTrainPanel(panel: HTMLElement, parts: TrainPanelParts): TrainPanel {
  const { training } = parts;
  panel.innerHTML = TRAIN_MARKUP;
  let palette: Palette | undefined;
  let stale = true;
  const start = byId<HTMLButtonElement>("train-start");
  const stop = byId<HTMLButtonElement>("train-stop");
  const fly = byId<HTMLButtonElement>("train-fly");
  const save = byId<HTMLButtonElement>("train-save");
  const follow = byId<HTMLInputElement>("train-follow");
  const bar = byId<HTMLProgressElement>("train-bar");
  const guideSelect = byId<HTMLSelectElement>("train-guide");
  const algorithm = byId<HTMLSelectElement>("train-algorithm");
  const slope = byId<HTMLSelectElement>("train-slope");
  const length = byId<HTMLSelectElement>("train-length");
  const seed = byId<HTMLInputElement>("train-seed");
  const charts = createTrainingCharts();
  const threads = threadsHere();
  const pace = threads === 1 ? "Trains on one thread" : `Trains on ${threads} threads`;
  byId("train-threads").textContent = crossOriginIsolated
    ? pace
    : `${pace}: the server of this page allows no shared memory`;
  const showGuide = () => {
    guideSelect.disabled = algorithm.value === "apg"; // it has none
  };
  algorithm.replaceChildren(...ALGORITHM_NAMES.map((name) => new Option(name.toUpperCase(), name)));
  algorithm.addEventListener("change", showGuide);
  showGuide();
  slope.replaceChildren(...Object.keys(SLOPE_CHOICES).map((name) => new Option(name)));

  function chosen(): TrainChoice | undefined {
    const parsed = parseSetting("seed", seed.value);
    if ("problem" in parsed) {
      say(parsed.problem, "problem");
      return undefined;
    }
    const schedule = SLOPE_CHOICES[slope.value];
    const rounds = length.value === "short" ? { rounds: SHORT_ROUNDS, evaluateEvery: 2 } : {};
    const learning = { ...rounds, ...(schedule ? { surrogateSlope: schedule } : {}) };
    return {
      preset: "fast",
      algorithm: algorithm.value as AlgorithmName,
      seed: parsed.value as number,
      overrides: { policy: algorithm.value === "staged" ? { improvement: learning } : learning },
    };
  }

  async function begin(training: () => Promise<Policy>): Promise<void> {
    try {
      const policy = await training();
      parts.trained(parts.training.run!.title, policy);
    } catch (error) {
      say((error as Error).message, "problem");
    }
  }

  start.addEventListener("click", () => {
    const choice = isBusy(start) ? undefined : chosen();
    if (!choice) return;
    const guideName = guideSelect.disabled || guideSelect.value === "" ? undefined : guideSelect.value;
    begin(async () => {
      const guide = guideName === undefined ? undefined : await parts.guide(guideName);
      const title = runs.freeName(`${choice.algorithm}, seed ${choice.seed}`);
      return training.train({ choice, guide, guideName, title });
    });
  });
  const runs = setUpRunList({
    training,
    resume(run) {
      if (training.state === "idle") begin(() => training.resume({ ...run, title: run.name }));
      else say("One run trains at a time: stop it first", "problem");
    },
    fly: parts.flyFile,
    save: parts.saveFile,
    changed() {
      stale = true;
    },
  });
  stop.addEventListener("click", () => training.stop());
  fly.addEventListener("click", () => training.newest && parts.fly(training.newest));
  save.addEventListener("click", () => training.newest && parts.save(training.newest));
  training.listen(() => {
    stale = true;
  });

  function writeProgress(): void {
    const { state, run, newest } = training;
    setBusy(start, state !== "idle");
    setBusy(stop, state !== "training");
    fly.disabled = save.disabled = newest === undefined;
    const point = run?.points.at(-1);
    bar.hidden = state === "idle";
    bar.value = point?.share ?? 0;
    byId("train-progress").textContent = describeProgress(training);
    byId("train-kept").textContent = describeKeeping(training);
  }

  return {
    get isWatched() {
      return follow.checked;
    },
    paint(next) {
      palette = next;
      stale = true;
    },
    offerGuides(names) {
      const kept = guideSelect.value;
      const options = names.map((name) => new Option(titleOf(name), name));
      guideSelect.replaceChildren(...options, new Option("train one first", ""));
      if (names.includes(kept)) guideSelect.value = kept;
    },
    render() {
      if (!stale || !palette || panel.hidden) return;
      stale = false;
      writeProgress();
      const { run } = training;
      const now: NamedRun[] = run ? [{ ...run, name: runs.nameOf(run) }] : [];
      const shown = [...now, ...runs.chosen].slice(0, MAX_SHOWN);
      charts.show(shown, palette);
      showLegend(shown);
    },
  };
}

function describeProgress({ state, run, secondsLeft }: Training): string {
  if (!run) return "";
  const point = run.points.at(-1);
  if (state === "idle") {
    if (!run.score) return "";
    const lost = `${(100 * run.score.crashRate).toFixed(0)} % of them lost`;
    return `Done: ${describeScore(run.score)} from reserved starts, ${lost}`;
  }
  if (!point) return "Getting ready";
  const what = point.phase === "guide" ? "Guide" : "Policy";
  const left = secondsLeft();
  return [
    `${what}: round ${point.round} of ${point.rounds}`,
    state === "stopping"
      ? "ends after the next evaluation"
      : left === undefined
        ? ""
        : describeTimeLeft(left),
  ]
    .filter((part) => part !== "")
    .join(", ");
}

function describeKeeping({ keeping, state }: Training): string {
  if (!keeping || state === "idle") return "";
  if ("problem" in keeping) return `Not kept: ${keeping.problem}`;
  return `Kept in this browser up to round ${keeping.round} (${megabytes(keeping.bytes)}): after a reload it can go on from there`;
}
