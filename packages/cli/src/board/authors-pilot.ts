// The host's end of the frames of the paper's authors, with a simulated drone behind it. They know no hello, no sequence
// and no arming: the first frame arms, one that is lost ends the flight, and after it the board must be switched off.
import { type Core, OBSERVATION_WORDS } from "@spikewing/core";
import { createLegacyReceiver, encodeLegacyState } from "@spikewing/firmware";
import { SpikewingError } from "@spikewing/rl";
import { type BoardPilot, createRoundTrips, within } from "./board-pilot.js";
import type { ByteLink } from "./byte-link.js";

/** Far longer than the board's own time-out: past it no answer will come, however long this host was held up. */
const ANSWER_WAIT_MS = 3000;

export function connectAuthorsBoard(link: ByteLink, core: Core): BoardPilot {
  const receiver = createLegacyReceiver();
  const roundTrips = createRoundTrips();
  const observed = core.allocate("F32s", OBSERVATION_WORDS);
  const payload = core.allocate("F32s", OBSERVATION_WORDS);
  let steps = 0;
  let take: (motors: Float32Array) => void = () => {};
  link.onBytes((bytes) => {
    for (const motors of receiver.receive(bytes)) take(motors);
  });
  return {
    async step(observation) {
      core.f32(observed, OBSERVATION_WORDS).set(observation);
      core.kernels.observationToLegacy(observed, payload);
      const answer = new Promise<Float32Array>((resolve) => {
        take = resolve;
      });
      const start = performance.now();
      const written = link.write(encodeLegacyState(core.f32(payload, OBSERVATION_WORDS).slice()));
      const motors = await within(Promise.race([written.then(() => answer), link.broken]), ANSWER_WAIT_MS);
      if (!motors)
        throw new SpikewingError(
          link.name,
          steps === 0 ? "the board is silent" : `the board has stopped answering, after step ${steps}`,
          "its fail-safe lasts until it is switched off and on",
        );
      roundTrips.add(performance.now() - start);
      steps++;
      return motors;
    },
    report: () => {
      const { badSum, badField } = receiver.counts;
      return { ...roundTrips.report(), repeated: 0, dropped: badSum + badField, failSafes: {} };
    },
  };
}
