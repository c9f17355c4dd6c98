import { Activation, ActorKind, Neuron, Surrogate } from "@spikewing/core";
import { expect, test } from "vitest";
import { ACTIVATIONS, DENSE_ACTIVATIONS } from "../src/actor.js";
import { NEURONS, READ_OUTS, SUM_READ_OUT, SURROGATES } from "../src/layers.js";
import { actorShapeSchema } from "../src/policy-file.js";

const kinds = (table: Readonly<Record<string, { readonly kind: number }>>) =>
  Object.values(table).map(({ kind }) => kind);
const sorted = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b);

test("every surrogate of the core has one name here", () => {
  expect(sorted(Object.values(SURROGATES))).toEqual(sorted(Object.values(Surrogate)));
});

test("every activation of the core has a name, and all that is not linear may stand in hidden layers", () => {
  expect(sorted(Object.values(ACTIVATIONS))).toEqual(sorted(Object.values(Activation)));
  const { linear, ...others } = ACTIVATIONS;
  expect(Object.keys(DENSE_ACTIVATIONS).sort()).toEqual(Object.keys(others).sort());
});

test("every kind of neuron of the core is a hidden one or a read-out", () => {
  expect(sorted([...kinds(NEURONS), ...kinds(READ_OUTS), SUM_READ_OUT.kind])).toEqual(
    sorted(Object.values(Neuron)),
  );
});

test("every kind of actor of the core has a shape", () => {
  const names = actorShapeSchema.options.map(({ shape }) => shape.kind.value.toUpperCase().replace("-", "_"));
  expect(names.sort()).toEqual(Object.keys(ActorKind).sort());
});
