import { expect, test } from "vitest";
import { difference, estimate, tableTexts } from "../src/index.js";

test("an estimate has the mean, and the sample deviation over the root of n", () => {
  expect(estimate([1, 2, 3, 4])).toEqual({ mean: 2.5, standardError: Math.sqrt(5 / 3 / 4), n: 4 });
});

test("what is not finite in a file is left out, and n says so", () => {
  expect(estimate([1, null, 3, undefined, Number.NaN])).toEqual({ mean: 2, standardError: 1, n: 2 });
  expect(estimate([null])).toEqual({ mean: Number.NaN, standardError: Number.NaN, n: 0 });
});

test("a difference within two standard errors is none, and so is one whose error nobody knows", () => {
  const of = (mean: number, standardError: number) => ({ mean, standardError, n: 5 });
  expect(difference(of(10, 3), of(0, 4)).verdict).toBe("none"); // 10 = 2 * 5
  expect(difference(of(10.1, 3), of(0, 4)).verdict).toBe("higher");
  expect(difference(of(0, 4), of(10.1, 3)).verdict).toBe("lower");
  expect(difference(estimate([100]), of(0, 1)).verdict).toBe("none");
});

test("a table shows as many digits as the error bears, and the runs behind each row", () => {
  const rows = [
    ["a", { mean: 482.34, standardError: 0.42, n: 5 }, { mean: -1e-9, standardError: 0.5, n: 5 }],
    ["b", { mean: 2.8e-11, standardError: 1e-12, n: 1 }, "none"],
    [
      "c",
      { mean: 1, standardError: Number.NaN, n: 1 },
      { mean: Number.NaN, standardError: Number.NaN, n: 0 },
    ],
  ] as const;
  expect(tableTexts({ caption: "", columns: ["", "x", "y"], rows })).toEqual([
    ["", "x", "y", "n"],
    ["a", "482.3 +- 0.42", "0.0 +- 0.50", "5"],
    ["b", "2.80e-11 +- 1.0e-12", "none", "1"],
    ["c", "1.00", "none", "0 .. 1"],
  ]);
});
