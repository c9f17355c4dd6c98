import { drawFrame, frameOf, roundTicks, secondsBack, type Tick } from "./chart-frame.js";
import { fitCanvas } from "./spike-raster.js";

export interface Series {
  /** NaN where there is none yet: nothing is drawn there. */
  readonly values: ArrayLike<number>;
  readonly colour: string;
}

export interface Strip {
  readonly series: readonly Series[];
  /** Points across the whole width; a shorter series ends at the right edge, a chart of a run starts at the left. */
  readonly points: number;
  readonly alignRight: boolean;
  readonly range: readonly [number, number];
  /** Dashed lines across. */
  readonly rules: readonly { readonly at: number; readonly colour: string }[];
  /** Points to mark at the top edge. */
  readonly ticks?: { readonly at: readonly number[]; readonly colour: string };
  readonly text: string;
  /** What the values are multiplied with to be in `unit`, which the scale is in. */
  readonly scale?: number;
  readonly unit?: string;
  /** What the width is: seconds up to now, or points, which `across` names. */
  readonly across: { readonly seconds: number } | readonly Tick[];
}

/** Draws lines over time, as a paper recorder does. */
export function drawStrip(canvas: HTMLCanvasElement, strip: Strip): void {
  const { width, height } = fitCanvas(canvas);
  const context = canvas.getContext("2d")!;
  const dot = devicePixelRatio;
  const [low, high] = strip.range;
  const frame = frameOf(width, height);
  const { left, right, top, bottom } = frame;
  const y = (value: number) => top + ((high - value) / (high - low || 1)) * (bottom - top);
  const x = (i: number) => left + (strip.points > 1 ? (i / (strip.points - 1)) * (right - left) : 0);
  context.clearRect(0, 0, width, height);
  const across =
    "seconds" in strip.across
      ? secondsBack(frame, strip.across.seconds)
      : strip.across.map(({ at, label }) => ({ at: x(at), label }));
  const along = roundTicks(strip.range, strip.scale, strip.unit);
  drawFrame(
    context,
    frame,
    across,
    along.map(({ at, label }) => ({ at: y(at), label })),
    strip.text,
  );
  context.lineJoin = "round";
  for (const { at, colour } of strip.rules) {
    if (at < low || at > high) continue;
    context.strokeStyle = colour;
    context.globalAlpha = 0.55;
    context.lineWidth = dot;
    context.setLineDash([4 * dot, 4 * dot]);
    context.beginPath();
    context.moveTo(left, y(at));
    context.lineTo(width, y(at));
    context.stroke();
    context.globalAlpha = 1;
    context.setLineDash([]);
  }
  for (const { values, colour } of strip.series) {
    const first = strip.alignRight ? strip.points - values.length : 0;
    context.strokeStyle = colour;
    context.lineWidth = 1.4 * dot;
    context.beginPath();
    for (let i = 0; i < values.length; i++) {
      if (Number.isNaN(values[i])) continue;
      if (i === 0 || Number.isNaN(values[i - 1])) context.moveTo(x(first + i), y(values[i]!));
      else context.lineTo(x(first + i), y(values[i]!));
    }
    context.stroke();
  }
  if (strip.ticks) {
    context.fillStyle = strip.ticks.colour;
    for (const i of strip.ticks.at) context.fillRect(x(i) - dot, 0, 2 * dot, 7 * dot);
  }
}

/** The range of some values, widened to what must be seen, with a little air. */
export function rangeOf(
  series: readonly ArrayLike<number>[],
  seen: readonly number[],
): readonly [number, number] {
  let low = Math.min(...seen);
  let high = Math.max(...seen);
  for (const values of series) {
    for (let i = 0; i < values.length; i++) {
      low = Math.min(low, values[i]!);
      high = Math.max(high, values[i]!);
    }
  }
  const air = 0.06 * (high - low || 1);
  return [low - air, high + air];
}
