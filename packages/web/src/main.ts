/** The page: a flight in a worker, its picture, its recorder and the controls. */
import { BOUNDS } from "@spikewing/core";
import type { Policy } from "@spikewing/rl";
import { type PushDirection, setUpControls, trainingConditions } from "./controls.js";
import { client, FIRST, libraryLoading } from "./early.js";
import { setUpFileDrop } from "./file-drop.js";
import { setUpFirmwarePanel } from "./firmware-panel.js";
import { type FlightInput, TARGET_RANGE_M, type TimedInput } from "./flight-input.js";
import { decodeLink } from "./flight-link.js";
import { type FlightSettings, LONGEST_SHOWN, NEEDS_RESTART } from "./flight-settings.js";
import type { DronePose, FlightCheck, FlightReport } from "./messages.js";
import { byId, saveAs, say, setUpTabs } from "./page.js";
import { createPageHook } from "./page-hook.js";
import { createPicture } from "./picture.js";
import { showPolicyChoice } from "./policy-choice.js";
import { describePolicy } from "./policy-library.js";
import { forceAsSeen } from "./push-direction.js";
import { createReadout } from "./readout.js";
import { createRecorder } from "./recorder.js";
import { shareFlight } from "./share-flight.js";
import { setUpSlopePanel } from "./slope-panel.js";
import { setUpTheme } from "./theme.js";
import { setUpTrainPanel } from "./train-panel.js";

const PUSH_STEPS = 20;
const STEP_MS = 10;
/** The target stays this near to the drone while it is dragged: what the policy was trained on. */
const LEAD_M = 0.4;
/** What is learned is flown anew after this many steps, or when the drone is lost. */
const WATCHED_STEPS = 300;
/** Name of the policy that a training has at present. */
const LEARNING = "in training";

let linked = decodeLink(location.hash.slice(1));
let { settings } = linked.flight;
let replay = linked.flight.inputs;
let chosen = linked.flight.policy;
let beside: readonly string[] = [];
let speed = 1;
let paused = false;
let lastStep = 0;
let lastHash = 0;
let flownInputs: readonly TimedInput[] = [];
let startSettings = settings;
let lastPoses: readonly DronePose[] = [];
let firstFlightMs: number | undefined;
let learned: Policy | undefined; // since the flight began

client.listen(hear);
const recorder = createRecorder();
const readout = createReadout();
const scene = createPicture({ moveTarget, push: (force) => push(force, 0) });
const trainPanel = setUpTrainPanel({
  guide: (name) => library.get(name),
  learned(policy) {
    learned = policy;
    flyLearned();
  },
  trained(name, policy) {
    learned = undefined;
    library.add(name, policy);
    if (trainPanel.isWatched || chosen === LEARNING) flyPolicy(name);
    say(`${name} ${chosen === name ? "flies" : "is ready, among the policies"}`);
  },
  fly: flyInTraining,
  save: (policy) => saveFile(LEARNING, policy),
});
const slopePanel = setUpSlopePanel(client);
const firmwarePanel = setUpFirmwarePanel(client, async () => ({
  name: chosen!,
  policy: await library.get(chosen!),
}));
setUpTheme(byId("theme"), (palette) => {
  scene.paint(palette);
  recorder.paint(palette);
  trainPanel.paint(palette);
  slopePanel.paint(palette);
});
const controls = setUpControls({
  change: changeSetting,
  push: pushAsSeen,
  pause: () => setPaused(!paused),
  step() {
    setPaused(true);
    client.send({ kind: "step" });
  },
  restart: () => restart(),
  speed(next) {
    speed = next;
    setPaused(false);
  },
  nextSeed: () => changeSetting("seed", (settings.seed + 1) % 2 ** 32),
  resetSettings() {
    settings = trainingConditions(settings);
    restart();
    say("Training conditions again");
  },
});
controls.show(settings);
setUpTabs(document.querySelector('[role="tablist"]')!, () => {});

requestAnimationFrame(function draw(now) {
  scene.render(now);
  recorder.render(now);
  readout.render();
  trainPanel.render();
  slopePanel.render();
  if (lastStep > 0) firstFlightMs ??= performance.now();
  requestAnimationFrame(draw);
});

const library = await libraryLoading;
library.listen(listPolicies);
await flyLinked();
addEventListener("hashchange", () => {
  linked = decodeLink(location.hash.slice(1));
  ({ settings, inputs: replay, policy: chosen } = linked.flight);
  beside = [];
  flyLinked();
});

/** Flies what the address says, and says what it could not read there. */
async function flyLinked(): Promise<void> {
  const { flight, problems } = linked;
  const said =
    problems.length > 3 ? [...problems.slice(0, 3), `and ${problems.length - 3} more`] : [...problems];
  if (chosen === undefined || !library.names.includes(chosen)) {
    if (chosen !== undefined)
      said.unshift(`it flies "${chosen.slice(0, LONGEST_SHOWN)}", a policy that is not here`);
    chosen = library.names.includes(FIRST) ? FIRST : (library.names[0] ?? FIRST);
  }
  listPolicies();
  await restart(replay, flight.check);
  if (said.length > 0) say(`Link: ${said.join("; ")}`, "problem");
}

async function restart(inputs: readonly TimedInput[] = [], check?: FlightCheck): Promise<void> {
  replay = inputs;
  startSettings = settings;
  try {
    const names = [chosen!, ...beside.filter((name) => name !== chosen)];
    const policies = await Promise.all(
      names.map(async (name) => ({ name, policy: await library.get(name) })),
    );
    byId("policy-facts").textContent = describePolicy(policies[0]!.policy);
    firmwarePanel.show(names[0]!, policies[0]!.policy);
    client.send({ kind: "start", policies, settings, replay: inputs, check });
    setPaused(paused);
  } catch (error) {
    say((error as Error).message, "problem");
  }
}

function hear(report: Exclude<FlightReport, { kind: "answer" | "refused" }>): void {
  switch (report.kind) {
    case "started":
      lastStep = 0;
      flownInputs = [];
      lastPoses = report.drones;
      settings = report.settings;
      scene.begin(report.drones, report.rotorRange, BOUNDS[settings.bounds].positionM);
      recorder.begin(report.hidden, report.thresholds);
      readout.begin(report.drones, report.hiddenForce);
      controls.show(settings);
      break;
    case "frame": {
      const { step, drones, traces, hash, inputs, wind } = report;
      scene.blow(wind);
      scene.extendTrail(
        traces.map(({ offset }) => offset.map((value, axis) => value + drones[0]!.target[axis]!)),
      );
      scene.show(drones, Math.max(16, ((step - lastStep) * STEP_MS) / (paused ? 1 : speed)));
      recorder.add(traces);
      readout.show(step, drones, traces, hash);
      lastStep = step;
      lastHash = hash;
      flownInputs = inputs;
      lastPoses = drones;
      if (settings !== report.settings && replay.length > 0) controls.show(report.settings);
      settings = report.settings;
      flyLearned();
      break;
    }
    case "checked":
      if (report.same) say(`Step ${report.step}: the same bytes as in the flight that was shared`);
      else say(`Step ${report.step}: not the flight that was shared; was it another policy?`, "problem");
      break;
    case "failed":
      say(report.problem, "problem");
  }
}

function flyInTraining(policy: Policy): void {
  learned = undefined;
  library.add(LEARNING, policy);
  flyPolicy(LEARNING);
}

/** Flies what was learned since, where the viewer wants to see it and the present flight has been seen. */
function flyLearned(): void {
  const [first] = lastPoses;
  if (!learned || !trainPanel.isWatched || paused || !first) return;
  if (chosen !== LEARNING || first.crashed || first.step >= WATCHED_STEPS) flyInTraining(learned);
}

function send(input: FlightInput): void {
  client.send({ kind: "input", input });
}

function push(force: readonly [number, number, number], yaw: number): void {
  const rounded = force.map(Math.round) as [number, number, number];
  send({ kind: "push", force: rounded, yaw, steps: PUSH_STEPS });
  scene.showPush(rounded, (PUSH_STEPS * STEP_MS) / speed + 200);
}

function pushAsSeen(direction: PushDirection, strength: number): void {
  if (direction === "yaw") {
    push([0, 0, 0], strength);
    return;
  }
  push(forceAsSeen(direction, strength, scene.viewAxes()), 0);
}

function moveTarget(position: [number, number, number]): void {
  const drone = lastPoses[0]?.position ?? [0, 0, 0];
  const kept = position.map((value, axis) => {
    const near = Math.min(Math.max(value, drone[axis]! - LEAD_M), drone[axis]! + LEAD_M);
    return Number(Math.min(Math.max(near, -TARGET_RANGE_M), TARGET_RANGE_M).toFixed(2));
  }) as [number, number, number];
  send({ kind: "target", position: kept });
}

function changeSetting<Name extends keyof FlightSettings>(name: Name, value: string | number): void {
  settings = { ...settings, [name]: value };
  if (NEEDS_RESTART.has(name)) restart();
  else send({ kind: "change", name, value });
}

function setPaused(next: boolean): void {
  paused = next;
  byId("pause").textContent = paused ? "Fly" : "Pause";
  client.send({ kind: "speed", speed: paused ? 0 : speed });
}

function listPolicies(): void {
  const { names } = library;
  trainPanel.offerGuides(names.filter((name) => name.startsWith("guide")));
  showPolicyChoice({ names, chosen, beside }, (others) => {
    beside = others;
    listPolicies();
    restart();
  });
}

async function flyPolicy(name: string): Promise<void> {
  chosen = name;
  listPolicies();
  await restart();
}

async function openFile(file: File | undefined): Promise<void> {
  if (!file) return;
  try {
    await flyPolicy(await library.open(file));
    say(`${file.name} flies`);
  } catch (error) {
    say((error as Error).message, "problem");
  }
}

byId<HTMLSelectElement>("policy").addEventListener("change", ({ target }) =>
  flyPolicy((target as HTMLSelectElement).value),
);
byId<HTMLInputElement>("policy-file").addEventListener("change", ({ target }) =>
  openFile((target as HTMLInputElement).files?.[0]),
);
async function saveFile(name: string, policy: Policy): Promise<void> {
  saveAs(`${name}.safetensors`, await client.encode(policy));
}
byId("save-policy").addEventListener("click", async () => saveFile(chosen!, await library.get(chosen!)));
setUpFileDrop(openFile);

byId("share").addEventListener("click", () =>
  shareFlight({
    policy: chosen!,
    isShipped: library.shipped.includes(chosen!),
    beside,
    settings: startSettings,
    inputs: flownInputs,
    check: { step: lastStep, hash: lastHash },
  }),
);

window.spikewing = createPageHook({
  ...{ client, scene, trainPanel },
  chosen: () => library.get(chosen!),
  step: () => lastStep,
  firstFlightMs: () => firstFlightMs,
});
