import { printable } from "@spikewing/rl";
import { type ScaleContinuousNumeric, scaleLinear, scaleLog } from "d3-scale";
import { area, line } from "d3-shape";

export type Point = readonly [x: number, y: number];

export interface Series {
  readonly label: string;
  readonly colour: string;
  readonly points: readonly Point[];
  readonly dashed?: boolean;
  /** Marks single points, the first of them with a ring. */
  readonly marks?: boolean;
  /** Points that no line joins, each with its band as a stroke through it. */
  readonly dots?: boolean;
  /** What a value is uncertain by: shaded behind the line. */
  readonly band?: readonly (readonly [x: number, low: number, high: number])[];
}

export interface Panel {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly series: readonly Series[];
  /** The whole x axis; else it spans the data. */
  readonly xDomain?: readonly [number, number];
  /** Values that the axis must show besides the data. */
  readonly yIncludes?: readonly number[];
  /** One metre is as long in x as in y. */
  readonly equalUnits?: boolean;
  /** Names that stand at x = 0, 1, 2, ... instead of numbers. */
  readonly categories?: readonly string[];
  /** Every power of ten is as high; what is not above zero is not drawn. */
  readonly isLogarithmic?: boolean;
}

export const COLOURS = {
  policy: "#1f6fb4",
  second: "#d1711c",
  third: "#2f8f57",
  quiet: "#8a8f98",
  warning: "#b8323e",
} as const;

const INK = "#22262b";
const GRID = "#e4e7eb";
/** Mean width of a letter, px; a capital's is 0.3 more of it. */
const LETTER = 6.6;
const MARGIN = { top: 46, right: 18, bottom: 44, left: 58 } as const;

/** XML knows no control characters, not even escaped. */
const escapeXml = (text: string) =>
  printable(text).replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
const number = (value: number) => String(Math.round(value * 100) / 100);

function extent(values: readonly number[]): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values.filter(Number.isFinite)) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low > high) return [0, 1];
  return low === high ? [low - 0.5, high + 0.5] : [low, high];
}

/** Stretches a domain about its middle. */
function stretch([low, high]: readonly [number, number], span: number): [number, number] {
  const middle = (low + high) / 2;
  return [middle - span / 2, middle + span / 2];
}

function scalesOf(panel: Panel, width: number, height: number) {
  const points = panel.series.flatMap((series) => series.points);
  const bands = panel.series.flatMap(({ band = [] }) => band.flatMap(([, low, high]) => [low, high]));
  const values = [...points.map(([, y]) => y), ...bands, ...(panel.yIncludes ?? [])];
  const named = panel.categories && ([-0.4, panel.categories.length - 0.6] as const);
  let xDomain = panel.xDomain ?? named ?? extent(points.map(([x]) => x));
  if (panel.isLogarithmic) {
    const [low, high] = extent(points.map(([, y]) => y).filter((y) => y > 0));
    return { x: scaleLinear(xDomain, [0, width]), y: scaleLog([low, high], [height, 0]).clamp(true).nice() };
  }
  let yDomain: readonly [number, number] = extent(values);
  if (panel.equalUnits) {
    const unit = 1.1 * Math.max((xDomain[1] - xDomain[0]) / width, (yDomain[1] - yDomain[0]) / height);
    xDomain = stretch(xDomain, unit * width);
    yDomain = stretch(yDomain, unit * height);
  }
  const x = scaleLinear(xDomain, [0, width]);
  const y = scaleLinear(yDomain, [height, 0]);
  return { x, y: panel.equalUnits ? y : y.nice(5) };
}

type Scale = ScaleContinuousNumeric<number, number>;

/** Of a logarithmic axis as many powers of ten as it has room for. */
function ticksOf(scale: Scale, count: number, isLogarithmic = false): readonly number[] {
  if (!isLogarithmic) return scale.ticks(count);
  const powers = scale.ticks().filter((tick) => tick.toExponential().startsWith("1e"));
  const every = Math.ceil(powers.length / count);
  return powers.filter((_, i) => i % every === 0);
}

function drawAxes({ categories, isLogarithmic }: Panel, x: Scale, y: Scale, w: number, h: number) {
  const xTicks = categories ? categories.map((_, at) => at) : x.ticks(Math.max(2, Math.round(w / 80)));
  const yTicks = ticksOf(y, Math.max(2, Math.round(h / 45)), isLogarithmic);
  const xFormat = (tick: number) =>
    categories ? escapeXml(categories[tick]!) : x.tickFormat(xTicks.length)(tick);
  const yFormat = (tick: number) =>
    isLogarithmic ? tick.toExponential(0) : y.tickFormat(yTicks.length)(tick);
  return [
    ...xTicks.map((tick) => {
      const at = number(x(tick));
      const label = xFormat(tick);
      const anchor = x(tick) + (LETTER * label.length) / 2 > w + MARGIN.right ? "end" : "middle";
      return `<path d="M${at} 0V${h}" stroke="${GRID}"/><text x="${at}" y="${h + 16}" text-anchor="${anchor}">${label}</text>`;
    }),
    ...yTicks.map((tick) => {
      const at = number(y(tick));
      return `<path d="M0 ${at}H${w}" stroke="${GRID}"/><text x="-8" y="${at}" dy="0.32em" text-anchor="end">${yFormat(tick)}</text>`;
    }),
    `<path d="M0 0V${h}H${w}" fill="none" stroke="${INK}"/>`,
  ];
}

function drawBand({ band = [], colour, dots }: Series, x: Scale, y: Scale): string {
  const seen = band.filter((edges) => edges.every(Number.isFinite));
  if (dots) {
    const strokes = seen.map(([px, low, high]) => `M${number(x(px))} ${number(y(low))}V${number(y(high))}`);
    return `<path d="${strokes.join("")}" stroke="${colour}" stroke-width="2"/>`;
  }
  const path = area<(typeof seen)[number]>()
    .x(([px]) => x(px))
    .y0(([, low]) => y(low))
    .y1(([, , high]) => y(high))
    .digits(2)(seen);
  return `<path d="${path ?? ""}" fill="${colour}" fill-opacity="0.16"/>`;
}

function drawSeries(series: Series, x: Scale, y: Scale): string[] {
  const { points, colour, dashed = false, marks = false, dots = false } = series;
  const seen = points.filter(([px, py]) => Number.isFinite(px) && Number.isFinite(py));
  const at = ([px, py]: Point) => `cx="${number(x(px))}" cy="${number(y(py))}"`;
  if (dots) {
    const fill = dashed ? "white" : colour;
    return seen.map(
      (point) => `<circle ${at(point)} r="4" fill="${fill}" stroke="${colour}" stroke-width="1.5"/>`,
    );
  }
  if (marks) {
    return seen.map(
      (point, i) =>
        `<circle ${at(point)} r="4.5" fill="${i === 0 ? "white" : colour}" stroke="${colour}" stroke-width="2"/>`,
    );
  }
  const path = line<Point>()
    .defined(([px, py]) => Number.isFinite(px) && Number.isFinite(py))
    .x(([px]) => x(px))
    .y(([, py]) => y(py))
    .digits(2)(points);
  const dash = dashed ? ` stroke-dasharray="6 4"` : "";
  const single = seen.length === 1 ? [`<circle ${at(seen[0]!)} r="3" fill="${colour}"/>`] : [];
  return [
    `<path d="${path ?? ""}" fill="none" stroke="${colour}" stroke-width="1.8" stroke-linejoin="round"${dash}/>`,
    ...single,
  ];
}

const LEGEND_ROW = 16;

/** Labels under the title, in as many rows as they need. */
function layOutLegend(series: readonly Series[], width: number) {
  let [left, row] = [0, 0];
  const labels = series
    .filter(({ label }) => label !== "")
    .map((labelled) => {
      const capitals = labelled.label.match(/[A-Z+]/g)?.length ?? 0;
      const wide = 38 + LETTER * (labelled.label.length + 0.3 * capitals);
      if (left > 0 && left + wide - 13 > width) [left, row] = [0, row + 1];
      const at = left;
      left += wide;
      return { ...labelled, at, row };
    });
  return { labels, rows: row + 1 };
}

function drawLegend({ labels, rows }: ReturnType<typeof layOutLegend>): string[] {
  return labels.map(({ label, colour, dashed, marks, dots, at, row }) => {
    const middle = -12 - LEGEND_ROW * (rows - 1 - row);
    const fill = marks || dashed ? "white" : colour;
    const sign =
      marks || dots
        ? `<circle cx="${at + 10}" cy="${middle}" r="4" fill="${fill}" stroke="${colour}" stroke-width="2"/>`
        : `<path d="M${at} ${middle}h20" stroke="${colour}" stroke-width="2.4"${dashed ? ` stroke-dasharray="6 4"` : ""}/>`;
    return `${sign}<text x="${number(at + 25)}" y="${middle + 4}">${escapeXml(label)}</text>`;
  });
}

function drawPanel(panel: Panel, left: number, top: number, width: number, height: number): string {
  const w = width - MARGIN.left - MARGIN.right;
  const legend = layOutLegend(panel.series, w);
  const extra = LEGEND_ROW * (legend.rows - 1);
  const h = height - MARGIN.top - MARGIN.bottom - extra;
  const { x, y } = scalesOf(panel, w, h);
  return [
    `<g transform="translate(${left + MARGIN.left} ${top + MARGIN.top + extra})">`,
    `<text y="${-28 - extra}" font-size="14" font-weight="600">${escapeXml(panel.title)}</text>`,
    ...drawLegend(legend),
    ...drawAxes(panel, x, y, w, h),
    ...panel.series.filter(({ band }) => band).map((series) => drawBand(series, x, y)),
    ...panel.series.flatMap((series) => drawSeries(series, x, y)),
    `<text x="${w / 2}" y="${h + 34}" text-anchor="middle">${escapeXml(panel.xLabel)}</text>`,
    `<text transform="translate(-44 ${h / 2}) rotate(-90)" text-anchor="middle">${escapeXml(panel.yLabel)}</text>`,
    "</g>",
  ].join("\n");
}

/**
 * Panels row by row as one SVG document; every row is as high as `rowHeight` and shared out evenly. `note`: a line under the
 * title that says how to read them.
 */
export function drawChart(
  title: string,
  rows: readonly (readonly Panel[])[],
  width: number,
  rowHeight: number,
  note = "",
): string {
  const head = note === "" ? 34 : 52;
  const height = head + rows.length * rowHeight;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, 'DejaVu Sans', sans-serif" font-size="12" fill="${INK}">`,
    `<rect width="${width}" height="${height}" fill="white"/>`,
    `<text x="14" y="24" font-size="16" font-weight="700">${escapeXml(title)}</text>`,
    ...(note === "" ? [] : [`<text x="14" y="43" fill="${COLOURS.quiet}">${escapeXml(note)}</text>`]),
    ...rows.flatMap((panels, row) =>
      panels.map((panel, column) => {
        const share = width / panels.length;
        return drawPanel(panel, column * share, head + row * rowHeight, share, rowHeight);
      }),
    ),
    "</svg>\n",
  ].join("\n");
}
