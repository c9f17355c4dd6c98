import type { Address, Core } from "@spikewing/core";
import { type Actor, OBSERVATION_SIZE } from "./actor.js";
import type { FloatLayer, FloatNetwork } from "./float-network.js";
import { widthsOf } from "./layers.js";

/** How a policy in integers and a network in real numbers differ, fed with the same observations. */
export interface FloatLoss {
  readonly steps: number;
  /** Spikes of the network in real numbers. */
  readonly spikes: number;
  /** Spikes that one of the two has and the other has not, and their share of all spikes of either. */
  readonly differingSpikes: number;
  readonly differingShare: number;
  /** Of a motor command, which is in [-1, 1]. */
  readonly largestActionDifference: number;
}

/**
 * Feeds both with observations (n, 18) i16. `reset`: "own" lets the network subtract the threshold in the step after a
 * spike, as what flies does, so that rounding alone is measured; "file" resets as the network says.
 */
export function measureFloatLoss(
  core: Core,
  actor: Actor,
  network: FloatNetwork,
  observations: Int16Array,
  reset: "own" | "file",
): FloatLoss {
  const { kernels } = core;
  const stepNetwork = placeNetwork(core, network, reset);
  const widths = actor.shape.kind === "spiking" ? widthsOf(actor.shape) : [];
  const neurons = widths.reduce((sum, width) => sum + width, 0);
  const pilot = core.create("Pilot", { image: actor.image });
  const { quantised, action, state } = core.view("Pilot", pilot);
  const fired = core.allocate("U8s", neurons);
  const real = core.allocate("F32s", OBSERVATION_SIZE);
  const steps = observations.length / OBSERVATION_SIZE;
  let spikes = 0;
  let differingSpikes = 0;
  let all = 0;
  let largest = 0;
  for (let t = 0; t < steps; t++) {
    const seen = observations.subarray(t * OBSERVATION_SIZE, (t + 1) * OBSERVATION_SIZE);
    core.i16(quantised, OBSERVATION_SIZE).set(seen);
    kernels.pilotStepQuantised(pilot);
    kernels.policySpikes(actor.image, state, fired);
    kernels.dequantiseObservation(quantised, real);
    const { spikes: expected, output } = stepNetwork(real);
    let first = 0;
    for (const [l, at] of expected.entries()) {
      const { width } = network.hidden[l]!; // a policy may have more neurons, which never fire
      const given = core.bytes(core.element("U8s", fired, first), width);
      core.f32(at, width).forEach((spike, j) => {
        spikes += spike;
        all += Math.max(spike, given[j]!);
        differingSpikes += spike === given[j] ? 0 : 1;
      });
      first += widths[l]!;
    }
    largest = Math.max(largest, kernels.actionDifference(action, output));
  }
  return {
    steps,
    spikes,
    differingSpikes,
    differingShare: all === 0 ? 0 : differingSpikes / all,
    largestActionDifference: largest,
  };
}

/** Puts a network into the core's memory; what it gives takes one step. */
function placeNetwork(core: Core, { hidden, readOut }: FloatNetwork, reset: "own" | "file") {
  const { kernels } = core;
  const room = (length: number) => core.allocate("F32s", length);
  const place = (values: Float32Array | undefined, length: number) => {
    const at = room(length);
    if (values) core.f32(at, length).set(values);
    return at;
  };
  const placeLayer = ({ weight, bias, inputs, width }: FloatLayer) => ({
    weight: place(weight, inputs * width),
    bias: place(bias, width),
    current: room(width),
    membrane: room(width),
    inputs,
    width,
  });
  const layers = hidden.map((layer) => ({
    ...placeLayer(layer),
    spikes: room(layer.width),
    own: layer.own && place(layer.own, layer.width ** 2),
    leak: place(layer.leak, layer.width),
    threshold: place(layer.threshold, layer.width),
    reset: place(layer.reset, layer.width),
    delay: reset === "own" || layer.reset === undefined,
  }));
  const n = readOut.width;
  const never = place(new Float32Array(n).fill(Number.POSITIVE_INFINITY), n);
  const last = { ...placeLayer(readOut), leak: place(readOut.leak, n), spikes: room(n) };
  return (observation: Address<"F32s">) => {
    let input = observation;
    for (const { own, spikes, current, membrane, inputs, width, ...layer } of layers) {
      kernels.floatAffine(layer.weight, layer.bias, input, current, inputs, width);
      if (own !== undefined) kernels.floatAffine(own, current, spikes, current, width, width);
      kernels.floatLif(
        membrane,
        spikes,
        current,
        layer.leak,
        layer.threshold,
        layer.reset,
        width,
        layer.delay,
      );
      input = spikes;
    }
    kernels.floatAffine(last.weight, last.bias, input, last.current, last.inputs, n);
    kernels.floatLif(last.membrane, last.spikes, last.current, last.leak, never, never, n, false);
    return { spikes: layers.map(({ spikes }) => spikes), output: last.membrane };
  };
}
