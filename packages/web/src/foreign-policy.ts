import type { Core } from "@spikewing/core";
import { DEFAULT_TASK, importNetwork, type Policy } from "@spikewing/rl";
import { readNir, readTorch } from "@spikewing/rl/exchange";

/** The policy that another tool's network becomes, with what that has lost on record. @throws Error with the reason. */
export async function importForeign(core: Core, name: string, file: Uint8Array): Promise<Policy> {
  const { network, trained, formats, format } = await read(name, file);
  const { policy, report } = importNetwork(core, network, trained, name, formats);
  const { differingShare } = report.rounding;
  return { ...policy, record: { ...policy.record, source: { format, file: name, differingShare } } };
}

async function read(name: string, file: Uint8Array) {
  if (name.endsWith(".nir")) return { ...(await readNir(file, {}, name)), format: "NIR" };
  return {
    network: readTorch(file, {}, name).network,
    trained: DEFAULT_TASK,
    formats: undefined,
    format: "PyTorch",
  };
}
