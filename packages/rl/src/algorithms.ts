import { GUIDED_ALGORITHMS } from "./td3bc-jsrl-presets.js";

/** How a policy may learn. Apart from the schemas of what each takes, as a page that names them does without those. */
export const ALGORITHMS = {
  apg: {},
  staged: {},
  distil: {},
  ...GUIDED_ALGORITHMS,
} as const;
