import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { decodePolicy } from "@spikewing/rl";
import { encodeHdf5, type Group } from "@spikewing/rl/exchange";
import { expect, test } from "vitest";
import { newFolder } from "../../../scripts/vitest/new-folder.ts";
import { readActorHeader } from "../src/l2f/actor-header.js";
import { refuse, succeed, TINY } from "./command.ts";

// learning-to-fly's actors, with numbers made here: its repositories say nothing of who may copy the weights.
const folder = newFolder();
const file = (name: string) => join(folder, name);
const draws = (n: number, size: number, phase: number) =>
  Float32Array.from({ length: n }, (_, i) => size * Math.sin(phase + 1.7 * i + 0.01 * i * i));

interface Layer {
  readonly inputs: number;
  readonly width: number;
  /** (width, inputs) */
  readonly weight: Float32Array;
  readonly bias: Float32Array;
}
const layer = (inputs: number, width: number, phase: number): Layer => ({
  inputs,
  width,
  weight: draws(width * inputs, 2.5 / Math.sqrt(inputs), phase),
  bias: draws(width, 0.3, phase + 1),
});
const LAYERS = [layer(146, 64, 1), layer(64, 64, 2), layer(64, 4, 3)];
const OBSERVATION = draws(146, 1, 4);

const fastTanh = (sum: number) => {
  const x = Math.min(3, Math.max(-3, sum));
  return (x * (27 + x * x)) / (27 + 9 * x * x);
};

/** In doubles, from the formulas: learning-to-fly's activation is not the tanh. */
const actionOf = (activate: (sum: number) => number) =>
  LAYERS.reduce<ArrayLike<number>>(
    (x, { weight, bias, inputs }) =>
      Array.from(bias, (b, j) =>
        activate(b + weight.subarray(j * inputs, (j + 1) * inputs).reduce((sum, w, k) => sum + w * x[k]!, 0)),
      ),
    OBSERVATION,
  );

const memory = (values: ArrayLike<number>, rows: number, columns: number, type = "float") => `
    static_assert(sizeof(unsigned char) == 1);
    alignas(float) const unsigned char memory[] = {${[...new Uint8Array(Float32Array.from(values).buffer)].join(", ")}};
    using CONTAINER_SPEC = RL ::rl_tools::matrix::Specification<${type}, unsigned long, ${rows}, ${columns}, RL ::rl_tools::matrix::layouts::RowMajorAlignment<unsigned long, 1>>;
    const CONTAINER_TYPE container = {(float*)memory};`;

/** As RLtools writes it (persist_code.h of its containers, layers and models). */
function header(activation = "FAST_TANH", type = "float", action = actionOf(fastTanh)): string {
  const layers = LAYERS.map(
    ({ inputs, width, weight, bias }, l) => `
    namespace layer_${l} {
      namespace weights {
        namespace parameters_memory {${memory(weight, width, inputs, type)}
        }
        const RL ::rl_tools::nn::parameters::Plain::instance<PARAMETER_SPEC> parameters = {parameters_memory::container};
      }
      namespace biases {
        namespace parameters_memory {${memory(bias, 1, width, type)}
        }
      }
      using SPEC = RL ::rl_tools::nn::layers::dense::Specification<float, unsigned long, ${inputs}, ${width}, RL ::rl_tools::nn::activation_functions::ActivationFunction::${activation}, RL ::rl_tools::nn::parameters::Plain, 1>;
      const TYPE layer = {weights::parameters, biases::parameters};
    }`,
  );
  return `#include <rl_tools/nn/layers/dense/layer.h>
namespace rl_tools::checkpoint::actor {${layers.join("")}
    const MODEL model = {layer_0::layer, {layer_1::layer, {layer_2::layer}}};
}
namespace rl_tools::checkpoint::observation {${memory(OBSERVATION, 1, 146)}
}
namespace rl_tools::checkpoint::action {${memory(action, 1, 4)}
}
namespace rl_tools::checkpoint::meta{
   char name[] = "2023_10_25_actor_000000003000000";
}`;
}

function bring(name: string, out: string) {
  const args = ["import", "l2f", file(name), "--out", file(out), "--episodes", "4", "--json"];
  return JSON.parse(succeed(args).stdout);
}

test("an actor.h flies with the activation it was trained with, and guides a training", () => {
  writeFileSync(file("actor.h"), header());
  const { sizes, source, exampleDifference, scores } = bring("actor.h", "l2f.safetensors");
  expect(sizes).toEqual([146, 64, 64, 4]);
  expect(source).toMatchObject({ format: "learning-to-fly", name: "2023_10_25_actor_000000003000000" });
  expect(exampleDifference).toBeLessThan(2e-6);
  expect(scores[0].returns).toHaveLength(4);
  const policy = decodePolicy(readFileSync(file("l2f.safetensors")), "l2f");
  expect(policy.shape).toEqual({ kind: "dense", hidden: [64, 64], activation: "fast-tanh", history: true });
  const { algorithm, policy: sizesOfAll } = JSON.parse(readFileSync(TINY, "utf8"));
  const short = { ...sizesOfAll, rounds: 1, evaluateEvery: 1, criticStart: "scratch" };
  writeFileSync(file("short.json"), JSON.stringify({ algorithm, policy: short }));
  succeed([
    "train",
    "--config",
    file("short.json"),
    "--guide",
    file("l2f.safetensors"),
    "--out",
    file("run"),
  ]);
  expect(decodePolicy(readFileSync(file("run/policy.safetensors")), "run").record).toMatchObject({
    guide: { source: { format: "learning-to-fly" } },
  });
});

test("its checkpoint in HDF5 becomes the same policy", async () => {
  const matrix = (shape: number[], data: Float32Array): Group => ({ parameters: { shape, data } });
  const layers = LAYERS.map(({ inputs, width, weight, bias }, l) => [
    l,
    { weights: matrix([width, inputs], weight), biases: matrix([1, width], bias) },
  ]);
  writeFileSync(file("actor.h5"), await encodeHdf5({ actor: { layers: Object.fromEntries(layers) } }));
  expect(bring("actor.h5", "h5.safetensors").exampleDifference).toBeNull();
  const [h5, code] = ["h5", "l2f"].map((name) =>
    decodePolicy(readFileSync(file(`${name}.safetensors`)), name),
  );
  expect(h5!.weights).toEqual(code!.weights);
  expect(h5!.shape).toEqual(code!.shape);
  writeFileSync(file("other.h5"), await encodeHdf5({ critic: {} }));
  refuse(
    ["import", "l2f", file("other.h5"), "--out", file("other")],
    `${file("other.h5")}: has no group /actor/layers; expected a checkpoint of learning-to-fly`,
  );
});

test("an activation that is not the file's own is found out by its example", () => {
  writeFileSync(file("tanh.h"), header("TANH"));
  refuse(
    ["import", "l2f", file("tanh.h"), "--out", file("refused")],
    /tanh\.h: its own observation gives actions 0\.\d+ from those in the file; expected at most 0\.00001$/m,
  );
});

test.each([
  [
    "of an activation nobody knows",
    header("GELU"),
    "layer_0: activation is GELU; expected one of FAST_TANH, TANH, RELU",
  ],
  [
    "of doubles",
    header("FAST_TANH", "double"),
    "rl_tools::checkpoint::actor::layer_0::weights::parameters_memory is of double; expected float",
  ],
  ["cut short", header().replace(/, \d+\};/, "};"), /has 37375 bytes; expected 37376, \(64, 146\) floats$/],
  ["with a byte of 300", header().replace(/memory\[\] = \{\d+/, "memory[] = {300"), /byte 0 is 300; /],
  ["of other sizes", header().replaceAll("64, 146,", "128, 73,"), "layer_0: 64 biases; expected 128"],
  [
    "of something else",
    "int main() { return 0; }",
    "has no dense layers; expected an actor.h of learning-to-fly",
  ],
])("an actor.h %s is refused with its reason", (_, text, problem) => {
  expect(() => readActorHeader(text, "actor.h")).toThrow(problem);
});
