import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const readme = readFileSync(new URL("../../kit/FLYING.md", import.meta.url), "utf8");

test("the flight document begins with what is known to be unsafe, before it says how to build and fly", () => {
  const [first = ""] = readme.split("```");
  const start = first.split("\n").slice(0, 30).join(" ");
  expect(start).toContain("Nothing here has flown");
  for (const danger of [/\*\*Delay/, /\*\*Another drone/, /moments of inertia/])
    expect(start).toMatch(danger);
});
