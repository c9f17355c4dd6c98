/** Energy of a control period, by what different people count (docs/REFERENCE.md, 8.5). All in J. */

const PJ = 1e-12;
/** Of Loihi, as the paper gives them: a synaptic operation, a spike within a tile, the update of a neuron. */
const SYNAPTIC_PJ = 23.6;
const SPIKE_PJ = 1.7;
const UPDATE_PJ = 81;
/** Horowitz 2014, 45 nm, f32: a multiplication and an addition, an addition. */
const MAC_PJ = 4.6;
const AC_PJ = 0.9;

/**
 * E = N1 (Pu + Nin Pw) + [Ps (1 - AS) N1 + N2 (Pu + N1 Pw)] + [Ps (1 - AS) N2 + Nout N2 Pw], supplement S4.
 *
 * @param exchanged as printed, with the constants of a synaptic operation and of a spike in each other's place; else as their
 * units mean
 */
export function paperEnergyJ(
  [inputs, first, second, outputs]: readonly [number, number, number, number],
  sparsity: number,
  exchanged: boolean,
): number {
  const [spike, weight] = exchanged ? [SYNAPTIC_PJ, SPIKE_PJ] : [SPIKE_PJ, SYNAPTIC_PJ];
  const fire = spike * (1 - sparsity);
  const layers =
    first * (UPDATE_PJ + inputs * weight) +
    (fire * first + second * (UPDATE_PJ + first * weight)) +
    (fire * second + outputs * second * weight);
  return layers * PJ;
}

/** What Loihi's figures mean: a synaptic operation for each that occurs, a spike for each, an update for each neuron. */
export const eventEnergyJ = (operations: number, spikes: number, neurons: number): number =>
  (operations * SYNAPTIC_PJ + spikes * SPIKE_PJ + neurons * UPDATE_PJ) * PJ;

/** Arithmetic alone, in 45 nm. */
export const arithmeticEnergyJ = (macs: number, acs: number): number => (macs * MAC_PJ + acs * AC_PJ) * PJ;

/**
 * Boards that fly the shipped policy: time of a step from instructions counted on the emulated chip, one a cycle, by format of
 * the weights (firmware/README.md, Cost), and the power of the board, which is an assumption to within a factor of two.
 */
export const BOARDS = {
  "Teensy 4.0 (M7, 600 MHz)": {
    instructions: {
      i16: 46_403,
      i8: 46_395,
      "i16, i4": 51_706,
      "i8, i4": 53_400,
      "i16, i4 trained": 40_168,
      "i8, i4 trained": 43_693,
    },
    clockHz: 600e6,
    powerW: 0.5,
  },
  "Crazyflie's STM32F405 (M4, 168 MHz)": {
    instructions: {
      i16: 48_224,
      i8: 48_199,
      "i16, i4": 53_558,
      "i8, i4": 55_240,
      "i16, i4 trained": 41_957,
      "i8, i4 trained": 45_487,
    },
    clockHz: 168e6,
    powerW: 0.15,
  },
} as const;

export const boardEnergyJ = ({
  instructions,
  clockHz,
  powerW,
}: (typeof BOARDS)[keyof typeof BOARDS]): number => (instructions.i16 / clockHz) * powerW;

/** The Crazyflie's cell: 250 mAh at 3.7 V nominal, 7.1 g, emptied in about 7 minutes of flight. */
export const BATTERY = { energyJ: 0.25 * 3.7 * 3600, massG: 7.1, flightS: 420 } as const;

/** Seconds of flight that an hour of inference at 100 Hz costs. */
export const flightSecondsOf = (stepJ: number): number =>
  (stepJ * 100 * 3600 * BATTERY.flightS) / BATTERY.energyJ;
