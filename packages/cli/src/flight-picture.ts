import { basename } from "node:path";
import { airframeName, type Task } from "@spikewing/rl";
import { COLOURS, drawChart, type Panel, type Series } from "./chart.js";
import { errorXy, type FlightPlan, type FlightSample } from "./flight-plan.js";

/** From above, from the side, and the errors over time. */
export function drawFlight(
  file: string,
  task: Task,
  plan: FlightPlan,
  samples: readonly FlightSample[],
): string {
  const view = (first: number, second: number): Series[] => [
    {
      label: "target",
      colour: COLOURS.quiet,
      dashed: true,
      points: samples.map(({ target }) => [target[first]!, target[second]!]),
    },
    {
      label: "drone",
      colour: COLOURS.policy,
      points: samples.map(({ position }) => [position[first]!, position[second]!]),
    },
    {
      label: "start",
      colour: COLOURS.warning,
      marks: true,
      points: [[samples[0]!.position[first]!, samples[0]!.position[second]!]],
    },
  ];
  const views: Panel[] = [
    { title: "From above", xLabel: "x (m)", yLabel: "y (m)", equalUnits: true, series: view(0, 1) },
    { title: "From the side", xLabel: "x (m)", yLabel: "z (m)", equalUnits: true, series: view(0, 2) },
  ];
  const overTime: Panel = {
    title: "Distance to the target",
    xLabel: "time (s)",
    yLabel: "m",
    yIncludes: [0],
    series: [
      {
        label: "horizontal",
        colour: COLOURS.policy,
        points: samples.map((sample) => [sample.t, errorXy(sample)]),
      },
      {
        label: "vertical",
        colour: COLOURS.second,
        points: samples.map(({ t, position, target }) => [t, Math.abs(position[2]! - target[2]!)]),
      },
    ],
  };
  const title = `${basename(file)} flies ${plan.trajectory} on ${airframeName(task.airframe)}`;
  return drawChart(title, [views, [overTime]], 960, 380);
}
