import { basename } from "node:path";
import { loadCore } from "@spikewing/core/node";
import { airframeName, airframeOf, DEFAULT_TASK, type TaskAirframe } from "@spikewing/rl";
import { readFlightLog, replayLog, simulatorErrors } from "@spikewing/rl/identification";
import { errorRow } from "./identify.js";
import { readInput } from "./input-file.js";
import { columnsOf } from "./log-files.js";
import { formatTable, printResult } from "./print.js";
import { inOnePiece } from "./progress.js";
import { readPolicy } from "./run-folder.js";
import { shippedPolicyPath } from "./shipped-policies.js";

export interface ReplayFlags {
  readonly policy?: string;
  readonly airframe?: TaskAirframe;
  readonly columns?: string;
  readonly json?: boolean;
}

/** What a policy would have done in a log's flight, and how far the simulator is from it. */
export function replay(logFile: string, flags: ReplayFlags): void {
  const airframe = flags.airframe ?? DEFAULT_TASK.airframe;
  const policyFile = flags.policy ?? shippedPolicyPath();
  const log = readFlightLog(
    readInput(logFile, "log"),
    columnsOf(flags.columns),
    airframeOf(airframe),
    logFile,
  );
  const policy = readPolicy(policyFile);
  const { motors, simulator } = inOnePiece("replay", basename(logFile), () => ({
    motors: replayLog(loadCore(), { ...DEFAULT_TASK, airframe }, policy, log),
    simulator: simulatorErrors(loadCore(), airframe, log),
  }));
  const seconds = log.steps * log.stepS;
  printResult(
    flags.json,
    { log: logFile, policy: policyFile, airframe: airframeName(airframe), seconds, motors, simulator },
    [
      `${logFile}: ${seconds.toFixed(1)} s, ${policyFile} beside what was flown`,
      ...formatTable([
        ["policy - log", "mean |difference|", "mean", "largest", "at"],
        ...motors.map(({ meanAbsolute, mean, largest, largestAtS }, i) => [
          `M${i + 1}`,
          meanAbsolute.toFixed(4),
          mean.toFixed(4),
          largest.toFixed(4),
          `${largestAtS.toFixed(2)} s`,
        ]),
      ]),
      "",
      ...formatTable([
        [`simulated (${airframeName(airframe)}) - logged`, "position", "attitude", "velocity", "turning"],
        errorRow("one step", simulator.oneStep),
        errorRow(`${simulator.pieceS} s`, simulator.pieceEnd),
      ]),
    ],
  );
}
