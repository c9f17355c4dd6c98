// An actor: the network that is trained to fly. One struct holds the trained parameters, the slow target and the forms that
// forward and backward passes need, whatever its kind (kind.ts).

import { F32s } from "../addresses";
import { Mlp } from "../dense/mlp";
import { NetworkImage } from "../network/image";

// @ts-ignore: decorator
@shared
export namespace ActorKind {
  export const SPIKING: i32 = 0;
  export const DENSE: i32 = 1;
  export const GRU: i32 = 2;
  /** Spiking, of several passes a decision; passes.ts. */
  export const SPIKING_PASSES: i32 = 3;
  export const COUNT: i32 = 4;
}

@unmanaged
export abstract class Actor {
  kind: i32; // ActorKind
  inputs: i32; // 18, or 146 with the action history
  parameters: F32s = 0;
  target: F32s = 0; // the slow copy
  copies: F32s = 0; // for backward: weights transposed
  image: NetworkImage = changetype<NetworkImage>(0); // spiking: the quantised parameters
  targetImage: NetworkImage = changetype<NetworkImage>(0);
  mlp: Mlp = changetype<Mlp>(0); // dense
  passes: i32 = 0; // of a decision
  inputGain: F32s = 0; // spiking: (inputs) f32
  surrogate: i32 = 0; // spiking: Surrogate
  slowShare: f32 = 0.0; // spiking: see initialiseSpiking
  slowLeak: f32 = 0.0;
  units: i32 = 0; // gru: of its hidden state, a multiple of 8
}
