import type { decodeLink } from "./flight-link.js";
import { LONGEST_SHOWN } from "./flight-settings.js";
import { say } from "./page.js";
import type { PolicyLibrary } from "./policy-library.js";
import type { Session } from "./session.js";

/** Flies what an address says, and says what it could not read there. */
export async function flyLink(
  session: Session,
  library: PolicyLibrary,
  first: string,
  { flight, problems }: ReturnType<typeof decodeLink>,
): Promise<void> {
  const said =
    problems.length > 3 ? [...problems.slice(0, 3), `and ${problems.length - 3} more`] : [...problems];
  let { policy } = flight;
  if (policy === undefined || !library.names.includes(policy)) {
    if (policy !== undefined)
      said.unshift(`it flies "${policy.slice(0, LONGEST_SHOWN)}", a policy that is not here`);
    policy = library.names.includes(first) ? first : (library.names[0] ?? first);
  }
  await session.follow([policy], flight);
  if (said.length > 0) say(`Link: ${said.join("; ")}`, "problem");
}
