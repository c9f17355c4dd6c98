/** Tools whose reading of a graph differs: the step that they take, and what they make of a neuron. */
export const PROFILES = {
  plain: {
    dtS: 0.01,
    reads: "Euler steps of 10 ms, one a control period: beta = 1 - dt/tau, input gain r dt/tau = 1",
  },
  snntorch: {
    dtS: 1e-4,
    reads:
      "snntorch.import_from_nir: beta = 1 - 1e-4/tau, one threshold a layer (weights and biases are divided by each neuron's, all are 1), reset to zero without delay: set reset_mechanism='subtract' and reset_delay=True on every neuron to fly as here",
  },
  norse: {
    dtS: 1e-3,
    reads:
      "norse.torch.from_nir: dt = 1e-3, v += dt/tau (v_leak - v + I), r and v_reset are not read (weights and biases are divided by dt/tau, r is 1), reset to zero",
  },
} as const;
export type ProfileName = keyof typeof PROFILES;

/** What the format itself has no word for. */
export const LOSSES = [
  "reset: NIR's LIF sets v to v_reset in the step of a spike; the policy subtracts the threshold in the step after it, not scaled by the leak",
  "activation: the action is the tanh of Output, and NIR has no tanh",
  "integers: the policy computes in 16.16 fixed point with integer weights; here are the real numbers that its integers stand for",
  "observation: the policy rounds it (p 2^-12 m, R 2^-14, v 2^-11 m/s, w 2^-9 rad/s) and saturates at 32767 units",
] as const;

/** What the numbers of a graph mean. */
export const UNITS = {
  input:
    "position (3) m, rotation matrix (9) row by row, velocity (3) m/s, angular velocity (3) rad/s; relative to the target",
  example: "observations p 2^-12 m, R 2^-14, v 2^-11 m/s, w 2^-9 rad/s; actions 2^-14",
  output: "motors (4): the action is the tanh, [-1, 1]",
} as const;
