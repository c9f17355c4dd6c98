import { MAX_INPUTS, type TimedInput } from "./flight-input.js";
import { encodeLink } from "./flight-link.js";
import type { FlightSettings } from "./flight-settings.js";
import type { FlightCheck } from "./messages.js";
import { say } from "./page.js";

/** A flight as flown so far. */
export interface FlownFlight {
  readonly policy: string;
  /** Whoever opens the page has the policy too. */
  readonly isShipped: boolean;
  /** Names of the policies that fly beside it. */
  readonly beside: readonly string[];
  /** At its start. */
  readonly settings: FlightSettings;
  readonly inputs: readonly TimedInput[];
  readonly check: FlightCheck;
}

/** Puts the flight's link into the address and the clipboard, and says what it carries. */
export async function shareFlight(flight: FlownFlight): Promise<void> {
  const { policy, isShipped, beside, settings, inputs, check } = flight;
  if (inputs.length > MAX_INPUTS) {
    say(`This flight had ${inputs.length} inputs; a link carries up to ${MAX_INPUTS}`, "problem");
    return;
  }
  const link = encodeLink({
    policy: isShipped ? policy : undefined,
    settings,
    inputs,
    check: isShipped ? check : undefined,
  });
  const lacks = [
    ...(isShipped ? [] : [`its policy, "${policy}"`]),
    ...(beside.length > 0 ? ["the drones beside it"] : []),
  ];
  const carries =
    lacks.length === 0
      ? "it flies this flight again, to the same bytes"
      : `it has the start, the conditions and the moves, without ${lacks.join(" and ")}`;
  history.replaceState(undefined, "", `#${link}`);
  try {
    await navigator.clipboard.writeText(location.href);
    say(`Link copied: ${carries}`);
  } catch {
    say(`The link is in the address bar: ${carries}`);
  }
}
