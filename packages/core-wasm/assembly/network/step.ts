// The spiking policy: one control period from observation to motor command, all in integers. The firmware, the page,
// the evaluation and the training forward pass run this code.

import { I16s, Scratch, U8s } from "../addresses";
import { listFired, neuronFires, neuronForward, neuronReadOut } from "../neurons/neuron";
import { inputCurrent } from "../synapses/dense";
import { motorCurrent } from "../synapses/motor";
import { narrowCurrent } from "../synapses/narrow";
import { sparseCurrent } from "../synapses/sparse";
import { narrowScales, WeightFormat } from "../synapses/weight-format";
import { Layer, layerOf, NetworkImage, OUTPUTS, OWN_BITS, SCRATCH_CURRENT, scratchActive } from "./image";
import { tanhQ16 } from "./tanh";

/**
 * One step. observation (18) i16 in, with past actions (inputRows) and 0 behind the last; action (4) i16 out. Reads the state
 * of the step before and writes that of this step (the two may be the same place). scratch: policyScratchBytes; it begins
 * with the spikes of each layer, u32, and holds which neurons fired (scratchActive). Returns the spikes of all layers.
 */
export function policyStep(
  image: NetworkImage,
  observation: I16s,
  action: I16s,
  state: Scratch,
  before: Scratch,
  scratch: Scratch,
): i32 {
  const base = changetype<usize>(image);
  const current = scratch + SCRATCH_CURRENT,
    last = image.layers - 1;
  let active: usize = 0,
    count = 0,
    spikes = 0;
  for (let l = 0; l <= last; l++) {
    const layer = layerOf(image, l);
    const n = layer.width;
    const bias = base + layer.neurons,
      parameters = bias + ((<usize>n) << 2);
    if (l == 0) inputCurrent(current, observation, base + layer.weights, bias, n, layer.bits, layer.inputs);
    else spikeCurrent(layer, current, active, count, base + layer.weights, layer.inputs, layer.bits, bias);
    if (layer.recurrent) {
      const own = scratchActive(image, scratch, image.neurons);
      const fired = listFired(layer.neuron, before + layer.state, parameters, n, own);
      spikeCurrent(layer, current, own, fired, base + layer.ownWeights, n, OWN_BITS, current);
    }
    const now = state + layer.state,
      then = before + layer.state;
    if (l < last) {
      active = scratchActive(image, scratch, layer.first);
      count = neuronForward(layer.neuron, now, then, current, parameters, n, active);
      store<u32>(scratch + ((<usize>l) << 2), count);
      spikes += count;
    } else {
      const value = neuronReadOut(layer.neuron, now, then, current, parameters, n);
      for (let i: usize = 0; i < <usize>OUTPUTS; i++)
        store<i16>(action + (i << 1), <i16>tanhQ16(load<i32>(value + (i << 2))));
    }
  }
  return spikes;
}

/** current (n) of the spikes of nIn neurons, by the weights as this layer has them, and bias. */
// @ts-ignore: decorator
@inline
function spikeCurrent(
  layer: Layer,
  current: usize,
  active: usize,
  count: i32,
  weights: usize,
  nIn: i32,
  bits: i32,
  bias: usize,
): void {
  const n = layer.width,
    format = layer.weightFormat;
  if (format == WeightFormat.I16) sparseCurrent(current, active, count, weights, bias, n, bits);
  else {
    const scales = narrowScales(weights, nIn, n, format);
    if (format == WeightFormat.I8) narrowCurrent(current, active, count, weights, scales, bias, n);
    else motorCurrent(current, active, count, weights, scales, bias);
  }
}

/** One step in place. */
export function policyStepInPlace(
  image: NetworkImage,
  state: Scratch,
  observation: I16s,
  action: I16s,
  scratch: Scratch,
): i32 {
  return policyStep(image, observation, action, state, state, scratch);
}

/** spikes u8 of the neurons of all layers, in order, in the step that left this state. */
export function policySpikes(image: NetworkImage, state: Scratch, spikes: U8s): void {
  for (let l = 0; l < image.layers - 1; l++) {
    const layer = layerOf(image, l);
    const parameters = changetype<usize>(image) + layer.neurons + ((<usize>layer.width) << 2);
    for (let j = 0; j < layer.width; j++) {
      const at = (<usize>j) << 2;
      const fires = neuronFires(layer.neuron, state + layer.state, parameters, layer.width, at);
      store<u8>(spikes + layer.first + j, u8(fires));
    }
  }
}
