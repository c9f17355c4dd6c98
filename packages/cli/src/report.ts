import { join } from "node:path";
import { Resvg } from "@resvg/resvg-js";
import { type Figure, type Plot, type Report, tableTexts } from "@spikewing/rl";
import { COLOURS, drawChart, type Panel, type Series } from "./chart.js";
import { formatTable } from "./print.js";
import { writeWhole } from "./whole-file.js";

/** A report as a terminal shows it. */
export function formatReport({ tables, claims, notes }: Report): string[] {
  return [
    ...tables.flatMap((table) => [table.caption, ...formatTable(tableTexts(table)), ""]),
    ...claims.flatMap(({ claim, published, ours, verdict }) => [
      `${verdict}: ${claim}`,
      `  published: ${published}`,
      `  ours: ${ours}`,
    ]),
    ...notes,
  ];
}

const LINES = [
  COLOURS.policy,
  COLOURS.second,
  COLOURS.third,
  COLOURS.warning,
  "#7a4fa3",
  "#2aa1a8",
  "#a3761f",
  "#5d6b1e",
];

/** Points of several curves over one name stand side by side, this far apart. */
const BESIDE = 0.09;

export function panelOf({ curves, categories, isConnected, isLogarithmic, isMap, ...plot }: Plot): Panel {
  const dots = categories !== undefined && !isConnected;
  const ours = curves.filter(({ isPublished }) => !isPublished);
  return {
    ...plot,
    ...(categories && { categories }),
    ...(isLogarithmic && { isLogarithmic }),
    ...(isMap && { equalUnits: true }),
    series: curves.map((curve, i): Series => {
      const aside = dots ? BESIDE * (i - (curves.length - 1) / 2) : 0;
      const colour = curve.isPublished ? COLOURS.quiet : LINES[ours.indexOf(curve) % LINES.length]!;
      const points = curve.points.map(({ x, y }) => [x + aside, y] as const);
      const band = curve.points.map(({ x, y, error = 0 }) => [x + aside, y - error, y + error] as const);
      return { label: curve.label, colour, points, dashed: curve.isPublished ?? false, band, dots };
    }),
  };
}

/** A figure as SVG. */
export function drawFigure(title: string, figure: Figure): string {
  return drawChart(
    title,
    figure.map((row) => row.map(panelOf)),
    1080,
    340,
    howToRead(figure.flat()),
  );
}

/** What stands for an error, and for somebody else's figures, where there are any. */
function howToRead(plots: readonly Plot[]): string {
  const curves = plots.flatMap((plot) => plot.curves);
  const hasErrors = curves.some(({ points }) => points.some(({ error }) => error !== undefined));
  const hasOthers = curves.some(({ isPublished }) => isPublished);
  return [
    ...(hasErrors ? ["means of the runs; band or stroke: one standard error on either side"] : []),
    ...(hasOthers ? ["grey: what ours is held against"] : []),
  ].join("; ");
}

/** Writes a figure as NAME.svg and NAME.png. */
export function writePicture(folder: string, name: string, title: string, figure: Figure): void {
  const svg = drawFigure(title, figure);
  writeWhole(join(folder, `${name}.svg`), svg);
  const font = { loadSystemFonts: true, defaultFontFamily: "DejaVu Sans" };
  writeWhole(join(folder, `${name}.png`), new Resvg(svg, { font }).render().asPng());
}
