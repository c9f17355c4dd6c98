import { INPUT_NAMES, INPUT_SCALES, MOTOR_NAMES } from "./input-names.js";
import { layerColour } from "./layer-rasters.js";
import type { StepTrace } from "./messages.js";
import { layOut, type NetworkLayout, type Place } from "./network-layout.js";
import type { Link, NetworkLinks } from "./network-links.js";
import { fixed } from "./number-text.js";
import { fitCanvas } from "./spike-raster.js";
import type { Palette } from "./theme.js";

/** What is to be seen of a network at a moment. */
export interface NetworkMoment {
  readonly trace: StepTrace | undefined;
  /** Of layer after layer, q16; empty for what does not spike. */
  readonly thresholds: Int32Array;
  /** Time in control periods, and when each neuron fired last. */
  readonly now: number;
  readonly fired: Float64Array;
  readonly silent: ReadonlySet<number>;
  readonly reacting: ReadonlySet<number>;
  /** Its links, and itself. */
  readonly chosen: number | undefined;
  readonly chosenLinks: readonly Link[];
}

/** A spike is on its way for so many control periods, and its neuron glows. */
export const PULSE_STEPS = 12;
const GLOW_STEPS = 5;

export interface NetworkPicture {
  readonly layout: NetworkLayout;
  begin(sizes: readonly number[], links: NetworkLinks): void;
  draw(palette: Palette, moment: NetworkMoment): void;
}

export function createNetworkPicture(canvas: HTMLCanvasElement): NetworkPicture {
  const context = canvas.getContext("2d")!;
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  let sizes: readonly number[] = [INPUT_NAMES.length, 8, MOTOR_NAMES.length];
  let links: NetworkLinks | undefined;
  let layout = layOut(sizes, 400, 260);
  let laidOut = "";

  const ends = ({ column, from, to }: Link): readonly [Place, Place] => [
    layout.columns[column - 1]![from]!,
    layout.columns[column]![to]!,
  ];
  const firstOf = (column: number) => sizes.slice(1, column).reduce((sum, size) => sum + size, 0);

  function strokeLinks(drawn: readonly Link[]): void {
    context.beginPath();
    for (const link of drawn) {
      const [from, to] = ends(link);
      context.moveTo(from.x, from.y);
      context.lineTo(to.x, to.y);
    }
    context.stroke();
  }

  /** Every spike on its way along the strongest link of its neuron. */
  function drawPulses(palette: Palette, { now, fired }: NetworkMoment): void {
    if (fired.length === 0) return;
    context.lineWidth = 1.6;
    for (let column = 2; column < sizes.length; column++) {
      context.strokeStyle = layerColour(palette, column - 2);
      const first = firstOf(column - 1);
      context.beginPath();
      for (const link of links!.strongest) {
        if (link.column !== column) continue;
        const way = (now - fired[first + link.from]!) / PULSE_STEPS;
        if (!(way >= 0 && way < 1)) continue;
        const [from, to] = ends(link);
        const [tail, head] = still.matches ? [0, 1] : [Math.max(way - 0.12, 0), way];
        context.moveTo(from.x + tail * (to.x - from.x), from.y + tail * (to.y - from.y));
        context.lineTo(from.x + head * (to.x - from.x), from.y + head * (to.y - from.y));
      }
      context.globalAlpha = still.matches ? 0.25 : 0.9;
      context.stroke();
    }
    context.globalAlpha = 1;
  }

  function drawInputs(palette: Palette, trace: StepTrace | undefined): void {
    context.font = "10px ui-monospace, monospace";
    context.textAlign = "right";
    context.textBaseline = "middle";
    for (const [k, { x, y }] of layout.columns[0]!.entries()) {
      const strength = Math.min(Math.abs(trace?.sensed[k] ?? 0) / INPUT_SCALES[k]!, 1);
      context.fillStyle = palette.soft;
      context.fillText(INPUT_NAMES[k]!, x - 6, y);
      context.fillStyle = palette.ink;
      context.globalAlpha = 0.15 + 0.85 * strength;
      context.fillRect(x - 3, y - 3, 6, 6);
      context.globalAlpha = 1;
    }
  }

  function drawNeurons(palette: Palette, moment: NetworkMoment): void {
    const { trace, thresholds, now, fired, silent, reacting, chosen } = moment;
    for (let column = 1, neuron = 0; column < sizes.length - 1; column++) {
      const side = layout.sides[column]!;
      context.fillStyle = layerColour(palette, column - 1);
      for (const { x, y } of layout.columns[column]!) {
        const age = now - (fired[neuron] ?? Number.NEGATIVE_INFINITY);
        const glow = Math.min(Math.max((GLOW_STEPS - age) / (GLOW_STEPS - 1.5), 0), 1);
        const charge =
          trace && neuron < thresholds.length ? trace.membranes[neuron]! / thresholds[neuron]! : 0;
        context.globalAlpha = silent.has(neuron)
          ? 0.08
          : Math.max(glow, 0.14 + 0.5 * Math.min(Math.max(charge, 0), 1));
        context.fillRect(x - side / 2, y - side / 2, side, side);
        neuron++;
      }
    }
    context.globalAlpha = 1;
    const places = layout.columns.slice(1, -1).flat();
    mark(places, silent, 0, palette.alarm);
    mark(places, reacting, 2, palette.target);
    if (chosen !== undefined) mark(places, [chosen], 4, palette.ink);
  }

  /** A cross for what is silent, else a ring. */
  function mark(places: readonly Place[], neurons: Iterable<number>, ring: number, colour: string): void {
    context.strokeStyle = colour;
    context.lineWidth = ring > 2 ? 2 : 1;
    context.beginPath();
    for (const neuron of neurons) {
      const place = places[neuron];
      if (!place) continue;
      const { x, y } = place;
      const reach = 3 + ring;
      if (ring === 0) {
        context.moveTo(x - reach, y - reach);
        context.lineTo(x + reach, y + reach);
        context.moveTo(x + reach, y - reach);
        context.lineTo(x - reach, y + reach);
      } else {
        context.moveTo(x + reach, y);
        context.arc(x, y, reach, 0, 2 * Math.PI);
      }
    }
    context.stroke();
  }

  /** A rotor is a ring that fills with its command; the drone's nose is above. */
  function drawMotors(palette: Palette, trace: StepTrace | undefined): void {
    const colours = [palette.motor1, palette.motor2, palette.motor3, palette.motor4];
    context.textAlign = "center";
    for (const [motor, { x, y }] of layout.columns.at(-1)!.entries()) {
      const command = Math.min(Math.max(trace?.action[motor] ?? -1, -1), 1);
      context.lineWidth = 4;
      context.strokeStyle = palette.line;
      context.beginPath();
      context.arc(x, y, 17, 0, 2 * Math.PI);
      context.stroke();
      context.strokeStyle = colours[motor]!;
      context.beginPath();
      context.arc(x, y, 17, -Math.PI / 2, -Math.PI / 2 + Math.PI * (command + 1));
      context.stroke();
      context.fillStyle = palette.ink;
      context.fillText(fixed(command, 2), x, y);
    }
    const [right, , , left] = layout.columns.at(-1)! as [Place, Place, Place, Place];
    context.fillStyle = palette.soft;
    context.fillText("front", (right.x + left.x) / 2, right.y - 26);
  }

  return {
    get layout() {
      return layout;
    },

    begin(next, nextLinks) {
      sizes = next;
      links = nextLinks;
      laidOut = "";
    },

    draw(palette, moment) {
      const { width, height } = fitCanvas(canvas);
      const [wide, tall] = [width / devicePixelRatio, height / devicePixelRatio];
      if (laidOut !== `${wide} ${tall}`) layout = layOut(sizes, wide, tall);
      laidOut = `${wide} ${tall}`;
      context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
      context.clearRect(0, 0, wide, tall);
      if (!links) return;
      context.lineWidth = 1;
      context.strokeStyle = palette.soft;
      context.globalAlpha = moment.chosen === undefined ? 0.16 : 0.09;
      strokeLinks(links.strongest);
      context.globalAlpha = 1;
      drawPulses(palette, moment);
      context.lineWidth = 1.6;
      context.strokeStyle = palette.ink;
      strokeLinks(moment.chosenLinks.filter(({ weight }) => weight >= 0));
      context.setLineDash([4, 3]);
      strokeLinks(moment.chosenLinks.filter(({ weight }) => weight < 0));
      context.setLineDash([]);
      drawInputs(palette, moment.trace);
      drawNeurons(palette, moment);
      drawMotors(palette, moment.trace);
    },
  };
}
