// An ONNX model (onnx/onnx, onnx/onnx.proto) of the few things that a dense network and a GRU need. The numbers are the fields
// of that file.

import { PbfWriter } from "pbf";

/** Opset 13 and IR version 8: every runtime since 2021 reads them. */
const OPSET = 13;
const IR_VERSION = 8;
const FLOAT = 1;

export interface OnnxNode {
  readonly op: "Gemm" | "MatMul" | "Add" | "Sub" | "Mul" | "Div" | "Clip" | "Tanh" | "Relu" | "Sigmoid";
  readonly inputs: readonly string[];
  readonly output: string;
}

export interface OnnxTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** What goes in or comes out: rows of this width. */
export interface OnnxValue {
  readonly name: string;
  readonly width: number;
  readonly about: string;
}

export interface OnnxModel {
  readonly producerVersion: string;
  readonly about: string;
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly nodes: readonly OnnxNode[];
  readonly tensors: readonly OnnxTensor[];
  readonly metadata: Readonly<Record<string, string>>;
}

export function encodeOnnx(model: OnnxModel): Uint8Array {
  const pbf = new PbfWriter();
  pbf.writeVarintField(1, IR_VERSION);
  pbf.writeStringField(2, "spikewing");
  pbf.writeStringField(3, model.producerVersion);
  pbf.writeStringField(6, model.about);
  pbf.writeMessage(7, writeGraph, model);
  pbf.writeMessage(8, (opset, to) => to.writeVarintField(2, opset), OPSET);
  for (const entry of Object.entries(model.metadata)) pbf.writeMessage(14, writeEntry, entry);
  return pbf.finish();
}

function writeEntry([key, value]: readonly [string, string], pbf: PbfWriter): void {
  pbf.writeStringField(1, key);
  pbf.writeStringField(2, value);
}

function writeGraph({ nodes, tensors, inputs, outputs }: OnnxModel, pbf: PbfWriter): void {
  for (const node of nodes) pbf.writeMessage(1, writeNode, node);
  pbf.writeStringField(2, "policy");
  for (const tensor of tensors) pbf.writeMessage(5, writeTensor, tensor);
  for (const value of inputs) pbf.writeMessage(11, writeValue, value);
  for (const value of outputs) pbf.writeMessage(12, writeValue, value);
}

function writeNode({ op, inputs, output }: OnnxNode, pbf: PbfWriter): void {
  for (const input of inputs) pbf.writeStringField(1, input);
  pbf.writeStringField(2, output);
  pbf.writeStringField(4, op);
}

function writeTensor({ name, shape, values }: OnnxTensor, pbf: PbfWriter): void {
  for (const size of shape) pbf.writeVarintField(1, size);
  pbf.writeVarintField(2, FLOAT);
  pbf.writeStringField(8, name);
  pbf.writeBytesField(9, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
}

function writeValue({ name, width, about }: OnnxValue, pbf: PbfWriter): void {
  pbf.writeStringField(1, name);
  pbf.writeMessage(2, writeType, width); // TypeProto
  pbf.writeStringField(3, about);
}

function writeType(width: number, pbf: PbfWriter): void {
  pbf.writeMessage(
    1, // tensor_type
    (size, tensor) => {
      tensor.writeVarintField(1, FLOAT);
      tensor.writeMessage(2, writeShape, size);
    },
    width,
  );
}

/** Any number of rows of so many values. */
function writeShape(width: number, pbf: PbfWriter): void {
  pbf.writeMessage(1, (name, dimension) => dimension.writeStringField(2, name), "batch");
  pbf.writeMessage(1, (size, dimension) => dimension.writeVarintField(1, size), width);
}
