import { describe, expect, test } from "vitest";
import { compareSettings, settingsOf } from "../src/run-settings.js";
import { SLOPE_CHOICES } from "../src/train-messages.js";

const run = (policy: object, seed = 1) =>
  settingsOf({ preset: "fast", algorithm: "apg", seed, overrides: { policy } }, undefined);

describe("the settings of a run", () => {
  test("have the names that the page's own choices have", () => {
    for (const [name, schedule] of Object.entries(SLOPE_CHOICES))
      expect(run({ rounds: 20, ...(schedule && { surrogateSlope: schedule }) })).toEqual({
        Method: "APG",
        Slope: name,
        Rounds: "20",
        Seed: "1",
      });
  });

  test("tell what the page does not offer by its path", () => {
    expect(run({ drones: 16, surrogateSlope: { kind: "fixed", slope: 7 } })).toMatchObject({
      Slope: expect.stringContaining("7"),
      "policy.drones": "16",
    });
  });

  test("of several runs are cut into what differs and what all share", () => {
    const { differing, shared } = compareSettings([run({}, 1), run({ drones: 16 }, 2)]);
    expect(differing).toEqual(["Seed", "policy.drones"]);
    expect(shared).toEqual({ Method: "APG", Slope: "as in the preset", Rounds: "as in the preset" });
  });
});
