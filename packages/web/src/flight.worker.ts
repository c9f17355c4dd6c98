/** Flies the drones: the core, a clock of 100 Hz, and answers to the page. */
import { AIRFRAMES, BOUNDS, createCore, createMemory, flyClosedLoop, flyGustyFlights } from "@spikewing/core";
import {
  createSlopeProbe,
  DEFAULT_TASK,
  decodePolicy,
  EVALUATION_SEEDS,
  EXAMPLE_STEPS,
  encodePolicy,
  loadPolicy,
  type Policy,
  policyImage,
  recordExample,
  type SlopeProbe,
  weightMatrices,
} from "@spikewing/rl";
import { type Endpoint, expose, transfer, wrap } from "comlink";
import { fetchCoreModule } from "./core-module.js";
import type { FlightListener, Flights } from "./flight-client.js";
import { createFormation, type Formation, type FormationDrone } from "./formation.js";
import { lostLimit } from "./lost-limit.js";
import type { DronePose, FlightCheck, StepTrace } from "./messages.js";
import { describePolicy } from "./policy-facts.js";

const STEP_MS = 10;
/** The paper's network. */
const PROBED_SHAPE = {
  kind: "spiking",
  hidden: [256, 128],
  productBits: 25,
  weightBits: [12, 12],
  inputGain: [1, 1, 1, 1],
} as const;
const TICK_MS = 8;
/** After a pause of the whole tab the flight goes on where it was instead of catching up. */
const MAX_STEPS_A_TICK = 12;

const loading = fetchCoreModule("simd");
/** The page, by the port by which it asks. */
const listener = wrap<FlightListener>(globalThis as Endpoint);
let formation: Formation | undefined;
let check: FlightCheck | undefined;
let probe: SlopeProbe | undefined;
let speed = 1;
let owedMs = 0;
let lastTick = performance.now();

const poseOf = ({ name, state, episodeReturn: fullReturn }: FormationDrone): DronePose => {
  const { position, quaternion, rotors, target, action, step, episodeReturn, crashed } = state;
  const lostBy = crashed && formation ? lostLimit(state, BOUNDS[formation.settings.bounds]) : undefined;
  return {
    name,
    position,
    quaternion,
    rotors,
    target,
    action,
    step,
    episodeReturn,
    fullReturn,
    crashed,
    lostBy,
  };
};

function traceOf({ flight, state: { action, position, target } }: FormationDrone): StepTrace {
  const offset = position.map((value, axis) => value - target[axis]!);
  const [spikes, membranes, sensed] = [flight.spikes(), flight.membranes(), flight.sensed()];
  return { spikes, membranes, action, position, offset, sensed };
}

function fly(steps: number): void {
  if (!formation) return;
  const [first] = formation.drones;
  const traces: StepTrace[] = [];
  let flown = 0;
  for (; flown < steps && formation.drones.some(({ state }) => !state.crashed); flown++) {
    const isTraced = !first!.state.crashed;
    formation.advance();
    if (isTraced) traces.push(traceOf(first!));
    if (formation.step === check?.step) listener.checked(check.step, formation.hash === check.hash);
  }
  if (flown > 0) tell(formation, traces);
}

function tell({ step, hash, settings, inputs, drones, wind }: Formation, traces: readonly StepTrace[]): void {
  const errors = drones[0]!.flight.errorSplit();
  listener.frame({ step, hash, settings, inputs, traces, errors, wind, drones: drones.map(poseOf) });
}

setInterval(() => {
  const now = performance.now();
  owedMs += (now - lastTick) * speed;
  lastTick = now;
  const steps = Math.min(Math.floor(owedMs / STEP_MS), MAX_STEPS_A_TICK);
  owedMs = Math.min(owedMs - steps * STEP_MS, STEP_MS);
  fly(steps);
}, TICK_MS);

/** A policy file of ours, or the network of another tool; only who opens one of those loads what reads it. */
async function decode(module: WebAssembly.Module, name: string, file: Uint8Array): Promise<Policy> {
  if (!/\.(nir|pth?)$/.test(name)) return decodePolicy(file, name);
  const { importForeign } = await import("./foreign-policy.js");
  return importForeign(createCore(module, createMemory("simd")), name, file);
}

const NONE = { observations: new Int16Array(0), actions: new Int16Array(0) };

/** A spiking policy file carries an example flight; one in the midst of training or from a link has none yet. */
function withExample(module: WebAssembly.Module, policy: Policy): Policy {
  if (policy.shape.kind !== "spiking" || (policy.example?.actions.length ?? 0) > 0) return policy;
  const core = createCore(module, createMemory("simd"));
  const actor = loadPolicy(core, policy);
  return {
    ...policy,
    example: recordExample(core, DEFAULT_TASK, actor, EXAMPLE_STEPS, EVALUATION_SEEDS.validation),
  };
}

/** A fresh core with the image of a spiking policy. */
function coreWithImage(module: WebAssembly.Module, policy: Policy) {
  if (policy.shape.kind !== "spiking")
    throw new Error("closed loop: the policy is dense; expected a spiking one");
  const core = createCore(module, createMemory("simd"));
  return { core, image: policyImage(core, loadPolicy(core, policy)) };
}

/** No call is served before the core is there, and all of them in the order in which they came. */
const served =
  <Asked extends unknown[], Answer>(
    serve: (module: WebAssembly.Module, ...asked: Asked) => Answer | Promise<Answer>,
  ) =>
  async (...asked: Asked): Promise<Answer> =>
    serve(await loading, ...asked);

/** A file in memory of its own, which goes to the page as it is. */
function handOver(file: Uint8Array): Uint8Array<ArrayBuffer> {
  const own = new Uint8Array(file);
  return transfer(own, [own.buffer]);
}

expose({
  start: served((module, { policies, settings, replay, check: next }) => {
    formation = createFormation(module, policies, settings, replay);
    check = next;
    owedMs = 0;
    const [first] = formation.drones;
    listener.started({
      settings: formation.settings,
      hidden: first?.hidden,
      thresholds: first?.thresholds ?? new Int32Array(0),
      hiddenForce: formation.hiddenForce,
      path: formation.path,
      rotorRange: AIRFRAMES[settings.airframe].rotorRange,
      drones: formation.drones.map(poseOf),
    });
  }),
  input: served((_, input) => {
    formation?.apply(input);
    if (formation) tell(formation, []); // of one that stands still, too
  }),
  pace: served((_, next) => {
    speed = next;
  }),
  stepOnce: served(() => fly(1)),
  decode: served((module, name, file) => decode(module, name, new Uint8Array(file))),
  describe: describePolicy,
  encode: served((module, policy) => handOver(encodePolicy(withExample(module, policy)))),
  encodeBare: (policy) => handOver(encodePolicy({ ...policy, example: NONE })),
  firmware: served(async (module, policy, name, template, options) => {
    const { firmwareZip } = await import("./firmware-zip.js"); // only who asks for firmware loads what makes it
    return handOver(firmwareZip(module, withExample(module, policy), name, template, options));
  }),
  closedLoop: served((module, policy, steps) => {
    const { core, image } = coreWithImage(module, policy);
    return flyClosedLoop(core, image, 0, steps);
  }),
  gustyFlights: served((module, policy, flights, steps) => {
    const { core, image } = coreWithImage(module, policy);
    return flyGustyFlights(core, image, flights, steps);
  }),
  weights: served((module, policy) => weightMatrices(createCore(module, createMemory("simd")), policy)),
  probeSlope: served((module, slope, distances) => {
    probe ??= createSlopeProbe(createCore(module, createMemory("simd")), PROBED_SHAPE, 1);
    return { curve: probe.surrogate(distances, slope), layers: probe.gradient(slope) };
  }),
  flyUnseen: served((module, policy, settings, replay, steps) => {
    const unseen = createFormation(module, [{ name: "unseen", policy }], settings, replay);
    while (unseen.step < steps) unseen.advance();
    return unseen.hash;
  }),
} satisfies Flights);
