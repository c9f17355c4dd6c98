// What a batch of environments is made of; environment.ts lays it out and flies it. And the gusts over it: gusts.ts.

import { F32s, Scratch, U8s, U32s } from "../addresses";
import { Airframe } from "../physics/airframe";
import { Gust } from "../physics/gust";
import { Start } from "./initial-state";
import { SensorNoise } from "./observation";
import { Reward } from "./reward";
import { Bounds } from "./termination";
import { Variation } from "./variation";

@unmanaged
export abstract class Environments {
  n: u32;
  seed: u32;
  airframe: Airframe; // as it is by name
  start: Start;
  noise: SensorNoise;
  reward: Reward;
  bounds: Bounds;
  variation: Variation | null = null; // of the episodes that begin from now on
  gusts: Gusts | null = null; // that blow in every step
  airframes: F32s = 0; // of each drone, in groups of four
  bias: F32s = 0; // (9, n): what the sensors are off by, if there is a variation
  body: F32s = 0; // (23, n)
  target: F32s = 0; // (6, n): position (m) and velocity (m/s) to hold; zero until set
  episode: U32s = 0; // (n): which start and which noise
  step: U32s = 0; // (n)
  observation: F32s = 0; // (n, 146): noisy observation, then the action history, oldest first
  privileged: F32s = 0; // (n, 28)
  action: F32s = 0; // (n, 4), raw
  terms: F32s = 0; // (5, n), reward terms of the last step
  terminated: U8s = 0; // (n), of the state after the last step
  delay: F32s = 0; // (n), s: how long into a period the motors still obey the action before
  // An episode's delay is U(delayMinS, delayMaxS), within the control period; both 0: none, and a period is one step.
  delayMinS: f32 = 0.0;
  delayMaxS: f32 = 0.0;
  scratch: Scratch = 0;
}

@unmanaged
export abstract class Gusts {
  environments: Environments;
  gust: Gust;
  steady: F32s = 0; // (3, n) N, world
  force: F32s = 0; // (3, n) N, world: the gusts of the last step
  scratch: Scratch = 0;
}
