import { EPISODE_STEPS } from "@spikewing/core";
import type { LinkedFlight } from "./flight-link.js";
import { fixed } from "./number-text.js";
import { titleOf } from "./policy-names.js";
import type { Session } from "./session.js";

/** The score of the first drone: its return in 5 s, or until it was lost; undefined: there is none yet. */
export function scoreOf({ poses }: Pick<Session, "poses">): number | undefined {
  const [first] = poses;
  if (!first) return undefined;
  if (first.fullReturn !== undefined) return Math.round(1000 * first.fullReturn);
  return first.crashed ? Math.round(1000 * first.episodeReturn) : undefined;
}

const told = (thousandths: number) => fixed(thousandths / 1000, 1);

/** What is asked of who opens the link of a challenge, and how the flight of this moment does. */
export function describeChallenge(challenge: LinkedFlight, session: Session): string {
  const [sender = "somebody"] = challenge.policies;
  const asked = told(challenge.challenge!);
  const invitation = `Survive this storm: ${titleOf(sender)} has a return of ${asked} in 5 s. Choose who flies, or teach one, and beat it.`;
  if (!isSame(challenge, session))
    return `${invitation} This flight had other conditions, and does not count.`;
  const score = scoreOf(session);
  if (score === undefined) return invitation;
  const [first] = session.poses;
  const fate = first!.crashed ? `, lost after ${(first!.step / 100).toFixed(1)} s` : "";
  const flyer = titleOf(session.flown[0]!);
  if (score > challenge.challenge!)
    return `Beaten: ${flyer} has ${told(score)}${fate}; ${asked} was to be beaten.`;
  if (score === challenge.challenge && session.flown[0] === sender)
    return `${invitation} That was the sender's own flight: ${told(score)}${fate}.`;
  return `Not beaten: ${flyer} has ${told(score)}${fate}, not more than ${asked}. Choose another, or teach one.`;
}

/** The flight so far has had the start and the inputs of the challenge, and no others. */
function isSame({ settings, inputs }: LinkedFlight, session: Session): boolean {
  const until = Math.min(session.step, EPISODE_STEPS);
  const done = (all: LinkedFlight["inputs"]) => JSON.stringify(all.filter(({ step }) => step < until));
  const flight = session.record();
  return JSON.stringify(flight.settings) === JSON.stringify(settings) && done(flight.inputs) === done(inputs);
}
