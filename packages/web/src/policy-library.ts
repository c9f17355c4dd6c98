import type { Policy } from "@spikewing/rl";
import type { FlightClient } from "./flight-client.js";
import { say } from "./page.js";

/** Policies that can fly: the shipped ones, opened files, and what was trained here. */
export interface PolicyLibrary {
  readonly names: readonly string[];
  /** Called when there is a new name. */
  listen(changed: () => void): void;
  /** Reads a shipped policy when it is wanted for the first time. */
  get(name: string): Promise<Policy>;
  add(name: string, policy: Policy): void;
  /** One that somebody brought or trained: under another name where a shipped one has it. */
  addOwn(name: string, policy: Policy): string;
  /** Reads a file; @throws Error that says what is wrong with it. */
  open(file: File): Promise<string>;
  readonly shipped: readonly string[];
}

const EXTENSION = ".safetensors";
const pathOf = (name: string) => `policies/${name}${EXTENSION}`;

/** @param early shipped policies to read at once */
export async function createPolicyLibrary(
  client: FlightClient,
  early: readonly string[],
): Promise<PolicyLibrary> {
  const policies = new Map<string, Policy>();
  const reading = new Map(early.map((name) => [name, read(name)]));
  for (const policy of reading.values()) policy.catch(() => {}); // reported to whoever wants it
  const shipped = await readIndex(early);
  let changed = () => {};

  async function read(name: string): Promise<Policy> {
    const file = await (await fetchFile(pathOf(name))).arrayBuffer();
    const policy = await client.decode(`${name}${EXTENSION}`, file);
    policies.set(name, policy);
    return policy;
  }

  function add(name: string, policy: Policy): void {
    const isNew = !policies.has(name);
    policies.set(name, policy);
    if (isNew) changed();
  }

  function addOwn(plain: string, policy: Policy): string {
    const name = shipped.includes(plain) ? `${plain} (file)` : plain;
    add(name, policy);
    return name;
  }

  return {
    shipped,
    listen(next) {
      changed = next;
    },
    get names() {
      return [...new Set([...shipped, ...policies.keys()])];
    },
    async get(name) {
      const known = policies.get(name) ?? reading.get(name);
      reading.delete(name); // whoever asks again after a failure tries again
      return known ?? read(name);
    },
    ...{ add, addOwn },
    async open(file) {
      const policy = await client.decode(file.name, await file.arrayBuffer());
      return addOwn(file.name.replace(/\.(safetensors|nir|pth?)$/, ""), policy);
    },
  };
}

/** Names of the shipped policies; without their list what is read early can still fly. */
async function readIndex(early: readonly string[]): Promise<readonly string[]> {
  try {
    return await (await fetchFile("policies/index.json")).json();
  } catch (error) {
    say((error as Error).message, "problem");
    return early;
  }
}

/** A static file of the page. @throws Error that names it */
export async function fetchFile(path: string): Promise<Response> {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path}: the server answers ${response.status}`);
  return response;
}
