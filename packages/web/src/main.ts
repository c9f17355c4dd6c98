/** The page: a flight in a worker, its picture, its recorder and the controls. This file only wires. */
import { BOUNDS } from "@spikewing/core";
import { describeChallenge } from "./challenge.js";
import { type ControlEvents, setUpControls, trainingConditions } from "./controls.js";
import { client, FIRST, libraryLoading, listen } from "./early.js";
import { createErrorReadout } from "./error-readout.js";
import { setUpFileDrop } from "./file-drop.js";
import { setUpFirmwarePanel } from "./firmware-panel.js";
import { decodeLink } from "./flight-link.js";
import type { FlightSettings } from "./flight-settings.js";
import { describeLesion } from "./lesion.js";
import { setUpLesson } from "./lesson.js";
import { flyLink } from "./linked-flight.js";
import { keepOffline } from "./offline.js";
import { byId, once, say, setUpTabs } from "./page.js";
import { createPageHook } from "./page-hook.js";
import { createPicture } from "./picture.js";
import { setUpPolicyChoice } from "./policy-choice.js";
import { openPolicyFile, savePolicy } from "./policy-file.js";
import { forceAsSeen } from "./push-direction.js";
import { createReadout } from "./readout.js";
import { createRecorder } from "./recorder.js";
import { createSession, PUSH_STEPS } from "./session.js";
import { shareFlight } from "./share-flight.js";
import { setUpSlopePanel } from "./slope-panel.js";
import { setUpTheme } from "./theme.js";
import { createThought } from "./thought.js";
import { createTrainView } from "./train-view.js";
import { createTraining } from "./training.js";
import { createTrainingWatch, LEARNING } from "./training-watch.js";

const STEP_MS = 10;
/** Of the push in the view of the network. */
const PUSH_MN = 60;

let firstFlightMs: number | undefined;
let hiddenForce: readonly number[] = [];
let neurons = 0; // of the first drone

const recorder = createRecorder();
const readout = createReadout();
const errorReadout = createErrorReadout();
const session = createSession(client, listen, {
  policy: (name) => library.get(name),
  async start(names, [policy]) {
    firmwarePanel.show(names[0]!, policy!);
    listPolicies();
    byId("policy-facts").textContent = await client.describe(policy!);
  },
  started(report) {
    const { drones, rotorRange, settings, hidden, thresholds, hiddenForce: drawn, path } = report;
    hiddenForce = drawn;
    neurons = thresholds.length;
    thought.begin(report);
    scene.begin(drones, rotorRange, BOUNDS[settings.bounds].positionM, path);
    recorder.begin(hidden, thresholds);
    readout.begin(drones);
    errorReadout.begin();
    holdForce(settings);
  },
  frame({ step, drones, traces, errors, hash, wind, settings }, stepsFlown) {
    holdForce(settings);
    scene.blow(wind);
    scene.extendTrail(traces.map(({ position }) => position));
    scene.show(drones, Math.max(16, (stepsFlown * STEP_MS) / (session.isPaused ? 1 : session.speed)));
    recorder.add(traces);
    const [first] = drones;
    const lesion = describeLesion(session.inputs, settings.seed, neurons, first!.step);
    readout.note(lesion);
    readout.show(step, drones, traces, hash);
    errorReadout.show(errors);
    const lost = `${first!.lostBy} after ${(first!.step / 100).toFixed(2)} s${lesion}`;
    thought.add(traces, first!.step, first!.crashed ? lost : undefined);
    watch.look();
    showChallenge();
  },
  settled: (settings) => controls.show(settings),
  pushed(force) {
    thought.pushed();
    scene.showPush(force, (PUSH_STEPS * STEP_MS) / session.speed + 200);
  },
});
function showChallenge(): void {
  const { challenge } = session;
  byId("challenge").hidden = !challenge;
  const text = challenge ? describeChallenge(challenge, session) : "";
  if (byId("challenge").textContent !== text) byId("challenge").textContent = text;
}
function holdForce({ hiddenForce: state }: FlightSettings): void {
  const acting = state === "on" ? hiddenForce : undefined;
  scene.hold(acting ?? [0, 0, 0]);
  readout.hold(acting);
}
const scene = createPicture({
  moveTarget: session.moveTarget,
  push: (force) => session.push(force, 0),
});
const training = createTraining({
  learned(policy, point) {
    lesson.learned(policy, point);
    watch.learned(policy);
  },
  unkept: (problem) => say(`This training goes on, but is not kept: ${problem}`, "problem"),
});
const trainView = createTrainView({
  training,
  guide: (name) => library.get(name),
  trained(title, policy) {
    watch.end();
    const name = library.addOwn(title, policy);
    const flies = trainView.isWatched || session.flown[0] === LEARNING;
    if (flies) session.fly([name]);
    say(`${name} ${flies ? "flies" : "is ready, among the policies"}`);
  },
  fly: (policy) => watch.fly(policy),
  save: (policy) => savePolicy(client, LEARNING, policy),
  async flyFile(name, file) {
    await session.fly([library.addOwn(name, await client.decode(name, file.buffer))]);
  },
  saveFile: async (name, file) => savePolicy(client, name, await client.decode(name, file.buffer)),
});
const lesson = setUpLesson({ session, training, library: () => library, ended: () => watch.end() });
const watch = createTrainingWatch({
  session,
  library: () => library,
  isWanted: () => trainView.isWatched,
  beside: () => lesson.ghosts,
});
const slopePanel = setUpSlopePanel(client);
const firmwarePanel = setUpFirmwarePanel(client, async () => ({
  name: session.flown[0]!,
  policy: await library.get(session.flown[0]!),
}));
const push: ControlEvents["push"] = (direction, strength) => {
  if (direction === "yaw") session.push([0, 0, 0], strength);
  else session.push(forceAsSeen(direction, strength, scene.viewAxes()), 0);
};
const thought = createThought({
  ...{ session, client, recorder },
  chosen: () => library.get(session.flown[0]!),
  push: () => push("right", PUSH_MN),
});
setUpTheme(byId("theme"), (palette) => {
  for (const part of [scene, recorder, trainView, slopePanel, thought]) part.paint(palette);
});
const controls = setUpControls({
  change: session.change,
  push,
  pause: () => session.pause(!session.isPaused),
  step: session.stepOnce,
  restart: session.restart,
  speed: session.hasten,
  nextSeed: () => session.change("seed", (session.settings.seed + 1) % 2 ** 32),
  resetView: () => scene.resetView(),
  turnView: (angle, nearer) => scene.turnView(angle, nearer),
  moveTarget(right, away, up) {
    const { target } = session;
    const axes = scene.viewAxes();
    const along = (axis: 0 | 1) => target[axis]! + right * axes.right[axis] + away * axes.away[axis];
    session.moveTarget([along(0), along(1), target[2]! + up]);
  },
  resetSettings() {
    session.resettle(trainingConditions(session.settings));
    say("Training conditions again");
  },
});
controls.show(session.settings);
const openShare = once(async () => {
  const { setUpSharePanel } = await import("./share-panel.js");
  setUpSharePanel(byId("panel-share"), { session, share: (challenge) => share(challenge) });
});
const openRace = once(async () => {
  const { setUpRacePanel } = await import("./race-panel.js");
  setUpRacePanel(byId("race"), session, () => library);
});
const openRobustness = once(async () => {
  const { setUpRobustnessPanel } = await import("./robustness-panel.js");
  setUpRobustnessPanel(byId("panel-robustness"), session, () => library);
});
setUpTabs(document.querySelector('[role="tablist"]')!, (panel) => {
  if (panel === "panel-network") thought.open();
  if (panel === "panel-train") trainView.open();
  if (panel === "panel-share") openShare();
  if (panel === "panel-compare") openRace();
  if (panel === "panel-robustness") openRobustness();
});

requestAnimationFrame(function draw(now) {
  requestAnimationFrame(draw);
  if (document.hidden) return; // the flight goes on, and nobody sees it
  for (const part of [scene, recorder, readout, errorReadout, trainView, slopePanel, thought])
    part.render(now);
  if (session.step > 0) firstFlightMs ??= performance.now();
});

const library = await libraryLoading;
const choice = setUpPolicyChoice((names) => {
  session.fly(names);
  listPolicies(); // at once: the next click counts on it
});
function listPolicies(): void {
  const { names } = library;
  trainView.offerGuides(names.filter((name) => name.startsWith("guide")));
  choice.show(names, session.flown);
}
library.listen(listPolicies);
const flyAddress = () => flyLink(session, library, client, FIRST, decodeLink(location.hash.slice(1)));
await flyAddress();
addEventListener("hashchange", flyAddress);

/** Those beside it fly on. */
const open = (file: File | undefined) =>
  openPolicyFile(file, library, (name) =>
    session.fly([name, ...session.flown.slice(1).filter((other) => other !== name)]),
  );
byId<HTMLInputElement>("policy-file").addEventListener("change", ({ target }) =>
  open((target as HTMLInputElement).files?.[0]),
);
setUpFileDrop(open);
byId("save-policy").addEventListener("click", async () =>
  savePolicy(client, session.flown[0]!, await library.get(session.flown[0]!)),
);
const share = (challenge?: number) => shareFlight(session, library, client, challenge);
byId("share").addEventListener("click", () => share());

keepOffline();

window.spikewing = createPageHook({
  ...{ client, scene, training, lesson },
  chosen: () => library.get(session.flown[0]!),
  step: () => session.step,
  firstFlightMs: () => firstFlightMs,
});
