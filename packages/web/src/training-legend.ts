import { byId } from "./page.js";
import { DRONE_COLOURS } from "./theme.js";
import { DASHES, type NamedRun } from "./training-charts.js";

/** What is drawn how: a line for each run, the band about it, and what one alone has beside it. */
export function showLegend(runs: readonly NamedRun[]): void {
  const flights = [...new Set(runs.map(flightsOf))].filter((count) => count !== undefined);
  const mean = `mean of ${flights.length === 1 ? flights[0] : "the"} validation flights`;
  const hasTraining =
    runs.length === 1 && runs[0]!.points.some(({ trainingReturn }) => trainingReturn !== undefined);
  byId("train-legend").replaceChildren(
    ...runs.map(({ name }, run) => entry("line", runs.length === 1 ? mean : name, run)),
    ...(runs.length > 0
      ? [
          entry(
            "band",
            `± ${runs.length === 1 ? "its standard error" : `a standard error about the ${mean}`}`,
            0,
          ),
        ]
      : []),
    ...(hasTraining ? [entry("thin", "flights of the training, guide and noise included")] : []),
  );
}

const flightsOf = ({ points }: NamedRun) =>
  points.findLast(({ validation }) => validation)?.validation?.flights;

const SVG = "http://www.w3.org/2000/svg";

/** A sample as it is drawn, and what it stands for. */
function entry(kind: "line" | "band" | "thin", text: string, run = 0): HTMLLIElement {
  const item = document.createElement("li");
  item.className = kind;
  if (kind !== "thin")
    item.style.setProperty("--colour", `var(--${DRONE_COLOURS[run % DRONE_COLOURS.length]})`);
  const sample = document.createElementNS(SVG, "svg");
  sample.setAttribute("viewBox", "0 0 30 10");
  sample.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", "M0 5h30");
  if (kind === "line") line.setAttribute("stroke-dasharray", DASHES[run % DASHES.length]!.join(" "));
  sample.append(line);
  item.append(sample, text);
  return item;
}
