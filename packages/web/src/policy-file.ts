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
    await fly(await library.open(file));
    say(`${file.name} flies`);
  } catch (error) {
    say((error as Error).message, "problem");
  }
}

/** Hands a policy to the browser's downloads, with its example. */
export async function savePolicy(client: FlightClient, name: string, policy: Policy): Promise<void> {
  saveAs(`${name}.safetensors`, await client.encode(policy));
}
