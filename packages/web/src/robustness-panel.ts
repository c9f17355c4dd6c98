import "./style/scores.css";
import "./style/robustness.css";
import type { Tracking } from "@spikewing/rl";
import {
  type ConditionRow,
  type Measures,
  type Measuring,
  measure,
  type Robustness,
  told,
} from "./measures.js";
import { fixed } from "./number-text.js";
import { byId, isBusy, saveAs, say, setBusy } from "./page.js";
import type { PolicyLibrary } from "./policy-library.js";
import { titleOf } from "./policy-names.js";
import type { Session } from "./session.js";

/** What a policy bears: the table of `evaluate --robustness`, computed here. */
export function setUpRobustnessPanel(
  panel: HTMLElement,
  session: Session,
  library: () => Pick<PolicyLibrary, "get">,
): void {
  panel.innerHTML = `
  <div class="prose">
    <p>What the policy that flies bears: delay, other mass, thrust, motors and voltage, wind, gusts and noise, one by one.
    The starts are the reserved ones, so the numbers are those of <code>spikewing evaluate --robustness</code>.</p>
    <div class="group">
      <label>Episodes each
        <select id="robustness-episodes">
          <option value="20">20</option><option value="100" selected>100, as the command line</option><option value="1000">1000</option>
        </select>
      </label>
    </div>
    <div class="group">
      <button id="robustness-start" type="button">Score it</button>
      <button id="robustness-stop" type="button" aria-disabled="true">Stop</button>
      <button id="robustness-save" type="button" disabled>Save as JSON</button>
    </div>
    <progress id="robustness-part" aria-label="Conditions that are scored" value="0" hidden></progress>
    <output id="robustness-left" class="facts" aria-live="off"></output>
    <p id="robustness-news" class="facts" role="status"></p>
  </div>
  <div class="tables" role="region" tabindex="0" aria-label="What the policy bears" hidden>
    <table class="scores">
      <caption id="robustness-caption"></caption>
      <thead><tr><th scope="col">Condition</th><th scope="col">Return</th><th scope="col">Lost</th><th scope="col">Distance from 2 s on</th></tr></thead>
      <tbody id="robustness-rows"></tbody>
    </table>
    <table class="scores">
      <caption>Along a moving target, 20 starts each</caption>
      <thead><tr><th scope="col">Path</th><th scope="col">Distance</th><th scope="col">Steady offset</th><th scope="col">Late by</th><th scope="col">Lost</th></tr></thead>
      <tbody id="tracking-rows"></tbody>
    </table>
  </div>`;
  const start = byId<HTMLButtonElement>("robustness-start");
  const stop = byId<HTMLButtonElement>("robustness-stop");
  const save = byId<HTMLButtonElement>("robustness-save");
  const progress = byId<HTMLProgressElement>("robustness-part");
  let running: Measuring<Robustness> | undefined;
  let result: { readonly name: string; readonly document: Robustness } | undefined;

  async function score(name: string, episodes: number): Promise<void> {
    const policy = await library().get(name);
    byId("robustness-caption").textContent =
      `${titleOf(name)}: mean of ${episodes} reserved episodes ± its standard error`;
    for (const id of ["robustness-rows", "tracking-rows"]) byId(id).replaceChildren();
    panel.querySelector<HTMLElement>(".tables")!.hidden = false;
    progress.hidden = false;
    progress.value = 0;
    const beganAt = performance.now();
    const hear: Parameters<Measures["robustness"]>[2] = (piece, done, pieces) => {
      if ("condition" in piece) byId("robustness-rows").append(conditionRow(piece.condition));
      else byId("tracking-rows").append(trackingRow(piece.trajectory));
      progress.max = pieces;
      progress.value = done;
      const leftS = (((performance.now() - beganAt) / done) * (pieces - done)) / 1000;
      byId("robustness-left").textContent = `${done} of ${pieces}, about ${Math.ceil(leftS)} s left`;
    };
    running = measure((measures) => measures.robustness(policy, episodes, told(hear)));
    const document = await running.ended;
    if (document) result = { name, document };
    save.disabled = !document;
    byId("robustness-news").textContent = document
      ? `${titleOf(name)}: ${document.conditions.length} conditions scored`
      : "Stopped: the rows that are there are whole";
  }

  start.addEventListener("click", async () => {
    if (isBusy(start)) return;
    setBusy(start, true);
    setBusy(stop, false);
    save.disabled = true;
    byId("robustness-news").textContent = "";
    try {
      await score(session.flown[0]!, Number(byId<HTMLSelectElement>("robustness-episodes").value));
    } catch (error) {
      say((error as Error).message, "problem");
    } finally {
      setBusy(start, false);
      setBusy(stop, true);
      progress.hidden = true;
      byId("robustness-left").textContent = "";
    }
  });
  stop.addEventListener("click", () => running?.stop());
  save.addEventListener("click", () => {
    const text = JSON.stringify(result!.document, null, 2);
    saveAs(`${result!.name}-robustness.json`, new TextEncoder().encode(text));
  });
}

function rowOf(head: string, cells: readonly string[]): HTMLTableRowElement {
  const row = document.createElement("tr");
  const name = document.createElement("th");
  name.scope = "row";
  name.textContent = head;
  row.append(
    name,
    ...cells.map((text) => {
      const cell = document.createElement("td");
      cell.textContent = text;
      return cell;
    }),
  );
  return row;
}

const inCm = (metres: number) => (Number.isFinite(metres) ? `${(100 * metres).toFixed(1)} cm` : "–");

function conditionRow({ name, scores: [score] }: ConditionRow): HTMLTableRowElement {
  const { meanReturn, standardError, crashRate, positionErrorM } = score;
  return rowOf(name.replace(" x ", " × "), [
    `${fixed(meanReturn, 1)} ± ${standardError.toFixed(1)}`,
    `${(100 * crashRate).toFixed(1)} %`,
    inCm(positionErrorM),
  ]);
}

function trackingRow({ trajectory, size, period, flights, parts, lost }: Tracking): HTMLTableRowElement {
  const isMoving = trajectory !== "hover";
  const late = `${fixed(1000 * parts.lagS, 0)} ms`;
  const name = trajectory.replace("-l2f", " of L2F");
  return rowOf(isMoving ? `${name}, ${size} m in ${period} s` : "hold", [
    inCm(parts.errorM),
    inCm(parts.offsetM),
    isMoving && Number.isFinite(parts.lagS) ? late : "–",
    `${lost} of\u00a0${flights}`,
  ]);
}
