import type { Policy } from "@spikewing/rl";
import type { FlightClient } from "./flight-client.js";
import { MAX_INPUTS } from "./flight-input.js";
import { encodeLink } from "./flight-link.js";
import { LONGEST_NAME, MAX_POLICY_BYTES, type PackedPolicy, packPolicy } from "./packed-policy.js";
import { say } from "./page.js";
import type { PolicyLibrary } from "./policy-library.js";
import type { Session } from "./session.js";

/**
 * Puts the link of the flight so far into the address and the clipboard, and says what it carries: policies by name where
 * everybody has them, else as files.
 *
 * @param challenge the return that others are asked to have more than, in thousandths
 */
export async function shareFlight(
  session: Session,
  library: PolicyLibrary,
  client: FlightClient,
  challenge?: number,
): Promise<void> {
  const { settings, inputs, check } = session.record();
  if (inputs.length > MAX_INPUTS) {
    say(`This flight had ${inputs.length} inputs; a link carries up to ${MAX_INPUTS}`, "problem");
    return;
  }
  const isOwn = (name: string) => !library.shipped.includes(name);
  const inLink = (name: string) => (isOwn(name) ? name.slice(0, LONGEST_NAME) : name);
  const policies = session.flown.map(inLink);
  const own = session.flown.filter(isOwn);
  const files = await Promise.all(
    own.map(async (name) => pack(client, inLink(name), await library.get(name))),
  );
  const large = files.find(({ bytes }) => bytes > MAX_POLICY_BYTES);
  if (large) {
    say(`"${large.name}" has ${large.bytes} bytes; a link carries up to ${MAX_POLICY_BYTES}`, "problem");
    return;
  }
  const link = encodeLink({ policies, files, settings, inputs, check, challenge });
  const weight =
    files.length > 0 ? `, and carries its ${plural(files.length)}: ${Math.ceil(link.length / 1000)} kB` : "";
  const carries = `it flies this flight again, to the same bytes${weight}`;
  history.replaceState(undefined, "", `#${link}`);
  try {
    await navigator.clipboard.writeText(location.href);
    say(`Link copied: ${carries}`);
  } catch {
    say(`The link is in the address bar: ${carries}`);
  }
}

/** Without what does not fly: the critics, and the example that a board checks itself with. */
async function pack(client: FlightClient, name: string, policy: Policy): Promise<PackedPolicy> {
  const { shape, weights, record } = policy;
  return packPolicy(name, await client.encodeBare({ shape, weights, record }));
}

const plural = (count: number) => (count === 1 ? "policy" : `${count} policies`);
