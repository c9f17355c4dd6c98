import { layerOf, NetworkImage, OUTPUTS, policyScratchBytes } from "../network/image";
import { narrowPolicy } from "../network/quantise";
import { policyStepInPlace } from "../network/step";
import { motorCurrent } from "../synapses/motor";
import { narrowCurrent } from "../synapses/narrow";
import { narrowScales, narrowWeight, storeNarrowWeight, WeightFormat } from "../synapses/weight-format";
import { draw, i32At, place, seedDraws } from "./arena";
import { neuronsOf, twoLayers, weightsOf } from "./networks";

const H1 = 24;
const H2 = 40;

/** An i16 image of random tensors; w2 and w3 are multiples of `unit`, and reach 127 units in every column. */
function drawImage(unit: i32): NetworkImage {
  const p = twoLayers(H1, H2, 25);
  const end = changetype<usize>(p) + p.bytes;
  for (let at = weightsOf(p, 0); at < end; at += 2) store<i16>(at, <i16>(draw() * 2000.0));
  drawLayer(weightsOf(p, 1), H1, H2, unit);
  drawLayer(weightsOf(p, 2), H2, OUTPUTS, unit);
  for (let j = 0; j < H2; j++) {
    store<i32>(neuronsOf(p, 1) + 4 * j, <i32>(draw() * 30000.0));
    store<i32>(neuronsOf(p, 1) + 4 * (H2 + j), 40000 + <i32>(draw() * 20000.0));
    store<i32>(neuronsOf(p, 1) + 4 * (2 * H2 + j), 65536);
  }
  for (let j = 0; j < H1; j++) {
    store<i32>(weightsOf(p, 1) - 4 * (3 * H1 - j), <i32>(draw() * 60000.0));
    store<i32>(weightsOf(p, 1) - 4 * (2 * H1 - j), 40000);
    store<i32>(weightsOf(p, 1) - 4 * (H1 - j), 40000);
  }
  return p;
}

function drawLayer(weights: usize, nIn: i32, nOut: i32, unit: i32): void {
  for (let i = 0; i < nIn; i++)
    for (let j = 0; j < nOut; j++)
      store<i16>(weights + 2 * (i * nOut + j), <i16>(unit * (i == j % nIn ? 127 : <i32>(draw() * 127.0))));
}

describe("narrowCurrent", () => {
  it("is bias plus scale times the sum of the rows that fired, for widths above and below a block", () => {
    seedDraws(11);
    const nIn = 12;
    for (let n = 4; n <= 44; n += 8) {
      const weights = place(nIn * n),
        scale = place(4 * n),
        bias = place(4 * n),
        current = place(4 * n),
        active = place(2 * nIn);
      for (let k = 0; k < nIn * n; k++) store<i8>(weights + k, <i8>(draw() * 127.0));
      for (let j = 0; j < n; j++) {
        store<i32>(scale + 4 * j, 1 + 3 * j);
        store<i32>(bias + 4 * j, 7 * j - 50);
      }
      let count = 0;
      for (let i = 0; i < nIn; i++) {
        if (i % 3 == 1) continue;
        store<u16>(active + 2 * count, <u16>i);
        count++;
      }
      narrowCurrent(current, active, count, weights, scale, bias, n);
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let i = 0; i < nIn; i++) if (i % 3 != 1) sum += <i32>load<i8>(weights + i * n + j);
        expect<i32>(i32At(current, j)).toBe(sum * (1 + 3 * j) + 7 * j - 50);
      }
    }
  });

  it("does not overflow where every weight is widest", () => {
    const rows = 1024,
      n = 4;
    const weights = place(rows * n),
      scale = place(4 * n),
      bias = place(4 * n),
      current = place(4 * n),
      active = place(2 * rows);
    memory.fill(weights, 127, rows * n);
    for (let i = 0; i < rows; i++) store<u16>(active + 2 * i, <u16>i);
    for (let j = 0; j < n; j++) {
      store<i32>(scale + 4 * j, 4129);
      store<i32>(bias + 4 * j, 1 << 27);
    }
    narrowCurrent(current, active, rows, weights, scale, bias, n);
    expect<i64>(<i64>i32At(current, 3)).toBe(<i64>1024 * 127 * 4129 + (1 << 27));
    expect<i32>(i32At(current, 3)).toBeLessThan((1 << 29) + (1 << 28));
  });
});

describe("motorCurrent", () => {
  it("is bias plus scale times the sum of the rows that fired, for every value of 4 bits in every place", () => {
    const nIn = 40;
    const weights = place(2 * nIn),
      scale = place(16),
      bias = place(16),
      current = place(16),
      active = place(2 * nIn);
    for (let i = 0; i < nIn; i++)
      for (let j = 0; j < 4; j++)
        storeNarrowWeight(weights, 4 * i + j, WeightFormat.I4, ((i + 5 * j) % 15) - 7);
    for (let j = 0; j < 4; j++) {
      store<i32>(scale + 4 * j, 1 + 3 * j);
      store<i32>(bias + 4 * j, 7 * j - 50);
    }
    for (let first = 0; first < nIn; first++) {
      let count = 0;
      for (let i = first; i < nIn; i += 3) {
        store<u16>(active + 2 * count, <u16>i);
        count++;
      }
      motorCurrent(current, active, count, weights, scale, bias);
      for (let j = 0; j < 4; j++) {
        let sum = 0;
        for (let i = first; i < nIn; i += 3) {
          const w = narrowWeight(weights, 4 * i + j, WeightFormat.I4);
          expect<i32>(w).toBe(((i + 5 * j) % 15) - 7);
          sum += w;
        }
        expect<i32>(i32At(current, j)).toBe(sum * (1 + 3 * j) + 7 * j - 50);
      }
    }
  });

  it("does not overflow where every weight is widest, of either sign", () => {
    const rows = 1024;
    const weights = place(2 * rows),
      scale = place(16),
      bias = place(16),
      current = place(16),
      active = place(2 * rows);
    for (let i = 0; i < rows; i++) {
      store<u16>(active + 2 * i, <u16>i);
      for (let j = 0; j < 4; j++) storeNarrowWeight(weights, 4 * i + j, WeightFormat.I4, j < 2 ? 7 : -7);
    }
    for (let j = 0; j < 4; j++) {
      store<i32>(scale + 4 * j, 74896);
      store<i32>(bias + 4 * j, j < 2 ? 1 << 27 : -(1 << 27));
    }
    motorCurrent(current, active, rows, weights, scale, bias);
    expect<i64>(<i64>i32At(current, 0)).toBe(<i64>1024 * 7 * 74896 + (1 << 27));
    expect<i64>(<i64>i32At(current, 3)).toBe(<i64>-1024 * 7 * 74896 - (1 << 27));
    expect<i32>(i32At(current, 0)).toBeLessThan((1 << 29) + (1 << 28));
  });
});

describe("narrowPolicy", () => {
  it("keeps each weight to half a scale and the largest of a neuron at 127", () => {
    seedDraws(12);
    const p = drawImage(1),
      q = twoLayers(H1, H2, 25, WeightFormat.I8);
    for (let i = 0; i < H1 * H2; i++) store<i16>(weightsOf(p, 1) + 2 * i, <i16>(draw() * 30000.0));
    narrowPolicy(p, q);
    expect<i32>(layerOf(q, 1).weightFormat).toBe(WeightFormat.I8);
    expect<i32>(p.bytes - q.bytes).toBe((H1 - 4) * H2 + (H2 - 4) * OUTPUTS);
    const scales = narrowScales(weightsOf(q, 1), H1, H2, WeightFormat.I8);
    for (let j = 0; j < H2; j++) {
      const scale = i32At(scales, j);
      let largest = 0;
      for (let i = 0; i < H1; i++) {
        const wide = (<i32>load<i16>(weightsOf(p, 1) + 2 * (i * H2 + j))) << 4;
        const small = <i32>load<i8>(weightsOf(q, 1) + i * H2 + j);
        expect<i32>(abs(small * scale - wide) * 2).toBeLessThanOrEqual(scale + 1);
        largest = max(largest, abs(small));
      }
      expect<i32>(largest).toBe(127);
    }
    for (let word = 0; word < 3 * H2; word++)
      expect<i32>(i32At(neuronsOf(q, 1), word)).toBe(i32At(neuronsOf(p, 1), word));
    for (let j = 0; j < OUTPUTS; j++) expect<i32>(i32At(neuronsOf(q, 2), j)).toBe(i32At(neuronsOf(p, 2), j));
  });

  it("flies as before where the weights are whole scales already", () => {
    seedDraws(13);
    const image = drawImage(8),
      narrowed = twoLayers(H1, H2, 25, WeightFormat.I8);
    narrowPolicy(image, narrowed);
    const wideState = place(4 * (H1 + H2)),
      narrowState = place(4 * (H1 + H2)),
      observation = place(36),
      wideAction = place(8),
      narrowAction = place(8),
      scratch = place(policyScratchBytes(image));
    let spikes1 = 0,
      spikes2 = 0;
    for (let t = 0; t < 50; t++) {
      for (let k = 0; k < 18; k++) store<i16>(observation + 2 * k, <i16>(draw() * 12000.0));
      const wide = policyStepInPlace(image, wideState, observation, wideAction, scratch);
      expect<i32>(policyStepInPlace(narrowed, narrowState, observation, narrowAction, scratch)).toBe(wide);
      expect<i64>(load<i64>(narrowAction)).toBe(load<i64>(wideAction));
      spikes1 += load<i32>(scratch);
      spikes2 += load<i32>(scratch, 4);
    }
    expect<i32>(memory.compare(wideState, narrowState, 4 * (H1 + H2))).toBe(0);
    expect<i32>(spikes1).toBeGreaterThan(100);
    expect<i32>(spikes2).toBeGreaterThan(100);
  });

  it("keeps each weight into a motor to half a scale in 4 bits, and the layers before as they were", () => {
    seedDraws(14);
    const wide = drawImage(64);
    const formats = [WeightFormat.I16, WeightFormat.I8];
    for (let k = 0; k < formats.length; k++) {
      const p = twoLayers(H1, H2, 25, formats[k]),
        q = twoLayers(H1, H2, 25, formats[k], WeightFormat.I4);
      narrowPolicy(wide, p);
      narrowPolicy(p, q);
      const inner = layerOf(p, 2).weights - layerOf(p, 0).weights;
      expect<i32>(memory.compare(weightsOf(p, 0), weightsOf(q, 0), inner)).toBe(0);
      const bytes = formats[k] == WeightFormat.I16 ? 2 * OUTPUTS * H2 : (H2 + 4) * OUTPUTS;
      expect<i32>(p.bytes - q.bytes).toBe(bytes - 2 * H2 - 4 * OUTPUTS);
      const scales = narrowScales(weightsOf(q, 2), H2, OUTPUTS, WeightFormat.I4);
      for (let j = 0; j < OUTPUTS; j++) {
        let largest = 0;
        for (let i = 0; i < H2; i++) {
          const at = i * OUTPUTS + j;
          const its =
            formats[k] == WeightFormat.I16
              ? (<i32>load<i16>(weightsOf(p, 2) + 2 * at)) << 4
              : <i32>load<i8>(weightsOf(p, 2) + at) *
                i32At(narrowScales(weightsOf(p, 2), H2, OUTPUTS, WeightFormat.I8), j);
          const small = narrowWeight(weightsOf(q, 2), at, WeightFormat.I4);
          expect<i32>(abs(small * i32At(scales, j) - its) * 2).toBeLessThanOrEqual(i32At(scales, j) + 1);
          largest = max(largest, abs(small));
        }
        expect<i32>(largest).toBe(7);
        expect<i32>(i32At(neuronsOf(q, 2), j)).toBe(i32At(neuronsOf(p, 2), j));
      }
    }
  });
});
