import { loadCore } from "@spikewing/core/node";
import { BAUD, type LibraryOptions, policyData, policyId } from "@spikewing/firmware";
import type { Policy } from "@spikewing/rl";
import { connectAuthorsBoard } from "./authors-pilot.js";
import type { BoardPilot, BoardReport } from "./board-pilot.js";
import { openSerial, openUdp } from "./byte-link.js";
import { connectBoard } from "./spikewing-pilot.js";

export interface BoardFlags {
  /** Serial port; or `udp`, HOST:PORT; a board flies only where one of the two is given. */
  readonly serial?: string;
  readonly udp?: string;
  readonly protocol?: LibraryOptions["protocol"];
}

/** Connects to the board that the flags name, if they name one, and lets it fly. */
export async function flyWithBoard<T>(
  policy: Policy,
  file: string,
  { serial, udp, protocol = "spikewing" }: BoardFlags,
  fly: (pilot: BoardPilot) => Promise<T>,
): Promise<{ readonly name: string; readonly flown: T; readonly report: BoardReport } | undefined> {
  if (serial === undefined && udp === undefined) return undefined;
  const core = loadCore();
  const data = policyData(core, policy, file);
  const link = serial !== undefined ? await openSerial(serial, BAUD) : await openUdp(udp!);
  try {
    const pilot =
      protocol === "authors"
        ? connectAuthorsBoard(link, core)
        : await connectBoard(link, core, Buffer.from(policyId(data)).toString("hex"), file);
    const flown = await fly(pilot);
    return { name: link.name, flown, report: pilot.report() };
  } finally {
    await link.close();
  }
}

export function formatBoardReport(name: string, report: BoardReport): string[] {
  const { exchanges, roundTripMs, repeated, dropped, failSafes } = report;
  const reasons = Object.entries(failSafes).map(([reason, count]) => `${reason} ${count}`);
  return [
    `board ${name}: ${exchanges} exchanges, round trip ${roundTripMs.mean.toFixed(1)} ms, at most ${roundTripMs.most.toFixed(1)} ms`,
    `frames sent again ${repeated}, answers dropped ${dropped}, fail-safes ${reasons.join(", ") || "none"}`,
  ];
}
