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
  SpikewingError,
  weightMatrices,
} from "@spikewing/rl";
import { fetchCoreModule } from "./core-module.js";
import { createFormation, type Formation, type FormationDrone } from "./formation.js";
import { lostLimit } from "./lost-limit.js";
import type {
  DronePose,
  FlightCheck,
  FlightReport,
  FlightRequest,
  SlopeAnswer,
  StepTrace,
} from "./messages.js";
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

const report = (message: FlightReport) => postMessage(message);
const loading = fetchCoreModule("simd");
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
  return { spikes: flight.spikes(), membranes: flight.membranes(), action, offset, sensed: flight.sensed() };
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
    if (formation.step === check?.step)
      report({ kind: "checked", step: check.step, same: formation.hash === check.hash });
  }
  if (flown > 0) tell(formation, traces);
}

function tell({ step, hash, settings, inputs, drones, wind }: Formation, traces: readonly StepTrace[]): void {
  const errors = drones[0]!.flight.errorSplit();
  report({ kind: "frame", step, hash, settings, inputs, traces, errors, wind, drones: drones.map(poseOf) });
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

async function serve(request: FlightRequest): Promise<void> {
  const module = await loading;
  switch (request.kind) {
    case "start": {
      formation = createFormation(module, request.policies, request.settings, request.replay);
      check = request.check;
      owedMs = 0;
      const [first] = formation.drones;
      report({
        kind: "started",
        settings: formation.settings,
        hidden: first?.hidden,
        thresholds: first?.thresholds ?? new Int32Array(0),
        hiddenForce: formation.hiddenForce,
        path: formation.path,
        rotorRange: AIRFRAMES[request.settings.airframe].rotorRange,
        drones: formation.drones.map(poseOf),
      });
      break;
    }
    case "input":
      formation?.apply(request.input);
      if (formation) tell(formation, []); // of one that stands still, too
      break;
    case "speed":
      speed = request.speed;
      break;
    case "step":
      fly(1);
      break;
    case "decode":
      answer(request.id, await decode(module, request.name, new Uint8Array(request.file)));
      break;
    case "encode":
      answer(
        request.id,
        encodePolicy(
          request.isBare ? { ...request.policy, example: NONE } : withExample(module, request.policy),
        ),
      );
      break;
    case "firmware": {
      const { firmwareZip } = await import("./firmware-zip.js"); // only who asks for firmware loads what makes it
      const { id, policy, name, template, options } = request;
      answer(id, firmwareZip(module, withExample(module, policy), name, template, options));
      break;
    }
    case "closed-loop": {
      const { core, image } = coreWithImage(module, request.policy);
      answer(request.id, flyClosedLoop(core, image, 0, request.steps));
      break;
    }
    case "gusty-flights": {
      const { core, image } = coreWithImage(module, request.policy);
      answer(request.id, flyGustyFlights(core, image, request.flights, request.steps));
      break;
    }
    case "describe":
      answer(request.id, describePolicy(request.policy));
      break;
    case "weights":
      answer(request.id, weightMatrices(createCore(module, createMemory("simd")), request.policy));
      break;
    case "probe-slope": {
      const { id, slope, distances } = request;
      probe ??= createSlopeProbe(createCore(module, createMemory("simd")), PROBED_SHAPE, 1);
      answer(id, {
        curve: probe.surrogate(distances, slope),
        layers: probe.gradient(slope),
      } satisfies SlopeAnswer);
      break;
    }
    case "fly-unseen": {
      const { policy, settings, replay, steps, id } = request;
      const unseen = createFormation(module, [{ name: "unseen", policy }], settings, replay);
      while (unseen.step < steps) unseen.advance();
      answer(id, unseen.hash);
    }
  }
}

const answer = (id: number, value: unknown) => report({ kind: "answer", id, value });

addEventListener("message", ({ data }: MessageEvent<FlightRequest>) => {
  serve(data).catch((error: unknown) => {
    const problem = error instanceof Error ? error.message : String(error);
    if ("id" in data) report({ kind: "refused", id: data.id, problem });
    else
      report({ kind: "failed", problem: error instanceof SpikewingError ? problem : `flight: ${problem}` });
  });
});
