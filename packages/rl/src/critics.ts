import {
  ACTION_WORDS,
  type Address,
  type Core,
  DRAW_BYTES,
  Input,
  OBSERVATION_WITH_HISTORY_WORDS,
  PRIVILEGED_WORDS,
} from "@spikewing/core";
import { createMlp } from "./actor.js";
import { SpikewingError } from "./spikewing-error.js";

/** Two dense critics of (what they see, action). */
export interface CriticShape {
  readonly hidden: readonly number[];
  readonly activation: "tanh" | "relu";
  /** `privileged`: the simulator's state (28). `history`: what the guide sees (146), as the paper has it. */
  readonly input: "privileged" | "history";
}

/** Two critics and their slow targets in the core's memory. */
export interface Critics {
  readonly at: Address<"Critics">;
  /** Q1 then Q2, `words` together; the slow copies alike. */
  readonly parameters: Address<"F32s">;
  readonly target: Address<"F32s">;
  readonly words: number;
  /** Of one critic. */
  readonly parameterCount: number;
}

const INPUT_KINDS = { history: Input.HISTORY, privileged: Input.PRIVILEGED } as const;

export function createCritics(core: Core, shape: CriticShape, seed: number): Critics {
  const { kernels } = core;
  const seen = shape.input === "privileged" ? PRIVILEGED_WORDS : OBSERVATION_WITH_HISTORY_WORDS;
  const mlp = createMlp(core, [seen + ACTION_WORDS, ...shape.hidden, 1], shape.activation, "linear");
  const at = core.create("Critics", { mlp, input: INPUT_KINDS[shape.input] });
  kernels.criticsInitialise(at, seed, core.allocate("Scratch", DRAW_BYTES));
  const { parameters, target, pitch } = core.view("Critics", at);
  const words = (2 * pitch) / Float32Array.BYTES_PER_ELEMENT;
  return { at, parameters, target, words, parameterCount: kernels.mlpParameterCount(mlp) };
}

/** Both critics and their targets take these parameters (Q1 then Q2, as laid out in `parameters`). */
export function setCritics(core: Core, critics: Critics, parameters: Float32Array): void {
  const expected = critics.words;
  if (parameters.length !== expected)
    throw new SpikewingError(
      "guide",
      `its critics have ${parameters.length} values; expected ${expected} for the layers in the config`,
    );
  core.f32(critics.parameters, parameters.length).set(parameters);
  core.f32(critics.target, parameters.length).set(parameters);
  core.kernels.criticsSync(critics.at);
}
