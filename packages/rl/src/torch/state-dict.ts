import { decodeContainer, type Tensor } from "../safetensors.js";
import { SpikewingError } from "../spikewing-error.js";
import { readPickled } from "./pickled-tensors.js";
import type { StateTensor } from "./state-tensor.js";

/** The tensors of a module by name. */
export interface StateDict {
  readonly tensors: ReadonlyMap<string, StateTensor>;
  /** They stand as the module has them; a safetensors file sorts them by name. */
  readonly inOrder: boolean;
}

/** Where a checkpoint keeps the state dict beside other things. */
const WITHIN = ["state_dict", "model_state_dict", "model"];

const isTensor = (value: unknown): value is StateTensor =>
  typeof value === "object" && value !== null && "values" in value && value.values instanceof Float64Array;

/** A file of torch.save, or safetensors. @throws SpikewingError naming it. */
export function readStateDict(file: Uint8Array, path: string): StateDict {
  const isZip = file[0] === 0x50 && file[1] === 0x4b; // "PK"
  const tensors = isZip ? pickledTensors(file, path) : containedTensors(file, path);
  if (tensors.size === 0) throw new SpikewingError(path, "holds no tensors; expected a state dict");
  return { tensors, inOrder: isZip };
}

function pickledTensors(file: Uint8Array, path: string): Map<string, StateTensor> {
  const root = readPickled(file, path);
  const within = WITHIN.map((name) => root.get(name)).find((value) => value instanceof Map);
  return new Map(
    [...((within as Map<unknown, unknown> | undefined) ?? root)].filter(
      (entry): entry is [string, StateTensor] => typeof entry[0] === "string" && isTensor(entry[1]),
    ),
  );
}

function containedTensors(file: Uint8Array, path: string): Map<string, StateTensor> {
  const { tensors } = decodeContainer(file, path);
  return new Map(
    [...tensors].map(([name, { dtype, shape, bytes }]) => [name, { shape, values: valuesOf(dtype, bytes) }]),
  );
}

function valuesOf(dtype: Tensor["dtype"], { buffer }: Uint8Array): Float64Array {
  switch (dtype) {
    case "F32":
      return Float64Array.from(new Float32Array(buffer));
    case "F64":
      return new Float64Array(buffer);
    case "I64":
      return Float64Array.from(new BigInt64Array(buffer), Number);
    case "I32":
      return Float64Array.from(new Int32Array(buffer));
    case "I16":
      return Float64Array.from(new Int16Array(buffer));
    case "I8":
      return Float64Array.from(new Int8Array(buffer));
    case "U8":
      return Float64Array.from(new Uint8Array(buffer));
  }
}
