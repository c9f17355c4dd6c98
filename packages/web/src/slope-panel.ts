import type { FlightClient } from "./flight-client.js";
import type { SlopeAnswer } from "./messages.js";
import { fixed } from "./number-text.js";
import { byId } from "./page.js";
import { drawStrip } from "./strip-chart.js";
import type { Palette } from "./theme.js";

/** The surrogate's slope explained: the curve, and gradients of a small flight, all from the core. */
export interface SlopePanel {
  paint(palette: Palette): void;
  /** Draws if there is anything new. */
  render(): void;
}

/** Distances of membrane and threshold that the curve shows. */
const REACH = 1;
const POINTS = 241;
const DISTANCES = Array.from({ length: POINTS }, (_, i) => REACH * ((2 * i) / (POINTS - 1) - 1));
const LAYERS = ["Layer 1", "Layer 2", "Read-out"] as const;
/** Decades of gradient magnitude that the bars span. */
const DECADES = 5;

export function setUpSlopePanel(client: FlightClient): SlopePanel {
  let palette: Palette | undefined;
  let answer: SlopeAnswer | undefined;
  let largest = 0;
  let stale = false;
  let asking = false;
  let wantsMore = false;
  const slider = byId<HTMLInputElement>("slope");

  byId("slope-layers").replaceChildren(
    ...LAYERS.map((name) => {
      const row = document.createElement("tr");
      const head = document.createElement("th");
      head.scope = "row";
      head.textContent = name;
      row.append(head, barCell(), barCell());
      return row;
    }),
  );

  async function ask(): Promise<void> {
    slider.parentElement!.querySelector("output")!.textContent = slider.value;
    wantsMore = true;
    if (asking) return;
    asking = true;
    while (wantsMore) {
      wantsMore = false;
      answer = await client.probeSlope(Number(slider.value), DISTANCES);
      largest = Math.max(largest, ...answer.layers.map(({ meanMagnitude }) => meanMagnitude));
      stale = true;
    }
    asking = false;
  }
  slider.addEventListener("input", ask);

  return {
    paint(next) {
      palette = next;
      stale = true;
    },
    render() {
      if (byId("panel-slope").hidden || !palette) return;
      if (!answer && !asking) ask();
      if (!answer || !stale) return;
      stale = false;
      drawStrip(byId("slope-curve"), {
        series: [
          { values: DISTANCES.map((x) => Number(x > 0)), colour: palette.soft },
          { values: answer.curve, colour: palette.layer2 },
        ],
        points: POINTS,
        alignRight: false,
        range: [-0.05, 1.15],
        rules: [],
        across: [0, POINTS >> 1, POINTS - 1].map((at) => ({
          at,
          label: fixed(DISTANCES[at]!, 1),
        })),
        text: palette.soft,
      });
      const rows = [...byId("slope-layers").children];
      for (const [i, { meanMagnitude, alignment }] of answer.layers.entries()) {
        const [magnitudeCell, alignmentCell] = rows[i]!.querySelectorAll("td");
        const decades = meanMagnitude > 0 ? Math.log10(meanMagnitude / largest) : -DECADES;
        writeBar(magnitudeCell!, 1 + decades / DECADES, meanMagnitude.toExponential(1));
        writeBar(alignmentCell!, alignment, fixed(alignment, 2));
      }
    },
  };
}

function barCell(): HTMLTableCellElement {
  const cell = document.createElement("td");
  cell.append(document.createElement("i"), document.createElement("span"));
  return cell;
}

function writeBar(cell: HTMLTableCellElement, part: number, text: string): void {
  (cell.firstChild as HTMLElement).style.width = `${(100 * Math.min(Math.max(part, 0.004), 1)).toFixed(1)}%`;
  cell.lastChild!.textContent = text;
}
