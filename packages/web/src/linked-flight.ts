import type { FlightClient } from "./flight-client.js";
import type { decodeLink } from "./flight-link.js";
import { LONGEST_SHOWN } from "./flight-settings.js";
import { type PackedPolicy, unpackPolicy } from "./packed-policy.js";
import { say } from "./page.js";
import type { PolicyLibrary } from "./policy-library.js";
import type { Session } from "./session.js";

/** Flies what an address says, and says what it could not read there. */
export async function flyLink(
  session: Session,
  library: PolicyLibrary,
  client: FlightClient,
  first: string,
  { flight, problems }: ReturnType<typeof decodeLink>,
): Promise<void> {
  const said =
    problems.length > 3 ? [...problems.slice(0, 3), `and ${problems.length - 3} more`] : [...problems];
  const brought = new Map<string, string>();
  for (const file of flight.files) {
    try {
      brought.set(file.name, await bring(file, library, client));
    } catch (error) {
      said.push((error as Error).message);
    }
  }
  const wanted = flight.policies.map((name) => brought.get(name) ?? name);
  const here = wanted.filter((name) => library.names.includes(name));
  for (const name of wanted)
    if (!here.includes(name))
      said.unshift(`it flies "${name.slice(0, LONGEST_SHOWN)}", a policy that is not here`);
  if (here.length === 0) here.push(library.names.includes(first) ? first : (library.names[0] ?? first));
  await session.follow(here, flight);
  if (said.length > 0) say(`Link: ${said.join("; ")}`, "problem");
}

/** Its name here: a shipped policy keeps its own to itself. */
async function bring(file: PackedPolicy, library: PolicyLibrary, client: FlightClient): Promise<string> {
  const name = library.shipped.includes(file.name) ? `${file.name} (link)` : file.name;
  const bytes = await unpackPolicy(file);
  library.add(name, await client.decode(`${name}.safetensors`, bytes.buffer));
  return name;
}
