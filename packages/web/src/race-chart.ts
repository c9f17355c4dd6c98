import type { RecordedScore } from "@spikewing/rl";
import { roundTicks } from "./chart-frame.js";

/** How one policy does in a race. */
export interface RaceEntry {
  readonly title: string;
  /** A CSS colour. */
  readonly colour: string;
  /** Of the starts flown here; undefined: none yet. */
  readonly flown: RecordedScore | undefined;
  /** What its file says. */
  readonly published: RecordedScore | undefined;
}

/** A perfect flight of 5 s. */
const MOST = 500;
/** CSS pixels. */
const ROW = 44;
const AXIS = 20;
const SIDE = 14;

const NAMESPACE = "http://www.w3.org/2000/svg";

/** Means with a standard error each way, flown and published, on one scale of returns. */
export function drawRace(svg: SVGSVGElement, entries: readonly RaceEntry[]): void {
  const width = svg.clientWidth;
  const height = ROW * entries.length + AXIS;
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.style.height = `${height}px`;
  const range = rangeOf(entries);
  const [low, high] = range;
  const x = (value: number) => SIDE + ((value - low) / (high - low)) * (width - 2 * SIDE);
  const make = (name: string, attributes: Readonly<Record<string, string | number>>, text = "") => {
    const element = document.createElementNS(NAMESPACE, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
    element.textContent = text;
    return element;
  };
  const bar = (kind: string, { meanReturn, standardError }: RecordedScore, y: number) => {
    const [from, to] = [x(Math.max(meanReturn - standardError, low)), x(meanReturn + standardError)];
    const caps = [from, to].map((at) => `M${at} ${y - 5}v10`).join("");
    return [
      make("path", { class: `${kind} bar`, d: `M${from} ${y}H${to}${caps}` }),
      make("circle", { class: kind, cx: x(meanReturn), cy: y, r: 3 }),
    ];
  };
  const ticks = roundTicks(range).flatMap(({ at, label }) => [
    make("path", { class: "tick", d: `M${x(at)} 0V${height - AXIS}` }),
    make("text", { x: x(at), y: height - 6, "text-anchor": "middle" }, label),
  ]);
  const rows = entries.map(({ title, colour, flown, published }, i) => {
    const row = make("g", {}) as SVGGElement;
    row.style.setProperty("--colour", colour);
    row.append(make("text", { class: "name", x: SIDE, y: ROW * i + 15 }, title));
    if (flown) row.append(...bar("flown", flown, ROW * i + 26));
    if (published) row.append(...bar("published", published, ROW * i + 37));
    return row;
  });
  svg.replaceChildren(...ticks, ...rows);
}

/** From a round number below all that is drawn to a perfect flight. */
function rangeOf(entries: readonly RaceEntry[]): readonly [number, number] {
  const lows = entries
    .flatMap(({ flown, published }) => [flown, published])
    .flatMap((score) => (score ? [score.meanReturn - score.standardError] : []));
  return [Math.max(0, 50 * Math.floor(Math.min(450, ...lows) / 50)), MOST];
}
