/** A picture that moves, as a GIF: frames are drawn like any picture, and no screen is needed. */
import { Resvg } from "@resvg/resvg-js";
import type { Animation, Plot } from "@spikewing/rl";
import gifenc from "gifenc";
import { drawChart, type Panel } from "./chart.js";
import { panelOf } from "./report.js";

const WIDTH = 460;
const HEIGHT = 380;
/** What a chart is higher than its one row. */
const HEAD = 34;
/** Points of a path that a frame goes on by. */
const STRIDE = 2;
const COLOURS = 32;
/** Frames that are rendered at once: fonts are read once for all of them. */
const SHEET = 24;
const PAUSE_MS = 1500;

/** Frame after frame: the whole of every path quietly, what has been flown of it, and where it stands. */
function panelsOf(plot: Plot): readonly Panel[] {
  const panel = panelOf(plot);
  const longest = Math.max(0, ...panel.series.map(({ points }) => points.length));
  return Array.from({ length: Math.ceil(longest / STRIDE) }, (_, frame): Panel => {
    const flown = panel.series.map((series) => {
      const points = series.points.slice(0, frame * STRIDE + 1);
      return { label: series.label, colour: series.colour, points };
    });
    return {
      ...panel,
      series: [
        ...panel.series.map(({ points }) => ({ label: "", colour: "#dde1e6", points })),
        ...flown,
        ...flown.map(({ colour, points }) => ({ label: "", colour, points: points.slice(-1), dots: true })),
      ],
    };
  });
}

/** RGBA of frames that lie below each other in one picture. */
function renderSheet(title: string, panels: readonly Panel[]): readonly Uint8Array[] {
  const frames = panels.map(
    (panel, i) =>
      `<g transform="translate(0 ${i * HEIGHT})">${drawChart(title, [[panel]], WIDTH, HEIGHT - HEAD)}</g>`,
  );
  const all = HEIGHT * panels.length;
  const sheet = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${all}">${frames.join("")}</svg>`;
  const font = { loadSystemFonts: true, defaultFontFamily: "DejaVu Sans" };
  const { pixels } = new Resvg(sheet, { font }).render();
  const bytes = 4 * WIDTH * HEIGHT;
  return panels.map((_, i) => new Uint8Array(pixels.subarray(i * bytes, (i + 1) * bytes)));
}

/** What has not changed since the frame before is left out: it shines through. */
function changesOf(index: Uint8Array, before: Uint8Array | undefined, transparent: number): Uint8Array {
  return before === undefined
    ? index
    : index.map((colour, at) => (colour === before[at] ? transparent : colour));
}

/** The bytes of a GIF that runs on and on. */
export function drawAnimation({ title, plot, pointsPerS }: Animation): Uint8Array {
  const panels = panelsOf(plot);
  const gif = gifenc.GIFEncoder();
  let palette: readonly (readonly number[])[] = [];
  let before: Uint8Array | undefined;
  for (let first = 0; first < panels.length; first += SHEET) {
    const frames = renderSheet(title, panels.slice(first, first + SHEET));
    if (first === 0) palette = gifenc.quantize(frames.at(-1)!, COLOURS - 1);
    frames.forEach((rgba, i) => {
      const isLast = first + i === panels.length - 1;
      const index = gifenc.applyPalette(rgba, palette);
      gif.writeFrame(changesOf(index, before, palette.length), WIDTH, HEIGHT, {
        ...(before === undefined && { palette: [...palette, [0, 0, 0]] }),
        ...{ transparent: true, transparentIndex: palette.length, dispose: 1 },
        delay: isLast ? PAUSE_MS : (1000 * STRIDE) / pointsPerS,
      });
      before = index;
    });
  }
  gif.finish();
  return gif.bytes();
}
