import { AIRFRAMES, type Airframe, type AirframeName, GRAVITY_M_PER_S2 } from "@spikewing/core";
import { z } from "zod";
import { partName } from "./task-parts.js";

/** A drone by the name of a preset, or a user's own. */
export type TaskAirframe = AirframeName | Airframe;

/** The drone that a task names or holds. */
export const airframeOf = (airframe: TaskAirframe): Airframe =>
  typeof airframe === "string" ? AIRFRAMES[airframe] : airframe;

/** As tables and pictures call a drone. */
export const airframeName: (airframe: TaskAirframe) => string = partName;

/** How an object of a user's own says what it is. */
export const own = {
  name: z.string().regex(/^[\w.-]{1,60}$/, "expected 1 to 60 letters, digits, dots, dashes"),
  source: z.string().max(400).default("a user's own"),
};

const inertia = z.number().min(1e-7).max(1);
const coefficient = z.number().min(-100).max(100);
const lagS = z.number().min(0.001).max(2);

/** What all rotors lift at full throttle per weight; only what may be flown is checked by it. */
const liftPerWeight = ({ thrust: [c0, c1, c2], rotorRange: [, full], massKg }: Airframe): number =>
  (4 * (c0 + c1 * full + c2 * full ** 2)) / (massKg * GRAVITY_M_PER_S2);

/** A user's own drone; units and meaning as Airframe has them. It must be able to hover, and be no rocket. */
const fields = z.strictObject({
  ...own,
  massKg: z.number().min(0.001).max(20),
  inertia: z.tuple([inertia, inertia, inertia]),
  thrust: z.tuple([coefficient, coefficient, coefficient]),
  torquePerThrust: z.number().min(0).max(1),
  armM: z.number().min(0.001).max(2),
  rotorRange: z
    .tuple([z.number().min(0).max(1e5), z.number().min(0.001).max(1e6)])
    .refine(([low, high]) => low < high, "expected the smaller first"),
  motorLagS: z.tuple([lagS, lagS]),
  stepS: z.literal(AIRFRAMES["crazyflie-l2f"].stepS),
});

/** What a drone of a user's own must be: `--airframe mine.json`. */
export const airframeSchema = fields.refine(
  (airframe) => liftPerWeight(airframe) >= 1.05 && liftPerWeight(airframe) <= 50,
  {
    path: ["thrust"],
    error: ({ input }) =>
      `which lifts ${liftPerWeight(input as Airframe).toPrecision(3)} times its weight at full throttle; expected 1.05 to 50`,
  },
);

export const taskAirframeSchema = z.union([
  z.enum(Object.keys(AIRFRAMES) as [AirframeName, ...AirframeName[]]),
  airframeSchema,
]);
