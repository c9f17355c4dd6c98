// What a batch of environments is made of; environment.ts lays it out and flies it.

@unmanaged
export class Environments {
  n: u32;
  seed: u32;
  airframe: usize; // Airframe, as it is by name
  variation: usize; // Variation of an episode from it, or 0
  gusts: usize; // Gusts that blow in every step, or 0
  start: usize; // Start
  noise: usize; // SensorNoise
  reward: usize; // Reward
  bounds: usize; // Bounds
  airframes: usize; // of each drone, in groups of four
  bias: usize; // (9, n) f32: what the sensors are off by, if there is a variation
  body: usize; // (23, n) f32
  target: usize; // (6, n) f32: position (m) and velocity (m/s) to hold; zero until set
  episode: usize; // (n) u32: which start and which noise
  step: usize; // (n) u32
  observation: usize; // (n, 146) f32: noisy observation, then the action history, oldest first
  privileged: usize; // (n, 28) f32
  action: usize; // (n, 4) f32, raw
  terms: usize; // (5, n) f32, reward terms of the last step
  terminated: usize; // (n) u8, of the state after the last step
  delay: usize; // (n) f32, s: how long into a period the motors still obey the action before
  delayMinS: f32; // an episode's delay is U(delayMinS, delayMaxS); both 0: none, and every period is one step
  delayMaxS: f32;
  scratch: usize;
}
