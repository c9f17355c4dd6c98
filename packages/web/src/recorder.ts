import { countSpikes, createHistory, type History, WINDOW_STEPS } from "./history.js";
import { createLayerRasters, layerColour, layerOf } from "./layer-rasters.js";
import type { StepTrace } from "./messages.js";
import { fixed } from "./number-text.js";
import { byId } from "./page.js";
import { drawStrip, rangeOf } from "./strip-chart.js";
import { synapticOperations } from "./synaptic-operations.js";
import type { Palette } from "./theme.js";

/** The recorder: rasters, membrane, motors and offset over the last three seconds, and what they add up to. */
export interface Recorder {
  begin(hidden: readonly number[] | undefined, thresholds: Int32Array): void;
  add(traces: readonly StepTrace[]): void;
  /** Shows this neuron, counted through all layers from 0. */
  choose(neuron: number): void;
  /** Hears of every other neuron that is chosen. */
  listen(chosen: (neuron: number) => void): void;
  paint(palette: Palette): void;
  /** Draws if there is anything new; texts follow a few times a second. */
  render(nowMs: number): void;
}

const STEPS_PER_S = 100;
/** Nobody reads faster, and every text that changes makes the browser lay the page out anew. */
const TEXT_EVERY_MS = 100;
const Q16 = 65536;
const WINDOW_S = WINDOW_STEPS / STEPS_PER_S;

export function createRecorder(): Recorder {
  let history: History = createHistory(undefined, new Int32Array(0));
  let palette: Palette | undefined;
  let neuron = 0;
  let stale = true;
  let staleText = true;
  let textAt = 0;
  let isChosen = false; // by the reader; until then by what there is to see
  const neuronInput = byId<HTMLInputElement>("neuron");
  let tell = (_: number) => {};
  const choose = (chosen: number, isTyped = false) => {
    neuron = chosen;
    if (!isTyped) neuronInput.value = String(chosen + 1);
    stale = true;
    tell(chosen);
  };
  const pick = (chosen: number) => {
    isChosen = true;
    choose(chosen);
  };
  const rasters = createLayerRasters(pick);
  neuronInput.addEventListener("input", () => {
    const wanted = Number(neuronInput.value) - 1;
    if (Number.isInteger(wanted) && wanted >= 0 && wanted < history.thresholds.length) {
      isChosen = true;
      choose(wanted, true);
    }
  });
  new ResizeObserver(() => {
    stale = true;
  }).observe(byId("raster1"));

  function writeTexts(colours: Palette): void {
    const last = history.traces.at(-1);
    writeValues(
      "motors",
      motorColours(colours).map((colour, motor) => ({ colour, text: signed(last?.action[motor] ?? 0, 2) })),
    );
    writeValues(
      "offsets",
      offsetColours(colours).map((colour, axis) => ({
        colour,
        text: signed(100 * (last?.offset[axis] ?? 0), 0),
      })),
    );
    writeCounts();
    writeNeuron(colours);
  }

  function writeNeuron(colours: Palette): void {
    const { traces, hidden, thresholds } = history;
    if (!hidden) return;
    const { layer, first } = layerOf(hidden, neuron);
    const fired = countSpikes(traces, traces.length, neuron, 1);
    writeValues("neuron-facts", [
      { text: `layer ${layer + 1}, number ${neuron - first + 1};`, colour: colours.soft },
      { text: `threshold ${(thresholds[neuron]! / Q16).toFixed(2)};`, colour: colours.alarm },
      { text: `${fired} spikes`, colour: colours.soft },
    ]);
  }

  function writeCounts(): void {
    const { traces, hidden } = history;
    const steps = Math.min(traces.length, STEPS_PER_S);
    if (!hidden || steps === 0) return;
    let first = 0;
    const spikes = hidden.map((width) => {
      const count = countSpikes(traces, steps, first, width);
      first += width;
      return count;
    });
    const fired = spikes.reduce((sum, count) => sum + count, 0);
    const perSecond = STEPS_PER_S / steps;
    rasters.writeRates(hidden.map((width, l) => `${percent(spikes[l]! / (steps * width))} fire each step`));
    byId("sparsity").textContent = percent(1 - fired / (steps * first));
    byId("spike-rate").textContent = `${kilo(fired * perSecond)}/s`;
    const { spiking, dense } = synapticOperations(hidden, spikes, steps);
    byId("synops").textContent = `${kilo(spiking * perSecond)}/s, ${percent(spiking / dense)}`;
    byId("dense-ops").textContent = `${kilo(dense * perSecond)}/s`;
  }

  function drawMembrane(colours: Palette): void {
    const { traces, hidden, thresholds } = history;
    if (!hidden) return;
    const threshold = thresholds[neuron]! / Q16;
    const values = traces.map(({ membranes }) => membranes[neuron]! / Q16);
    const offset = WINDOW_STEPS - traces.length;
    const fired = traces.flatMap(({ spikes }, i) => (spikes[neuron] ? [i + offset] : []));
    const colour = layerColour(colours, layerOf(hidden, neuron).layer);
    drawStrip(byId("membrane"), {
      points: WINDOW_STEPS,
      alignRight: true,
      text: colours.soft,
      series: [{ values, colour }],
      range: rangeOf([values], [0, threshold * 1.1]),
      across: { seconds: WINDOW_S },
      rules: [{ at: threshold, colour: colours.alarm }],
      ticks: { at: fired, colour },
    });
  }

  function drawMotors(colours: Palette): void {
    const { traces } = history;
    const series = motorColours(colours).map((colour, motor) => ({
      colour,
      values: traces.map(({ action }) => Math.min(Math.max(action[motor]!, -1), 1)),
    }));
    drawStrip(byId("commands"), {
      series,
      points: WINDOW_STEPS,
      alignRight: true,
      range: [-1.05, 1.05],
      across: { seconds: WINDOW_S },
      rules: [{ at: 0, colour: colours.soft }],
      text: colours.soft,
    });
  }

  function drawOffset(colours: Palette): void {
    const { traces } = history;
    const series = offsetColours(colours).map((colour, axis) => ({
      colour,
      values: traces.map(({ offset }) => offset[axis]!),
    }));
    drawStrip(byId("offset"), {
      series,
      points: WINDOW_STEPS,
      alignRight: true,
      range: rangeOf(
        series.map(({ values }) => values),
        [-0.1, 0.1],
      ),
      across: { seconds: WINDOW_S },
      scale: 100,
      unit: " cm",
      rules: [{ at: 0, colour: colours.target }],
      text: colours.soft,
    });
  }

  return {
    begin(hidden, thresholds) {
      history = createHistory(hidden, thresholds);
      byId("recorder").classList.toggle("dense", hidden === undefined);
      if (neuron >= thresholds.length) choose(0);
      neuronInput.max = String(thresholds.length);
      neuronInput.disabled = thresholds.length === 0;
      rasters.begin(hidden ?? []);
      stale = true;
    },
    add(traces) {
      const before = history.traces.length;
      history.add(traces);
      if (!isChosen && before < STEPS_PER_S && history.traces.length >= STEPS_PER_S)
        choose(findLively(history));
      rasters.add(traces);
      stale = true;
    },
    choose: pick,
    listen(chosen) {
      tell = chosen;
      chosen(neuron);
    },
    paint(next) {
      palette = next;
      stale = true;
    },
    render(nowMs) {
      if (!palette) return;
      if (staleText && nowMs - textAt >= TEXT_EVERY_MS) {
        staleText = false;
        textAt = nowMs;
        writeTexts(palette);
      }
      if (!stale) return;
      stale = false;
      staleText = true;
      rasters.draw(palette, neuron);
      drawMembrane(palette);
      drawMotors(palette);
      drawOffset(palette);
    },
  };
}

const motorColours = ({ motor1, motor2, motor3, motor4 }: Palette) => [motor1, motor2, motor3, motor4];
const offsetColours = (colours: Palette) => motorColours(colours).slice(0, 3);
const percent = (value: number) => `${(100 * value).toFixed(1)} %`;
const kilo = (value: number) =>
  value >= 1e6
    ? `${(value / 1e6).toFixed(2)} M`
    : value >= 1e3
      ? `${(value / 1e3).toFixed(1)} k`
      : value.toFixed(0);
/** With a plus too. */
function signed(value: number, digits: number): string {
  const text = fixed(value, digits);
  return Number(text) > 0 ? `+${text}` : text;
}

/** The neuron that fires most nearly in one of five steps: its membrane shows rise, spike and reset. */
function findLively({ traces, thresholds }: History): number {
  const distances = Array.from(thresholds, (_, j) =>
    Math.abs(countSpikes(traces, traces.length, j, 1) - traces.length / 5),
  );
  return Math.max(0, distances.indexOf(Math.min(...distances)));
}

/** Values in the colours of their lines: the legend of a strip. */
function writeValues(
  id: string,
  values: readonly { readonly text: string; readonly colour: string }[],
): void {
  byId(id).replaceChildren(
    ...values.map(({ text, colour }) => {
      const value = document.createElement("span");
      value.textContent = text;
      value.style.color = colour;
      return value;
    }),
  );
}
