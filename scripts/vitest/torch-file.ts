import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { decodeContainer } from "@spikewing/rl";
import { expect } from "vitest";

// The network of packages/core-wasm/fixtures/snn: snnTorch's, with weights in steps of 2^-12.
export const VECTORS = new URL(
  "../../packages/core-wasm/fixtures/snn/small_slope25.safetensors.gz",
  import.meta.url,
);

/**
 * Writes what torch.save() writes of snnTorch's modules, without PyTorch: a zip archive of a pickle, whose tensors are calls
 * of torch._utils._rebuild_tensor_v2 on storages that the archive holds (torch/serialization.py, _save).
 */
const SAVE = `
import collections, io, json, pickle, struct, sys, types, zipfile
torch, utils = types.ModuleType("torch"), types.ModuleType("torch._utils")
class FloatStorage: pass
class LongStorage: pass
class HalfStorage: pass
def _rebuild_tensor_v2(*args): pass
for thing, module in ((FloatStorage, torch), (LongStorage, torch), (HalfStorage, torch), (_rebuild_tensor_v2, utils)):
    thing.__module__ = module.__name__
    setattr(module, thing.__name__, thing)
sys.modules["torch"], sys.modules["torch._utils"] = torch, utils
class Storage:
    def __init__(self, kind, values): self.kind, self.values = kind, values
class Tensor:
    def __init__(self, kind, shape, values, strides=None):
        self.storage, self.shape = Storage(kind, values), tuple(shape)
        contiguous, step = [], 1
        for size in reversed(shape):
            contiguous.insert(0, step)
            step *= size
        self.strides = tuple(strides or contiguous)
    def __reduce__(self):
        return _rebuild_tensor_v2, (self.storage, 0, self.shape, self.strides, False, collections.OrderedDict())
stored = []
class Pickler(pickle.Pickler):
    def persistent_id(self, thing):
        if not isinstance(thing, Storage): return None
        stored.append(thing)
        return ("storage", thing.kind, str(len(stored) - 1), "cpu", len(thing.values))
def state(tensors):
    out = collections.OrderedDict()
    for name, kind, shape, values, strides in tensors:
        out[name] = Tensor(getattr(torch, kind), shape, values, strides)
    out._metadata = collections.OrderedDict(version=1)
    return out
given = json.load(sys.stdin)
out = io.BytesIO()
root = state(given["tensors"])
if given["within"]: root = {given["within"]: root, "epoch": 3, "optimizer": {"state": {}, "lr": 0.5}}
if given["model"]: root = {"model": print}
Pickler(out, protocol=2).dump(root)
with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_STORED) as archive:
    archive.writestr("net/data.pkl", out.getvalue())
    archive.writestr("net/byteorder", "little")
    for key, storage in enumerate(stored):
        letter = {"FloatStorage": "f", "LongStorage": "q", "HalfStorage": "e"}[storage.kind.__name__]
        archive.writestr("net/data/%d" % key, struct.pack("<%d%s" % (len(storage.values), letter), *storage.values))
`;
/** A tensor of a state dict. */
export type Saved = [
  name: string,
  kind: string,
  shape: readonly number[],
  values: readonly number[],
  strides: number[] | null,
];

/** Writes a state dict as a file of torch.save. */
export function saveTorch(
  file: string,
  tensors: readonly Saved[] = STATE,
  { within = "", model = false } = {},
): void {
  const input = JSON.stringify({ tensors, within, model });
  const run = spawnSync("/usr/bin/python3", ["-c", SAVE, file], { input, encoding: "utf8" });
  expect(run.stderr).toBe("");
}

const vectors = decodeContainer(gunzipSync(readFileSync(VECTORS)), "vectors").tensors;
/** Of one of the vectors. */
export const values = (name: string) => [...new Float64Array(vectors.get(name)!.bytes.buffer)];
/** A tensor of the vectors, under another name. */
const float = (name: string, from: string): Saved => [
  name,
  "FloatStorage",
  vectors.get(from)!.shape,
  values(from),
  null,
];
/** What snnTorch keeps of a layer of Leaky. */
const leaky = (name: string, l: number): Saved[] => [
  float(`${name}.threshold`, `threshold${l}`),
  [`${name}.graded_spikes_factor`, "FloatStorage", [], [1], null],
  [`${name}.reset_mechanism_val`, "LongStorage", [], [0], null],
  float(`${name}.beta`, `leak${l}`),
];
/** snnTorch's names, in the order of the modules, which is not that of their names. */
export const STATE: readonly Saved[] = [
  float("sense.weight", "w1"),
  float("sense.bias", "b1"),
  ...leaky("early", 1),
  float("inner.weight", "w2"),
  float("inner.bias", "b2"),
  ...leaky("late", 2),
  float("act.weight", "w3"),
  float("act.bias", "b3"),
];
