import type { Policy } from "@spikewing/rl";
import "./style/network.css";
import type { FlightClient } from "./flight-client.js";
import { createHistory } from "./history.js";
import { INPUT_NAMES, MOTOR_NAMES } from "./input-names.js";
import { layerOf } from "./layer-rasters.js";
import { silentNeurons } from "./lesion.js";
import type { FlightStart, StepTrace } from "./messages.js";
import { neuronAt, neuronBeside } from "./network-layout.js";
import { createLinks, type Link, type NetworkLinks } from "./network-links.js";
import { NETWORK_MARKUP } from "./network-markup.js";
import { createNetworkPicture, PULSE_STEPS } from "./network-picture.js";
import { byId } from "./page.js";
import { AFTER, reactingNeurons } from "./reactions.js";
import type { Recorder } from "./recorder.js";
import type { Session } from "./session.js";
import { createSlowMotion } from "./slow-motion.js";
import type { Palette } from "./theme.js";

/** The network as it flies: from what it senses through its layers to the rotors. */
export interface NetworkPanel {
  begin(start: FlightStart): void;
  /** @param lost how the first drone was lost, where it was */
  add(traces: readonly StepTrace[], step: number, lost: string | undefined): void;
  pushed(): void;
  paint(palette: Palette): void;
  /** Draws while the panel is open. */
  render(nowMs: number): void;
}

export interface NetworkPanelParts {
  readonly session: Session;
  readonly client: FlightClient;
  readonly recorder: Pick<Recorder, "choose" | "listen">;
  chosen(): Promise<Policy>;
  /** A push as from the pad. */
  push(): void;
}

/** Links that are named of a neuron, each way. */
const NAMED = 5;

export function setUpNetworkPanel(panel: HTMLElement, parts: NetworkPanelParts): NetworkPanel {
  const { session, client, recorder } = parts;
  panel.innerHTML = NETWORK_MARKUP;
  const canvas = byId<HTMLCanvasElement>("network");
  const silence = byId<HTMLButtonElement>("silence-neuron");
  const share = byId<HTMLInputElement>("lesion");
  const rate = byId<HTMLSelectElement>("slow-motion");
  const picture = createNetworkPicture(canvas);
  const slow = createSlowMotion(session, () => Number(rate.value));
  let palette: Palette | undefined;
  let history = createHistory(undefined, new Int32Array(0));
  let sizes: readonly number[] = [];
  let links: NetworkLinks | undefined;
  let fired = new Float64Array(0);
  let step = 0;
  let steppedAt = 0;
  let silent: ReadonlySet<number> = new Set();
  let reacting: readonly number[] = [];
  let pushStep: number | undefined;
  let chosen = 0;
  let chosenLinks: readonly Link[] = [];
  let isLost = false;
  let flight = 0;
  let stale = true;

  const count = () => history.thresholds.length;
  /** Column and place in it of a neuron. */
  const placeOf = (neuron: number) => {
    const { layer, first } = layerOf(sizes.slice(1, -1), neuron);
    return { column: layer + 1, at: neuron - first };
  };
  const nameOf = (column: number, at: number) => {
    if (column === 0) return INPUT_NAMES[at]!;
    return column === sizes.length - 1 ? MOTOR_NAMES[at]! : `layer ${column}, neuron ${at + 1}`;
  };
  const announce = (text: string) => {
    byId("network-news").textContent = text;
  };

  function choose(neuron: number): void {
    chosen = neuron;
    stale = true;
    if (!links || count() === 0) return;
    const { column, at } = placeOf(neuron);
    const into = links.into(column, at, NAMED);
    const outOf = links.outOf(column, at, NAMED);
    chosenLinks = [...into, ...outOf];
    const list = (named: readonly Link[], column: number, end: "from" | "to") =>
      named.map((link) => `${nameOf(column, link[end])} (${signed(link.weight)})`).join("; ");
    const state = silent.has(neuron) ? ", silenced" : "";
    byId("network-chosen").textContent = `${capital(nameOf(column, at))} of ${sizes[column]}${state}`;
    byId("network-hears").textContent = list(into, column - 1, "from");
    byId("network-tells").textContent = list(outOf, column + 1, "to");
    silence.textContent = silent.has(neuron) ? "Let it speak" : "Silence it";
  }

  function toggle(): void {
    if (count() === 0) return;
    const isSilent = !silent.has(chosen);
    session.wound({ kind: "silence", neuron: chosen, isSilent });
    const { column, at } = placeOf(chosen);
    announce(`${capital(nameOf(column, at))} ${isSilent ? "is silenced" : "speaks again"}`);
  }

  function look(): void {
    const { settings, inputs } = session;
    const before = silent;
    silent = silentNeurons(inputs, settings.seed, count());
    if (silent.size === before.size && [...silent].every((neuron) => before.has(neuron))) return;
    const percent = count() > 0 ? Math.round((100 * silent.size) / count()) : 0;
    if (document.activeElement !== share) share.value = String(percent);
    byId("lesion-count").textContent = silent.size === 0 ? "none" : `${silent.size}, ${percent} %`;
    choose(Math.min(chosen, Math.max(count() - 1, 0)));
  }

  function react(): void {
    if (pushStep === undefined) return;
    const after = Math.min(step - pushStep, AFTER);
    reacting = reactingNeurons(history.traces, after, count());
    if (after < AFTER) return;
    pushStep = undefined;
    const names = reacting.slice(0, 3).map((neuron) => {
      const { column, at } = placeOf(neuron);
      return nameOf(column, at);
    });
    announce(
      names.length === 0
        ? "The push: no neuron fires at another rate"
        : `The push: ${reacting.length} of ${count()} neurons fire at another rate, most of all ${names.join("; ")}`,
    );
  }

  recorder.listen(choose);
  canvas.addEventListener("pointermove", ({ offsetX, offsetY }) => {
    const neuron = neuronAt(picture.layout, offsetX, offsetY);
    if (neuron !== undefined && neuron !== chosen && neuron < count()) recorder.choose(neuron);
  });
  canvas.addEventListener("click", ({ offsetX, offsetY }) => {
    const neuron = neuronAt(picture.layout, offsetX, offsetY);
    if (neuron === undefined || neuron >= count()) return;
    recorder.choose(neuron);
    toggle();
  });
  canvas.addEventListener("keydown", (event) => {
    const isArrow = event.key.startsWith("Arrow");
    if (count() === 0 || !(isArrow || event.key === "Enter")) return;
    event.preventDefault();
    if (isArrow) recorder.choose(neuronBeside(picture.layout, chosen, event.key));
    else toggle();
  });
  silence.addEventListener("click", toggle);
  share.addEventListener("input", () => session.wound({ kind: "lesion", percent: Number(share.value) }));
  byId("restore").addEventListener("click", () => {
    session.wound({ kind: "lesion", percent: 0 });
    announce("Every neuron speaks again");
  });
  byId("network-push").addEventListener("click", parts.push);
  new ResizeObserver(() => {
    stale = true;
  }).observe(canvas);

  return {
    async begin({ hidden, thresholds }) {
      flight++;
      const asked = flight;
      history = createHistory(hidden, thresholds);
      fired = new Float64Array(thresholds.length).fill(Number.NEGATIVE_INFINITY);
      [step, isLost, pushStep, reacting, silent] = [0, false, undefined, [], new Set()];
      byId("network-spikeless").hidden = hidden !== undefined;
      byId("network-controls").hidden = hidden === undefined;
      const policy = await parts.chosen();
      const matrices = await client.weights(policy);
      if (asked !== flight) return; // another one flies meanwhile
      sizes = [INPUT_NAMES.length, ...widthsOf(matrices)];
      links = createLinks(sizes, matrices);
      picture.begin(sizes, links);
      look();
      choose(Math.min(chosen, Math.max(count() - 1, 0)));
    },
    add(traces, now, lost) {
      history.add(traces);
      for (const [i, { spikes }] of traces.entries())
        for (let j = 0; j < spikes.length; j++) if (spikes[j]) fired[j] = now - traces.length + 1 + i;
      step = now;
      steppedAt = performance.now();
      stale = true;
      look();
      react();
      slow.look();
      if (lost && !isLost) announce(`Lost: ${lost}`);
      isLost = lost !== undefined;
    },
    pushed() {
      if (panel.hidden || count() === 0) return;
      pushStep = step;
      slow.pushed();
    },
    paint(next) {
      palette = next;
      stale = true;
    },
    render(nowMs) {
      if (!palette || panel.hidden) return;
      const sinceStep = ((nowMs - steppedAt) / 10) * (session.isPaused ? 0 : session.speed);
      if (!stale && sinceStep > PULSE_STEPS) return;
      stale = false;
      picture.draw(palette, {
        trace: history.traces.at(-1),
        thresholds: history.thresholds,
        now: step + Math.min(Math.max(sinceStep, 0), isLost ? PULSE_STEPS : 1),
        fired,
        silent,
        reacting: new Set(reacting),
        chosen: count() > 0 ? chosen : undefined,
        chosenLinks: count() > 0 ? chosenLinks : [],
      });
    },
  };
}

/** Neurons of layer after layer, then the motors: each layer has as many as the next one hears. */
function widthsOf(matrices: readonly Float32Array[]): readonly number[] {
  const widths: number[] = [MOTOR_NAMES.length];
  for (const matrix of matrices.slice(1).reverse()) widths.unshift(matrix.length / widths[0]!);
  return widths;
}

const signed = (weight: number) => `${weight < 0 ? "−" : "+"}${Math.abs(weight).toPrecision(2)}`;
const capital = (text: string) => text[0]!.toUpperCase() + text.slice(1);
