import { SHARDS } from "@spikewing/core";
import type { AlgorithmName, Policy } from "@spikewing/rl";
import { roundTicks } from "./chart-frame.js";
import { parseSetting } from "./flight-settings.js";
import { byId, isBusy, say, setBusy } from "./page.js";
import { drawStrip, hold, rangeOf } from "./strip-chart.js";
import type { Palette } from "./theme.js";
import {
  SLOPE_CHOICES,
  type TrainChoice,
  type TrainPoint,
  type TrainReport,
  type TrainRequest,
} from "./train-messages.js";

/** Training in the page: choices, curves, and the policy that comes out. */
export interface TrainPanel {
  paint(palette: Palette): void;
  /** Names of policies that can guide. */
  offerGuides(names: readonly string[]): void;
  /** Draws if there is anything new. */
  render(): void;
  /** Trains without the panel's choices; the policy that came out. */
  train(choice: TrainChoice, guide: Policy | undefined, workers?: number): Promise<Policy>;
  /** Ends the training after its next evaluation. */
  stop(): void;
  /** The scene is to show what is learned while it is learned. */
  readonly isWatched: boolean;
}

export interface TrainEvents {
  guide(name: string): Promise<Policy>;
  /** A round has ended, and this is what flies now. */
  learned(policy: Policy, point: TrainPoint): void;
  trained(name: string, policy: Policy): void;
  /** "Fly it", "Save it": what there is, in the midst of training or behind it. */
  fly(policy: Policy): void;
  save(policy: Policy): void;
}

/** Of ALGORITHMS of @spikewing/rl, put in by the build: what checks a configuration is large, and is the worker's. */
declare const ALGORITHM_NAMES: readonly AlgorithmName[];

/** Rounds of a short run; a full one has the preset's. */
const SHORT_ROUNDS = 20;

/** Threads for training: shared memory needs an isolated page, and the picture keeps a processor for itself. */
function threadsHere(): number {
  return crossOriginIsolated ? Math.min(Math.max(navigator.hardwareConcurrency - 1, 1), SHARDS) : 1;
}

export function setUpTrainPanel(events: TrainEvents): TrainPanel {
  let points: TrainPoint[] = [];
  let worker: Worker | undefined;
  let threads = 1;
  let newest: Policy | undefined;
  let palette: Palette | undefined;
  let stale = true;
  let startedAt = 0;
  let count = 0;
  const start = byId<HTMLButtonElement>("train-start");
  const stop = byId<HTMLButtonElement>("train-stop");
  const fly = byId<HTMLButtonElement>("train-fly");
  const save = byId<HTMLButtonElement>("train-save");
  const follow = byId<HTMLInputElement>("train-follow");
  const guideSelect = byId<HTMLSelectElement>("train-guide");
  const algorithm = byId<HTMLSelectElement>("train-algorithm");
  const slope = byId<HTMLSelectElement>("train-slope");
  const length = byId<HTMLSelectElement>("train-length");
  const seed = byId<HTMLInputElement>("train-seed");
  const showGuide = () => {
    guideSelect.disabled = algorithm.value === "apg"; // it has none
  };
  algorithm.replaceChildren(...ALGORITHM_NAMES.map((name) => new Option(name.toUpperCase(), name)));
  algorithm.addEventListener("change", showGuide);
  showGuide();
  slope.replaceChildren(...Object.keys(SLOPE_CHOICES).map((name) => new Option(name)));

  function offer(policy: Policy | undefined): void {
    newest = policy;
    fly.disabled = save.disabled = policy === undefined;
  }

  function train(choice: TrainChoice, guide: Policy | undefined, workers = threadsHere()): Promise<Policy> {
    worker?.terminate();
    threads = workers;
    offer(undefined);
    points = [];
    stale = true;
    startedAt = performance.now();
    setBusy(start, true);
    setBusy(stop, false);
    byId("train-progress").textContent = "Getting ready";
    const trainer = new Worker(new URL("./train.worker.ts", import.meta.url), { type: "module" });
    worker = trainer;
    return new Promise<Policy>((resolve, reject) => {
      trainer.addEventListener("error", ({ message }) => reject(new Error(`training: ${message}`)));
      trainer.addEventListener("message", ({ data }: MessageEvent<TrainReport>) => {
        if (data.kind === "point") {
          points.push(data.point);
          stale = true;
          if (data.newest) {
            offer(data.newest);
            events.learned(data.newest, data.point);
          }
        } else if (data.kind === "done") {
          const lost = `${(100 * data.crashRate).toFixed(0)} % of 100 reserved starts lost`;
          const score = `${data.meanReturn.toFixed(0)} ± ${data.standardError.toFixed(0)}`;
          byId("train-progress").textContent = `Done: return ${score}, ${lost}`;
          offer(data.policy);
          resolve(data.policy);
        } else if (data.kind === "stopped") {
          offer(data.guide);
          reject(
            new Error("Stopped while the guide trained: no policy yet, but the guide can fly and be saved"),
          );
        } else {
          reject(new Error(data.problem));
        }
      });
      trainer.postMessage({ kind: "train", choice, guide, workers } satisfies TrainRequest);
    }).finally(() => {
      trainer.terminate();
      worker = undefined;
      setBusy(start, false);
      setBusy(stop, true);
    });
  }

  start.addEventListener("click", async () => {
    if (isBusy(start)) return;
    const parsed = parseSetting("seed", seed.value);
    if ("problem" in parsed) {
      say(parsed.problem, "problem");
      return;
    }
    const schedule = SLOPE_CHOICES[slope.value];
    const rounds = length.value === "short" ? { rounds: SHORT_ROUNDS, evaluateEvery: 2 } : {};
    const learning = { ...rounds, ...(schedule ? { surrogateSlope: schedule } : {}) };
    const choice: TrainChoice = {
      preset: "fast",
      algorithm: algorithm.value as AlgorithmName,
      seed: parsed.value as number,
      overrides: { policy: algorithm.value === "staged" ? { improvement: learning } : learning },
    };
    try {
      const guide =
        guideSelect.disabled || guideSelect.value === "" ? undefined : await events.guide(guideSelect.value);
      const policy = await train(choice, guide);
      count++;
      events.trained(`trained ${count} (${algorithm.value}, seed ${choice.seed})`, policy);
    } catch (error) {
      byId("train-progress").textContent = "";
      say((error as Error).message, "problem");
    }
  });
  function endSoon(): void {
    if (isBusy(stop)) return;
    worker?.postMessage({ kind: "stop" } satisfies TrainRequest);
    setBusy(stop, true);
    byId("train-progress").textContent = "Ends after the next evaluation";
  }
  stop.addEventListener("click", endSoon);

  fly.addEventListener("click", () => newest && events.fly(newest));
  save.addEventListener("click", () => newest && events.save(newest));

  function writeProgress(): void {
    const last = points.at(-1);
    if (!last || !worker || isBusy(stop)) return;
    const scored = points.findLast(({ validationReturn }) => validationReturn !== undefined);
    const score = scored ? `, validation return ${scored.validationReturn!.toFixed(0)}` : "";
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
    const pace = `${seconds} s on ${threads === 1 ? "one thread" : `${threads} threads`}`;
    byId("train-progress").textContent =
      `${last.phase === "guide" ? "Guide" : "Policy"}: round ${last.round} of ${last.rounds}${score}, ${pace}`;
  }

  function draw(
    id: string,
    series: readonly (readonly (number | undefined)[])[],
    colours: readonly string[],
    seen: readonly number[],
    unit: string,
  ): void {
    const known = series.map((values) => values.flatMap((value) => (value === undefined ? [] : [value])));
    const longest = Math.max(2, ...series.map((values) => values.length));
    const range = rangeOf(known, seen);
    const last = known[0]?.at(-1);
    byId(`${id}-now`).textContent = last === undefined ? "" : `${last.toFixed(last < 10 ? 1 : 0)}${unit}`;
    drawStrip(byId(id), {
      series: series.map((values, i) => ({ values: hold(values), colour: colours[i]! })),
      points: longest,
      alignRight: false,
      range,
      rules: [],
      unit,
      across: roundTicks([1, longest])
        .filter(({ at }) => Number.isInteger(at))
        .map(({ at, label }) => ({ at: at - 1, label: `round ${label}` })),
      text: palette!.soft,
    });
  }

  return {
    train,
    stop: endSoon,
    get isWatched() {
      return follow.checked;
    },
    paint(next) {
      palette = next;
      stale = true;
    },
    offerGuides(names) {
      const kept = guideSelect.value;
      const options = names.map((name) => new Option(name, name));
      guideSelect.replaceChildren(...options, new Option("train one first", ""));
      if (names.includes(kept)) guideSelect.value = kept;
    },
    render() {
      if (!stale || !palette || byId("panel-train").hidden) return;
      stale = false;
      writeProgress();
      const { layer1, soft, layer2, target } = palette;
      const last = points.at(-1)?.phase;
      const shown = points.filter(({ phase }) => phase === last);
      draw(
        "curve-return",
        [
          shown.map(({ validationReturn }) => validationReturn),
          shown.map(({ trainingReturn }) => trainingReturn),
        ],
        [layer1, soft],
        [0, 450],
        "",
      );
      draw("curve-slope", [shown.map(({ surrogateSlope }) => surrogateSlope)], [layer2], [1, 100], "");
      draw("curve-jump", [shown.map(({ jumpStartSteps }) => jumpStartSteps)], [target], [0, 500], "");
    },
  };
}
