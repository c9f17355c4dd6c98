import { expect, test } from "vitest";
import { formatCounted, ratio, scaled } from "../src/experiments/estimate.js";
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

test("a ratio has an error to first order, and is none of what is not above 0", () => {
  const of = (mean: number, standardError: number) => ({ mean, standardError, n: 3 });
  expect(ratio(of(6, 0.8), of(2, 0.2))).toEqual({ mean: 3, standardError: 0.5, n: 3 }); // sqrt(0.8^2 + 0.6^2) / 2
  expect(formatCounted(ratio(of(6, 1), of(-1, 0.2)))).toBe("none (n 0)");
});

test("another unit takes mean and error along", () => {
  expect(formatCounted(scaled({ mean: 0.5, standardError: 0.01, n: 4 }, 1000))).toBe("500 +- 10 (n 4)");
});

test("a table shows as many digits as the error bears, and the runs behind each row", () => {
  const rows = [
    ["a", { mean: 482.34, standardError: 0.42, n: 5 }, { mean: -1e-9, standardError: 0.5, n: 5 }],
    ["b", { mean: 2.8e-11, standardError: 1e-12, n: 1 }, "none"],
    ["large", { mean: 147_619, standardError: 14_691, n: 1 }, { mean: 8302, standardError: 21, n: 1 }],
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
    ["large", "1.48e+5 +- 1.5e+4", "8302 +- 21", "1"],
    ["c", "1.00", "none", "0 .. 1"],
  ]);
});
