import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

/** Readers of the golden vectors in fixtures/ (each folder's README says where they come from). */

const fixture = (path: string): Buffer => readFileSync(new URL(`../fixtures/${path}`, import.meta.url));

/** One control period of a published simulator, binary64. */
export interface OneStep {
  readonly trajectory: number;
  readonly step: number;
  readonly state: readonly number[];
  readonly action: readonly number[];
  readonly force_N: readonly number[];
  readonly torque_Nm: readonly number[];
  readonly next_state: readonly number[];
  readonly terminated: number;
  readonly [reward: string]: number | readonly number[];
}

export function readOneSteps(model: "l2f_cpp" | "l2f_py"): readonly OneStep[] {
  return JSON.parse(fixture(`physics/${model}_onestep.json`).toString()).cases;
}

/** Twenty trajectories of 501 rows: rows[trajectory][step][column]. */
export interface Rollouts {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Float64Array[])[];
  readonly wrench: readonly { readonly force_N: number[]; readonly torque_Nm: number[] }[];
}

export function readRollouts(model: "l2f_cpp" | "l2f_py"): Rollouts {
  const [header = "", ...lines] = gunzipSync(fixture(`physics/${model}_f64.csv.gz`))
    .toString()
    .trim()
    .split("\n");
  const rows: Float64Array[][] = [];
  for (const line of lines) {
    const values = Float64Array.from(line.split(","), (field) => (field === "" ? Number.NaN : Number(field)));
    const trajectory = values[0]!;
    if (rows.length === trajectory) rows.push([]);
    rows[trajectory]!.push(values);
  }
  const wrench = JSON.parse(fixture(`physics/${model}_trajectories.json`).toString());
  return { columns: header.split(","), rows, wrench };
}

/** A gzipped safetensors file: 8 bytes of length, a JSON header, raw data. */
export interface Tensors {
  readonly metadata: Readonly<Record<string, string>>;
  readonly shape: (name: string) => readonly number[];
  readonly values: (name: string) => Float64Array;
}

export function readTensors(name: string): Tensors {
  const file = gunzipSync(fixture(`snn/${name}.safetensors.gz`));
  const headerBytes = Number(file.readBigUInt64LE(0));
  const header = JSON.parse(file.toString("utf8", 8, 8 + headerBytes));
  const slice = (tensor: string) => {
    const [from, to] = header[tensor].data_offsets as [number, number];
    return file.buffer.slice(
      file.byteOffset + 8 + headerBytes + from,
      file.byteOffset + 8 + headerBytes + to,
    );
  };
  return {
    metadata: header.__metadata__,
    shape: (tensor) => header[tensor].shape,
    values: (tensor) =>
      header[tensor].dtype === "U8"
        ? Float64Array.from(new Uint8Array(slice(tensor) as ArrayBuffer))
        : new Float64Array(slice(tensor) as ArrayBuffer),
  };
}
