import {
  discardRun,
  type KeptRun,
  listenToRuns,
  listRuns,
  megabytes,
  nameRun,
  readPolicyOf,
  runsInTraining,
  untilFree,
} from "./kept-runs.js";
import { byId, say } from "./page.js";
import { compareSettings } from "./run-settings.js";
import { describeScore, type Training } from "./training.js";
import { MAX_SHOWN } from "./training-charts.js";

/** The runs that the browser keeps: to compare, to go on with, to fly, to save and to discard. */
export interface RunList {
  /** Those that are chosen for the curves, without the one that the page trains. */
  readonly chosen: readonly KeptRun[];
  /** How a run is called, kept or not. */
  nameOf(run: { readonly id: string; readonly title: string }): string;
  /** A name that no run has. */
  freeName(wanted: string): string;
}

export interface RunListParts {
  readonly training: Training;
  resume(run: KeptRun): void;
  fly(name: string, file: Uint8Array<ArrayBuffer>): Promise<void>;
  save(name: string, file: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Something that the curves show has changed. */
  changed(): void;
}

/** A row of the list, which stays the same element while its run is kept: the keyboard may be in it. */
interface Row {
  readonly item: HTMLLIElement;
  readonly isChosen: boolean;
  show(run: KeptRun, state: RowState): void;
}

interface RowState {
  readonly differing: readonly string[];
  readonly trains: "here" | "elsewhere" | "nowhere";
  readonly isFull: boolean;
}

export function setUpRunList(parts: RunListParts): RunList {
  const { training } = parts;
  const list = byId("runs");
  const rows = new Map<string, Row>();
  let runs: readonly KeptRun[] = [];
  let held: ReadonlySet<string> = new Set();
  let trainingHere = "";

  const chosen = () => runs.filter(({ id }) => id !== training.run?.id && rows.get(id)?.isChosen);

  async function refresh(): Promise<void> {
    try {
      held = await runsInTraining();
      for (const id of held) watch(id);
      runs = await listRuns();
      show();
    } catch (error) {
      byId("runs-kept").textContent = `Nothing is kept: ${(error as Error).message}`;
    }
  }

  const watched = new Set<string>();
  async function watch(id: string): Promise<void> {
    if (watched.has(id)) return;
    watched.add(id);
    await untilFree(id);
    watched.delete(id);
    refresh();
  }

  function show(): void {
    const { differing, shared } = compareSettings(runs.map(({ settings }) => settings));
    for (const [id, { item }] of rows) {
      if (runs.some((run) => run.id === id)) continue;
      const next = item.nextElementSibling ?? item.previousElementSibling;
      if (item.contains(document.activeElement))
        (next?.querySelector("input") ?? byId("train-start")).focus();
      item.remove();
      rows.delete(id);
    }
    const isFull = chosen().length >= MAX_SHOWN - 1;
    runs.forEach((run, i) => {
      const row = rows.get(run.id) ?? makeRow(run, parts, show);
      rows.set(run.id, row);
      if (list.children[i] !== row.item) list.insertBefore(row.item, list.children[i] ?? null);
      const isHere = training.state !== "idle" && training.run?.id === run.id;
      row.show(run, {
        differing,
        isFull,
        trains: isHere ? "here" : held.has(run.id) ? "elsewhere" : "nowhere",
      });
    });
    const bytes = runs.reduce((sum, run) => sum + run.bytes, 0);
    byId("runs-kept").textContent =
      runs.length === 0
        ? "None yet. A training is kept in this browser while it goes on, and after a reload it can go on from there."
        : `${runs.length} kept in this browser, ${megabytes(bytes)}${tellShared(runs.length, shared)}`;
    parts.changed();
  }

  listenToRuns(refresh);
  training.listen(() => {
    const here = `${training.run?.id} ${training.state}`;
    if (here === trainingHere) return;
    trainingHere = here;
    refresh(); // its row can or cannot go on, now
  });
  refresh();

  return {
    get chosen() {
      return chosen();
    },
    nameOf: ({ id, title }) => runs.find((run) => run.id === id)?.name ?? title,
    freeName(wanted) {
      const taken = runs.map(({ name }) => name);
      let name = wanted;
      for (let count = 2; taken.includes(name); count++) name = `${wanted} (${count})`;
      return name;
    },
  };
}

function tellShared(count: number, shared: Readonly<Record<string, string>>): string {
  const texts = Object.entries(shared).map(([name, value]) => `${name} ${value}`);
  return count < 2 || texts.length === 0 ? "" : `; all have ${texts.join(", ")}`;
}

function makeRow({ id }: KeptRun, parts: RunListParts, chose: () => void): Row {
  const item = document.createElement("li");
  item.innerHTML = `
    <label class="check"><input type="checkbox" /> <span>Curves</span></label>
    <input type="text" maxlength="60" spellcheck="false" />
    <span class="facts"></span>
    <span class="group">
      <button type="button">Go on</button>
      <button type="button">Fly</button>
      <button type="button">Save file</button>
      <button type="button">Discard</button>
    </span>`;
  const box = item.querySelector<HTMLInputElement>('[type="checkbox"]')!;
  const title = item.querySelector<HTMLInputElement>('[type="text"]')!;
  const facts = item.querySelector<HTMLElement>(".facts")!;
  const [goOn, fly, save, discard] = item.querySelectorAll("button") as unknown as HTMLButtonElement[];
  let run: KeptRun;

  const attempt = async (work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      say((error as Error).message, "problem");
    }
  };
  const withPolicy = (use: RunListParts["fly"]) =>
    attempt(async () => {
      const file = await readPolicyOf(id);
      if (!file) throw new Error(`${run.name}: no policy of it is kept`);
      await use(run.name, file);
    });
  box.addEventListener("change", chose);
  title.addEventListener("change", () => attempt(() => nameRun(id, title.value.trim() || run.title)));
  goOn!.addEventListener("click", () => parts.resume(run));
  fly!.addEventListener("click", () => withPolicy(parts.fly));
  save!.addEventListener("click", () => withPolicy(parts.save));
  let isAsked = false;
  const ask = (asks: boolean) => {
    isAsked = asks;
    discard!.textContent = asks ? "Discard for good?" : "Discard";
  };
  discard!.addEventListener("click", () => {
    if (isAsked) attempt(() => discardRun(id));
    else ask(true);
  });
  discard!.addEventListener("blur", () => ask(false));

  return {
    item,
    get isChosen() {
      return box.checked;
    },
    show(next, { differing, trains, isFull }) {
      run = next;
      if (document.activeElement !== title) title.value = run.name;
      title.setAttribute("aria-label", `Name of the run ${run.name}`);
      box.setAttribute("aria-label", `Curves of ${run.name}`);
      box.disabled = trains === "here" || (isFull && !box.checked);
      for (const button of [goOn, fly, save])
        button!.setAttribute("aria-label", `${button!.textContent}: ${run.name}`);
      facts.textContent = describeRun(run, differing, trains);
      goOn!.hidden = run.isFinished;
      goOn!.disabled = discard!.disabled = trains !== "nowhere";
      fly!.disabled = save!.disabled = !run.hasPolicy;
    },
  };
}

const STATES = {
  here: "trains now, kept up to",
  elsewhere: "trains in another tab, kept up to",
  nowhere: "stopped after",
} as const;

/** What differs from the others, how far it came, and what it reached. */
function describeRun(run: KeptRun, differing: readonly string[], trains: RowState["trains"]): string {
  const settings = differing.flatMap((name) => (run.settings[name] ? [`${name} ${run.settings[name]}`] : []));
  const last = run.points.at(-1);
  const where = last ? `round ${last.round} of ${last.rounds}` : "its start";
  const validation = run.points.findLast((point) => point.validation)?.validation;
  const score = run.score
    ? `${describeScore(run.score)} from reserved starts`
    : validation
      ? `${describeScore(validation)} in validation`
      : "";
  const state = run.isFinished ? "finished" : `${STATES[trains]} ${where}, ${megabytes(run.bytes)}`;
  return [...settings, state, score].filter((text) => text !== "").join(" · ");
}
