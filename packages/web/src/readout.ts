import { EPISODE_STEPS } from "@spikewing/core";
import type { DronePose, StepTrace } from "./messages.js";
import { fixed } from "./number-text.js";
import { byId } from "./page.js";
import { titleOf } from "./policy-names.js";
import { DRONE_COLOURS } from "./theme.js";

/** The numbers over the picture, and the message when the flight has ended. */
export interface Readout {
  begin(drones: readonly DronePose[]): void;
  /** What the episode drew and acts, N; undefined: it is switched off. */
  hold(hiddenForce: readonly number[] | undefined): void;
  show(step: number, drones: readonly DronePose[], traces: readonly StepTrace[], hash: number): void;
  /** What is said of a lost drone beside the limit that it passed; nothing of a whole one. */
  note(lesion: string): void;
  /** Writes what is new. */
  render(): void;
}

const STEPS_PER_S = 100;

/** The return so far; of a flight longer than an episode the mean over as many steps as an episode has. */
const perEpisode = ({ episodeReturn, step }: DronePose) =>
  step > EPISODE_STEPS ? (episodeReturn * EPISODE_STEPS) / step : episodeReturn;

export function createReadout(): Readout {
  let distanceSum = 0;
  let steps = 0;
  let saidCrash = false;
  let distance = 0;
  let lesion = "";
  let shown:
    | { readonly step: number; readonly drones: readonly DronePose[]; readonly hash: number }
    | undefined;

  function writeDrones(drones: readonly DronePose[]): void {
    byId("ranking").replaceChildren(
      ...(drones.length < 2 ? [] : drones).map(({ name, episodeReturn, fullReturn, crashed }, i) => {
        const item = document.createElement("li");
        item.style.setProperty("--colour", `var(--${DRONE_COLOURS[i] ?? "soft"})`);
        const state = crashed ? ", crashed" : "";
        const score = fullReturn ?? episodeReturn;
        item.textContent = `${titleOf(name)}: return ${fixed(score, 0)}${fullReturn === undefined ? "" : " in 5 s"}${state}`;
        return item;
      }),
    );
  }

  return {
    begin(drones) {
      shown = undefined;
      distanceSum = 0;
      steps = 0;
      saidCrash = false;
      byId("crash").hidden = true;
      byId("crash-what").textContent = "";
      byId("crash-where").textContent = "";
      byId("full-return").hidden = true;
      byId("hash").textContent = "00000000";
      writeDrones(drones);
    },

    hold(force) {
      const text = force ? `${(1000 * Math.hypot(...force)).toFixed(0)} mN` : "off";
      if (byId("hidden-force").textContent !== text) byId("hidden-force").textContent = text;
    },

    show(step, drones, traces, hash) {
      shown = { step, drones, hash };
      for (const { offset } of traces) {
        distance = Math.hypot(...offset);
        distanceSum += distance;
        steps++;
      }
    },

    note(text) {
      lesion = text;
    },

    render() {
      const [first] = shown?.drones ?? [];
      if (!shown || !first) return;
      const { step, drones, hash } = shown;
      shown = undefined;
      byId("time").textContent = `${(first.step / STEPS_PER_S).toFixed(2)} s`;
      byId("return-name").textContent = first.step > EPISODE_STEPS ? "Return per 5 s" : "Return";
      byId("return").textContent = fixed(perEpisode(first), 1);
      byId("full-return").hidden = first.fullReturn === undefined;
      byId("full-return").lastElementChild!.textContent =
        first.fullReturn === undefined ? "" : fixed(first.fullReturn, 1);
      if (steps > 0) {
        byId("distance").textContent = `${distance.toFixed(2)} m`;
        byId("mean-distance").textContent = `${(distanceSum / steps).toFixed(2)} m`;
      }
      byId("hash").textContent = hash.toString(16).padStart(8, "0");
      byId("hash").title = `Over actions and motion of ${step} steps`;
      writeDrones(drones);
      if (first.crashed && !saidCrash) {
        saidCrash = true;
        byId("crash").hidden = false;
        byId("crash-what").textContent = "Lost";
        byId("crash-where").textContent =
          `${first.lostBy} after ${(first.step / STEPS_PER_S).toFixed(2)} s${lesion}.`;
      }
    },
  };
}
