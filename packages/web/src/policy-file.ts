import type { Policy } from "@spikewing/rl";
import type { FlightClient } from "./flight-client.js";
import { saveAs, say } from "./page.js";
import type { PolicyLibrary } from "./policy-library.js";

/** Reads a file that somebody chose or dropped, and flies it. */
export async function openPolicyFile(
  file: File | undefined,
  library: PolicyLibrary,
  fly: (name: string) => Promise<void>,
): Promise<void> {
  if (!file) return;
  try {
    const name = await library.open(file);
    await fly(name);
    say(`${file.name} flies${tellLoss(await library.get(name))}`);
  } catch (error) {
    say((error as Error).message, "problem");
  }
}

/** What another tool's network has lost on its way to integers. */
function tellLoss({ record: { source } }: Policy): string {
  const { differingShare } = (source ?? {}) as { readonly differingShare?: number };
  if (differingShare === undefined) return "";
  return `: rounding to integers changes ${(100 * differingShare).toFixed(2)} % of its spikes`;
}

/** Hands a policy to the browser's downloads, with its example. */
export async function savePolicy(client: FlightClient, name: string, policy: Policy): Promise<void> {
  saveAs(`${name}.safetensors`, await client.encode(policy));
}
