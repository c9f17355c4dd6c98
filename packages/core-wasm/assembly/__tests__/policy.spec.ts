import { policyScratchBytes } from "../network/image";
import { quantisePolicy } from "../network/quantise";
import { dequantiseAction, quantiseObservation } from "../network/rounding";
import { policySpikes, policyStepInPlace } from "../network/step";
import { f32At, i32At, place, setF32 } from "./arena";
import {
  masterBias3,
  masterCount,
  masterNeurons1,
  masterNeurons2,
  masterWeights2,
  masterWeights3,
  twoLayers,
} from "./networks";

const H1 = 8;
const H2 = 8;

describe("the policy", () => {
  it("carries one observation through both layers by hand", () => {
    // Input 0 drives neuron 2 with weight 1; neuron 2 drives neuron 5 with 0.75; neuron 5 drives motor 1 with 0.5. All
    // leaks 1/2, all thresholds 1/2, bias of motor 3: -1.
    const master = place(4 * masterCount(H1, H2)),
      gain = place(72),
      image = twoLayers(H1, H2, 26);
    for (let k = 0; k < 18; k++) setF32(gain, k, 1.0);
    for (let j = 0; j < H1; j++) {
      setF32(master, masterNeurons1(H1) + H1 + j, 0.5);
      setF32(master, masterNeurons1(H1) + 2 * H1 + j, 0.5);
      setF32(master, masterNeurons2(H1, H2) + H2 + j, 0.5);
      setF32(master, masterNeurons2(H1, H2) + 2 * H2 + j, 0.5);
    }
    setF32(master, 2, 1.0);
    setF32(master, masterWeights2(H1) + 2 * H2 + 5, 0.75);
    setF32(master, masterWeights3(H1, H2) + 5 * 4 + 1, 0.5);
    setF32(master, masterBias3(H1, H2) + 3, -1.0);
    expect<i32>(quantisePolicy(image, master, gain)).toBe(0);

    const seen = place(72),
      observation = place(36),
      action = place(8),
      state = place(4 * (H1 + H2)),
      scratch = place(policyScratchBytes(image)),
      motors = place(16),
      spikes = place(H1 + H2);
    setF32(seen, 0, 0.375);
    quantiseObservation(seen, observation);
    expect<i32>(<i32>load<i16>(observation)).toBe(1536);
    // Membrane of neuron 2 in 2^-16: 0.375, then 0.5625 (spike), then 0.15625, then 0.453125, then 0.6015625 (spike).
    const layer1: StaticArray<i32> = [24576, 36864, 10240, 29696, 39424];
    // Of neuron 5: fires when 2 does.
    const layer2: StaticArray<i32> = [0, 49152, -8192, -4096, 47104];
    for (let t = 0; t < 5; t++) {
      const fires = policyStepInPlace(image, state, observation, action, scratch);
      const fired = t == 1 || t == 4;
      expect<i32>(fires).toBe(fired ? 2 : 0);
      for (let l = 0; l < 2; l++) expect<i32>(i32At(scratch, l)).toBe(i32(fired));
      expect<i32>(i32At(state, 2)).toBe(layer1[t]);
      expect<i32>(i32At(state, H1 + 5)).toBe(layer2[t]);
      expect<i32>(i32At(state, 3)).toBe(0);
      policySpikes(image, state, spikes);
      for (let j = 0; j < H1 + H2; j++)
        expect<bool>(load<u8>(spikes + j) != 0).toBe(fired && (j == 2 || j == H1 + 5));
      dequantiseAction(action, motors);
      expect<i32>(<i32>load<i16>(action, 2)).toBe(fired ? 7572 : 0); // 16384 tanh(0.5) = 7571.3, rounded in the table and after it
      expect<i32>(<i32>load<i16>(action, 6)).toBe(-12478); // 16384 tanh(-1)
      expect<f32>(f32At(motors, 3)).toBe(<f32>(-12478.0 / 16384.0));
      expect<i32>(<i32>load<i16>(action)).toBe(0);
    }
  });
});
