import "./style/scores.css";
import "./style/race.css";
import type { RecordedScore } from "@spikewing/rl";
import { type Measuring, measure, told } from "./measures.js";
import { fixed } from "./number-text.js";
import { byId, isBusy, say, setBusy } from "./page.js";
import type { PolicyLibrary } from "./policy-library.js";
import { titleOf } from "./policy-names.js";
import { drawRace, type RaceEntry } from "./race-chart.js";
import type { Session } from "./session.js";
import { DRONE_COLOURS } from "./theme.js";

/** As many as the protocol of every published number. */
const MOST_EPISODES = 4000;

/** Policies over many starts, with standard errors that shrink while they fly. */
export function setUpRacePanel(
  box: HTMLElement,
  session: Session,
  library: () => Pick<PolicyLibrary, "get">,
): void {
  box.innerHTML = `
  <p>The same reserved starts for each, 5 s a start, nothing done to the drone: the task that published returns are of.</p>
  <div class="group">
    <button id="race-start" type="button">Race over many starts</button>
    <button id="race-stop" type="button" aria-disabled="true">Stop</button>
  </div>
  <p id="race-progress" class="facts" role="status"></p>
  <figure id="race-figure" hidden>
    <svg id="race-chart" role="img" aria-label="Mean return of each policy with its standard error; the table has the numbers"></svg>
    <figcaption>Mean return, of 500: <span class="flown">flown here</span> <span class="published">published with the policy</span>; a bar is one standard error each way</figcaption>
  </figure>
  <div id="race-scroll" role="region" tabindex="0" aria-label="Returns of the race" hidden>
    <table class="scores">
      <thead><tr><th scope="col">Policy</th><th scope="col">Starts</th><th scope="col">Return</th><th scope="col">Lost</th><th scope="col">Published</th></tr></thead>
      <tbody id="race-rows"></tbody>
    </table>
  </div>`;
  const start = byId<HTMLButtonElement>("race-start");
  const stop = byId<HTMLButtonElement>("race-stop");
  let entries: RaceEntry[] = [];
  let running: Measuring<void> | undefined;

  function show(): void {
    drawRace(document.querySelector<SVGSVGElement>("#race-chart")!, entries);
    byId("race-rows").replaceChildren(
      ...entries.map(({ title, colour, flown, published }) => {
        const row = document.createElement("tr");
        row.style.setProperty("--colour", colour);
        const name = document.createElement("th");
        name.scope = "row";
        name.textContent = title;
        const cells = [
          flown ? String(flown.episodes) : "0",
          flown ? returnOf(flown) : "–",
          flown ? lostOf(flown) : "–",
          published ? `${returnOf(published)}, ${lostOf(published)} of\u00a0${published.episodes}` : "–",
        ].map((text) => {
          const cell = document.createElement("td");
          cell.textContent = text;
          return cell;
        });
        row.append(name, ...cells);
        return row;
      }),
    );
  }
  new ResizeObserver(() => show()).observe(byId("race-figure"));

  async function race(names: readonly string[]): Promise<void> {
    const policies = await Promise.all(names.map((name) => library().get(name)));
    entries = names.map((name, i) => ({
      title: titleOf(name),
      colour: `var(--${DRONE_COLOURS[i] ?? "soft"})`,
      flown: undefined,
      published: undefined,
    }));
    byId("race-figure").hidden = byId("race-scroll").hidden = false;
    const hear = (entrant: number, flown: RecordedScore) => {
      entries[entrant] = { ...entries[entrant]!, flown };
      show();
    };
    running = measure(async (measures) => {
      const published = await measures.published(policies);
      entries = entries.map((entry, i) => ({ ...entry, published: published[i] }));
      await measures.race(policies, MOST_EPISODES, told(hear));
    });
    await running.ended;
    const [first] = entries;
    byId("race-progress").textContent = `Ended after ${first?.flown?.episodes ?? 0} starts`;
  }

  start.addEventListener("click", async () => {
    if (isBusy(start)) return;
    setBusy(start, true);
    setBusy(stop, false);
    byId("race-progress").textContent = "In flight";
    try {
      await race(session.flown);
    } catch (error) {
      byId("race-progress").textContent = "";
      say((error as Error).message, "problem");
    } finally {
      setBusy(start, false);
      setBusy(stop, true);
    }
  });
  stop.addEventListener("click", () => running?.stop());
}

// Where a column is narrow it breaks in front of what belongs together.
const returnOf = ({ meanReturn, standardError }: RecordedScore) =>
  `${fixed(meanReturn, 1)} ±\u00a0${standardError.toFixed(1)}`;
const lostOf = ({ crashRate }: RecordedScore) => `${(100 * crashRate).toFixed(1)}\u00a0%`;
