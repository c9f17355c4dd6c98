import type { Core } from "@spikewing/core";
import { ACTION_SIZE, OBSERVATION_WITH_HISTORY_SIZE, writeMlp } from "./actor.js";
import { SpikewingError } from "./spikewing-error.js";

/** The privileged observation: noise-free state, disturbance and rotor speeds. */
const PRIVILEGED_SIZE = 28;

/** Two dense critics of (what they see, action). */
export interface CriticShape {
  readonly hidden: readonly number[];
  readonly activation: "tanh" | "relu";
  /** `privileged`: the simulator's state (28). `history`: what the guide sees (146), as the paper has it. */
  readonly input: "privileged" | "history";
}

/** Two critics and their slow targets in the core's memory. */
export interface Critics {
  readonly at: number;
  /** Q1 then Q2, `pitch` bytes apart. */
  readonly parameters: number;
  readonly transposed: number;
  readonly target: number;
  readonly pitch: number;
  readonly parameterCount: number;
  readonly mlp: number;
}

/** Numbers of the namespace Input in the core. */
const INPUT_KINDS = { history: 1, privileged: 2 } as const;

export function createCritics(core: Core, shape: CriticShape, seed: number): Critics {
  const { kernels, allocate } = core;
  const inputs =
    (shape.input === "privileged" ? PRIVILEGED_SIZE : OBSERVATION_WITH_HISTORY_SIZE) + ACTION_SIZE;
  const mlp = writeMlp(core, [inputs, ...shape.hidden, 1], shape.activation, "linear");
  const parameterCount = kernels.mlpParameterCount(mlp);
  const pitch = Math.ceil((4 * parameterCount) / 64) * 64;
  const parameters = allocate(2 * pitch);
  const transposed = allocate(2 * pitch);
  const target = allocate(2 * pitch);
  const scratch = allocate(16);
  for (const j of [0, 1]) kernels.initialiseMlp(mlp, parameters + j * pitch, seed, 100 + j, scratch);
  core.f32(target, pitch / 2).set(core.f32(parameters, pitch / 2));
  const at = allocate(64);
  kernels.criticsInit(at, mlp, INPUT_KINDS[shape.input], parameters, transposed, target, pitch);
  const critics = { at, parameters, transposed, target, pitch, parameterCount, mlp };
  syncCritics(core, critics);
  return critics;
}

/** Brings the transposed weights up to date after an optimiser step. */
export function syncCritics({ kernels }: Core, critics: Critics): void {
  for (const j of [0, 1]) {
    kernels.mlpTranspose(
      critics.mlp,
      critics.parameters + j * critics.pitch,
      critics.transposed + j * critics.pitch,
    );
  }
}

/** Both critics and their targets take these parameters (Q1 then Q2, as laid out in `parameters`). */
export function setCritics(core: Core, critics: Critics, parameters: Float32Array): void {
  const expected = critics.pitch / 2;
  if (parameters.length !== expected)
    throw new SpikewingError(
      "guide",
      `its critics have ${parameters.length} values; expected ${expected} for the layers in the config`,
    );
  core.f32(critics.parameters, parameters.length).set(parameters);
  core.f32(critics.target, parameters.length).set(parameters);
  syncCritics(core, critics);
}
