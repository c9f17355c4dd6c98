import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Address, OBSERVATION_WITH_HISTORY_WORDS } from "@spikewing/core";
import { loadCore } from "@spikewing/core/node";
import {
  type ActorShape,
  createActor,
  createFlight,
  DEFAULT_TASK,
  decodePolicy,
  encodePolicy,
  initialiseActor,
  loadPolicy,
  type Policy,
  policyWeights,
} from "@spikewing/rl";
import { InferenceSession, Tensor } from "onnxruntime-web";
import { expect, test } from "vitest";
import { newFolder } from "../../../scripts/vitest/new-folder.ts";
import { refuse, succeed } from "./command.ts";

const folder = newFolder();
const file = (name: string) => join(folder, name);
const shipped = (name: string) =>
  fileURLToPath(import.meta.resolve(`@spikewing/rl/policies/${name}.safetensors`));

/** A policy as initialisation leaves it: large enough weights that every term of a GRU counts. */
function fresh(shape: ActorShape): Policy {
  const core = loadCore();
  const actor = createActor(core, shape);
  initialiseActor(core, actor, 3, 0);
  return { shape, weights: policyWeights(core, actor), record: {} };
}

const exported = (policyFile: string, name: string) =>
  JSON.parse(succeed(["export", "onnx", file(name), "--policy", policyFile, "--json"]).stdout);

/** The largest difference of a motor command between the policy and the model in a flight of the policy's. */
async function differenceInFlight(policyFile: string, name: string, steps: number): Promise<number> {
  const session = await InferenceSession.create(readFileSync(file(name)));
  const core = loadCore();
  const policy = decodePolicy(readFileSync(policyFile), policyFile);
  const flight = createFlight(core, DEFAULT_TASK, loadPolicy(core, policy), 1);
  flight.reset(0);
  const width = policy.shape.kind === "dense" && policy.shape.history ? OBSERVATION_WITH_HISTORY_WORDS : 18;
  const rows: Address<"F32s"> = core.view("Environments", flight.environments).observation;
  let state = policy.shape.kind === "gru" ? new Float32Array(policy.shape.units) : undefined;
  let largest = 0;
  for (let step = 0; step < steps; step++) {
    flight.observe();
    const observation = new Tensor("float32", core.f32(rows, width).slice(), [1, width]);
    const feeds = state
      ? { observation, state: new Tensor("float32", state, [1, state.length]) }
      : { observation };
    const { action, next_state: next } = await session.run(feeds);
    if (next) state = (next.data as Float32Array).slice();
    flight.step();
    flight.state().action.forEach((given, k) => {
      largest = Math.max(largest, Math.abs(given - (action!.data as Float32Array)[k]!));
    });
  }
  return largest;
}

test.each([
  ["ann", 18],
  ["ann-history", 146],
])("the shipped %s gives the same actions in onnxruntime", async (name, width) => {
  const { inputs, outputs } = exported(shipped(name), `${name}.onnx`);
  expect({ inputs, outputs }).toEqual({
    inputs: [{ name: "observation", shape: ["batch", width] }],
    outputs: [{ name: "action", shape: ["batch", 4] }],
  });
  expect(await differenceInFlight(shipped(name), `${name}.onnx`, 100)).toBeLessThan(1e-5); // tanh and order of sums
});

test.each<[string, ActorShape]>([
  ["gru", { kind: "gru", units: 24 }],
  ["relu", { kind: "dense", hidden: [20, 12], activation: "relu", history: false }],
  ["fast-tanh", { kind: "dense", hidden: [20], activation: "fast-tanh", history: false }],
])("a %s as initialised gives the same actions in onnxruntime", async (name, shape) => {
  writeFileSync(file(`${name}.safetensors`), encodePolicy(fresh(shape)));
  exported(file(`${name}.safetensors`), `${name}.onnx`);
  expect(await differenceInFlight(file(`${name}.safetensors`), `${name}.onnx`, 100)).toBeLessThan(1e-5);
});

test("a policy that spikes and a file that is there are refused", () => {
  const args = (out: string, policy: string) => ["export", "onnx", out, "--policy", policy];
  refuse(
    args(file("snn.onnx"), shipped("snn")),
    `${shipped("snn")}: kind is spiking; expected dense or gru, as ONNX has no neurons that spike (export nir writes those)`,
  );
  writeFileSync(file("there.onnx"), "");
  refuse(
    args(file("there.onnx"), shipped("ann")),
    `${file("there.onnx")}: exists already; expected a new file`,
  );
});
