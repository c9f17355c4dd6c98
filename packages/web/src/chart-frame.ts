import { fixed } from "./number-text.js";

/** The frame that charts share: room for a scale at the left and for time below, and what is written there. */
export interface ChartFrame {
  /** Of what is drawn, in pixels of the canvas. */
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface Tick {
  readonly at: number;
  readonly label: string;
}

/** CSS pixels. */
export const LEFT = 40;
export const BELOW = 15;
const ABOVE = 5;

export function frameOf(width: number, height: number): ChartFrame {
  const dot = devicePixelRatio;
  return { left: LEFT * dot, right: width, top: ABOVE * dot, bottom: height - BELOW * dot };
}

/** Ticks at places of the canvas: across the time below, along the scale at the left. */
export function drawFrame(
  context: CanvasRenderingContext2D,
  { left, right, top, bottom }: ChartFrame,
  across: readonly Tick[],
  along: readonly Tick[],
  colour: string,
): void {
  const dot = devicePixelRatio;
  context.save();
  context.font = `${10 * dot}px ui-monospace, monospace`;
  context.fillStyle = context.strokeStyle = colour;
  context.lineWidth = dot;
  for (const { at, label } of across) {
    context.globalAlpha = 0.3;
    context.strokeRect(at, top, 0, bottom - top);
    context.globalAlpha = 1;
    const isLast = at > right - 12 * dot;
    context.textAlign = isLast ? "right" : at < left + 12 * dot ? "left" : "center";
    context.fillText(label, isLast ? at - 3 * dot : at, bottom + 11 * dot);
  }
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const { at, label } of along) {
    context.globalAlpha = 0.3;
    context.strokeRect(left, at, right - left, 0);
    context.globalAlpha = 1;
    context.fillText(label, left - 4 * dot, Math.max(at, 6 * dot));
  }
  context.restore();
}

/** A second each, and the present at the right edge. */
export function secondsBack({ left, right }: ChartFrame, seconds: number): readonly Tick[] {
  return Array.from({ length: seconds + 1 }, (_, s) => ({
    at: left + ((right - left) * s) / seconds,
    label: s === seconds ? "now" : `−${seconds - s} s`,
  }));
}

/** Two to five round values within a range, in the unit whose `scale` the values are multiplied with. */
export function roundTicks([low, high]: readonly [number, number], scale = 1, unit = ""): readonly Tick[] {
  const most = ((high - low) * scale) / 2; // a longer step might leave a single one
  const decade = 10 ** Math.floor(Math.log10(most));
  const step = [5, 2, 1].find((factor) => factor * decade <= most)! * decade;
  const digits = Math.max(0, -Math.floor(Math.log10(step)));
  const first = Math.ceil((low * scale) / step);
  const last = Math.floor((high * scale) / step);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => {
    const value = (first + i) * step;
    return { at: value / scale, label: `${fixed(value, digits)}${unit}` };
  });
}
