import { printResult } from "../print.js";
import { readPolicy } from "../run-folder.js";
import { VERSION } from "../version.js";
import { requireNew, writeWhole } from "../whole-file.js";
import { encodeOnnx } from "./model.js";
import { graphOfPolicy } from "./policy-graph.js";

export interface ExportOnnxFlags {
  readonly policy: string;
  readonly json?: boolean;
}

/** Writes a dense policy or a GRU as an ONNX model. */
export function exportOnnx(out: string, { policy: file, json }: ExportOnnxFlags): void {
  const { shape, weights, record } = readPolicy(file);
  requireNew(out);
  const graph = graphOfPolicy(shape, weights, file);
  const metadata = { shape: JSON.stringify(shape), record: JSON.stringify(record) };
  const about = "A policy of Spikewing: one control period of 10 ms, f32";
  writeWhole(out, encodeOnnx({ ...graph, producerVersion: VERSION, about, metadata }));
  const values = (list: typeof graph.inputs) =>
    list.map(({ name, width }) => ({ name, shape: ["batch", width] }));
  const result = { policy: file, file: out, inputs: values(graph.inputs), outputs: values(graph.outputs) };
  const tell = (list: typeof graph.inputs) =>
    list.map(({ name, width }) => `${name} (batch, ${width})`).join(", ");
  printResult(json, result, [
    `${file}: ${shape.kind}`,
    `inputs   ${tell(graph.inputs)}`,
    `outputs  ${tell(graph.outputs)}`,
    `wrote ${out}`,
  ]);
}
