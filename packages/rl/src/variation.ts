import type { Range } from "@spikewing/core";
import { z } from "zod";
import type { Task } from "./task.js";

/** What a value of a variation may be, and how it is said. */
export const VARIATION_LIMITS = {
  mass: { min: 0.2, max: 5, said: (text: string) => `mass x ${text}` },
  inertia: { min: 0.2, max: 5, said: (text: string) => `inertia x ${text}` },
  thrust: { min: 0.2, max: 5, said: (text: string) => `thrust x ${text}` },
  torqueRatio: { min: 0.2, max: 5, said: (text: string) => `yaw torque x ${text}` },
  motorRise: { min: 0.2, max: 5, said: (text: string) => `motor rise x ${text}` },
  motorFall: { min: 0.2, max: 5, said: (text: string) => `motor fall x ${text}` },
  arm: { min: 0.2, max: 5, said: (text: string) => `arm x ${text}` },
  batteryV: { min: 2.5, max: 4.4, said: (text: string) => `battery ${text} V` },
  windMn: { min: 0, max: 1000, said: (text: string) => `wind ${text} mN` },
  yawUnm: { min: -1000, max: 1000, said: (text: string) => `yaw torque ${text} uN m` },
} as const;
type Varied = keyof typeof VARIATION_LIMITS;

const rangeOf = (name: Varied) => {
  const { min, max } = VARIATION_LIMITS[name];
  const bound = z.number().min(min).max(max);
  return z
    .tuple([bound, bound])
    .refine(([low, high]) => low <= high, "expected the lower end first")
    .optional();
};
const deviation = z.number().min(0).max(10).default(0);

/** Values of an episode, uniform from the first to the second number; what is left out does not vary. */
export const variationSchema = z.strictObject({
  mass: rangeOf("mass"),
  inertia: rangeOf("inertia"),
  thrust: rangeOf("thrust"),
  torqueRatio: rangeOf("torqueRatio"),
  motorRise: rangeOf("motorRise"),
  motorFall: rangeOf("motorFall"),
  arm: rangeOf("arm"),
  batteryV: rangeOf("batteryV"),
  windMn: rangeOf("windMn"),
  yawUnm: rangeOf("yawUnm"),
  gustsMn: z.number().min(0).max(1000).optional(),
  noise: z.number().min(0).max(100).optional(),
  sensorBias: z
    .strictObject({
      positionM: deviation,
      velocityMPerS: deviation,
      angularVelocityRadPerS: deviation,
    })
    .optional(),
});

const said = ([low, high]: Range) => (low === high ? String(low) : `${low} .. ${high}`);

/** "delay 0 .. 6 ms", "mass x 1.3"; nothing where nothing varies. */
export function describeVariation({ delayS, variation = {} }: Task): readonly string[] {
  const [soonest, latest] = delayS;
  const { gustsMn, noise, sensorBias } = variation;
  return [
    ...(latest > 0 ? [`delay ${said([soonest * 1000, latest * 1000])} ms`] : []),
    ...(Object.keys(VARIATION_LIMITS) as Varied[]).flatMap((name) => {
      const range = variation[name];
      return range ? [VARIATION_LIMITS[name].said(said(range))] : [];
    }),
    ...(gustsMn === undefined ? [] : [`gusts ${gustsMn} mN`]),
    ...(noise === undefined ? [] : [`noise x ${noise}`]),
    ...(sensorBias === undefined ? [] : ["biased sensors"]),
  ];
}
