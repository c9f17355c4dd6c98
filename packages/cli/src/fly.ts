import { join } from "node:path";
import {
  airframeName,
  airframeOf,
  describeVariation,
  type Policy,
  SpikewingError,
  type SpikingShape,
  type Task,
} from "@spikewing/rl";
import { type BoardFlags, flyWithBoard, formatBoardReport } from "./board/fly-with-board.js";
import { type TaskFlags, taskOf } from "./evaluate.js";
import { flightArrays, spikesCsv } from "./flight-arrays.js";
import { drawFlight } from "./flight-picture.js";
import { type FlightPlan, flightCsv, flyPlan, planFlight, stepsOf, summariseFlight } from "./flight-plan.js";
import { encodeSpikeData } from "./nir/spike-data.js";
import { encodeNpz } from "./npz.js";
import { printResult } from "./print.js";
import { drawBar } from "./progress.js";
import { readPolicy } from "./run-folder.js";
import { shippedPolicyPath } from "./shipped-policies.js";
import { makeFolder, writeWhole, writing } from "./whole-file.js";

export interface FlyFlags extends TaskFlags, BoardFlags, Partial<FlightPlan> {
  readonly out?: string;
  readonly npz?: boolean;
  readonly spikes?: boolean;
  readonly nirdata?: boolean;
  readonly json?: boolean;
}

/** A board keeps its spikes to itself. */
function refuseSpikes(flags: FlyFlags): void {
  for (const name of ["spikes", "nirdata"] as const)
    if (flags[name])
      throw new SpikewingError(`--${name}`, "is of spikes, which no board tells; expected it without one");
}

/** @throws SpikewingError where the policy has no spikes to write. */
function requireSpikes({ shape }: Policy, file: string): SpikingShape {
  if (shape.kind === "spiking") return shape;
  throw new SpikewingError(file, `kind is ${shape.kind}; expected spiking`);
}

/** The flight, here or with a board, and how far it is. */
async function flyShown(policy: Policy, file: string, task: Task, plan: FlightPlan, flags: BoardFlags) {
  const bar = drawBar("fly", stepsOf(plan, airframeOf(task.airframe).stepS), 0, plan.trajectory);
  const tell = (step: number) => bar?.update(step);
  try {
    const onBoard = await flyWithBoard(policy, file, flags, (pilot) =>
      flyPlan(policy, task, plan, pilot, tell),
    );
    return { onBoard, samples: onBoard?.flown ?? (await flyPlan(policy, task, plan, undefined, tell)) };
  } finally {
    bar?.stop();
  }
}

export async function fly(policyFile: string | undefined, flags: FlyFlags): Promise<void> {
  const file = policyFile ?? shippedPolicyPath();
  const policy = readPolicy(file);
  const task = taskOf(policy, flags);
  const plan = planFlight(flags);
  const out = flags.out ?? join("runs", `flight-${plan.trajectory}`);
  if (flags.protocol !== undefined && flags.serial === undefined && flags.udp === undefined)
    throw new SpikewingError("--protocol", "is of a board; expected --serial or --udp with it");
  if (flags.serial !== undefined || flags.udp !== undefined) refuseSpikes(flags);
  const spiking = flags.nirdata ? requireSpikes(policy, file) : undefined;
  const { onBoard, samples } = await flyShown(policy, file, task, plan, flags);
  writing(out, () => makeFolder(out));
  const summary = summariseFlight(samples);
  const files: { csv: string; picture: string; npz?: string; spikes?: string; nirdata?: string } = {
    csv: join(out, "flight.csv"),
    picture: join(out, "flight.svg"),
    ...(flags.npz && { npz: join(out, "flight.npz") }),
    ...(flags.spikes && { spikes: join(out, "spikes.csv") }),
    ...(spiking && { nirdata: join(out, "spikes.nir") }),
  };
  writeWhole(files.csv, flightCsv(samples));
  writeWhole(files.picture, drawFlight(file, task, plan, samples));
  if (files.npz) writeWhole(files.npz, encodeNpz(flightArrays(samples)));
  if (files.spikes) writeWhole(files.spikes, spikesCsv(policy.shape, samples));
  if (files.nirdata)
    writeWhole(files.nirdata, await encodeSpikeData(spiking!, samples, airframeOf(task.airframe).stepS));
  printResult(flags.json, { policy: file, task, plan, ...summary, files, board: onBoard?.report }, [
    `${plan.trajectory}, size ${plan.size} m, period ${plan.period} s: ${summary.steps} steps on ${[airframeName(task.airframe), ...describeVariation(task)].join(", ")}`,
    `mean position error xy  ${summary.meanPositionErrorXyM.toFixed(3)} m`,
    `mean height error       ${summary.meanHeightErrorM.toFixed(3)} m`,
    ...(summary.leftBoundsAtS === null
      ? []
      : [`left the bounds ${task.bounds} after ${summary.leftBoundsAtS.toFixed(2)} s`]),
    ...(onBoard ? formatBoardReport(onBoard.name, onBoard.report) : []),
    `wrote ${new Intl.ListFormat("en").format(Object.values(files))}`,
  ]);
}
