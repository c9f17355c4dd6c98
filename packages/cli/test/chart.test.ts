import { expect, test } from "vitest";
import { COLOURS, drawChart, type Panel } from "../src/chart.js";

const panel = (points: Panel["series"][number]["points"], rest: Partial<Panel> = {}): Panel => ({
  title: "a < b",
  xLabel: "x",
  yLabel: "y",
  series: [{ label: "R & D", colour: COLOURS.policy, points }],
  ...rest,
});
const pathOf = (svg: string) => svg.match(/<path d="(M[^"]*L[^"]*)" fill="none"/)?.[1];

test("a line runs through its points, y upwards", () => {
  const svg = drawChart(
    "",
    [
      [
        panel(
          [
            [0, 0],
            [1, 1],
          ],
          { yIncludes: [0, 1] },
        ),
      ],
    ],
    276,
    190,
  );
  expect(pathOf(svg)).toBe("M0,100L200,0"); // 200 by 100 inside the margins
});

test("equal units draw a square as a square", () => {
  const square = [
    [0, 0],
    [2, 0],
    [2, 2],
    [0, 2],
  ] as const;
  const svg = drawChart("", [[panel(square, { equalUnits: true })]], 400, 200);
  const corners = pathOf(svg)!
    .slice(1)
    .split("L")
    .map((corner) => corner.split(",").map(Number));
  expect(corners[1]![0]! - corners[0]![0]!).toBeCloseTo(corners[1]![1]! - corners[2]![1]!, 1);
});

test("what is not finite leaves a gap, and no data an empty panel", () => {
  expect(
    pathOf(
      drawChart(
        "",
        [
          [
            panel([
              [0, 0],
              [1, 1],
              [2, Number.NaN],
              [3, 3],
              [4, 4],
            ]),
          ],
        ],
        300,
        200,
      ),
    ),
  ).toMatch(/^M[\d.,]+L[\d.,]+M[\d.,]+L[\d.,]+$/);
  expect(drawChart("", [[panel([])]], 300, 200)).not.toMatch(/NaN|undefined/);
});

test("text is escaped", () => {
  const svg = drawChart("<&>", [[panel([[0, 0]])]], 300, 200);
  expect(svg).toContain("&lt;&amp;&gt;");
  expect(svg).toContain("a &lt; b");
  expect(svg).toContain("R &amp; D");
});

test("as many points as the longest flight has are drawn", () => {
  const points = Array.from({ length: 200_000 }, (_, i) => [i / 100, Math.sin(i)] as const);
  expect(drawChart("", [[panel(points)]], 300, 200)).toContain("M0,");
});

test("a title with characters that XML does not know is still XML", () => {
  expect(drawChart("a\u001bb", [[panel([[0, 0]])]], 300, 200)).toContain("a\\u{1b}b");
});

test("a logarithmic axis has powers of ten, a band is an area behind its line, categories are names", () => {
  const points = [0, 1, 2].map((x) => [x, 10 ** (-3 * x)] as const);
  const band = points.map(([x, y]) => [x, y / 2, 2 * y] as const);
  const panel = {
    ...{ title: "t", xLabel: "x", yLabel: "y", isLogarithmic: true },
    categories: ["first", "a < b", "last"],
    series: [{ label: "s", colour: "#123456", points, band }],
  };
  const svg = drawChart("title", [[panel]], 600, 340);
  expect(svg).toContain(">1e-6<");
  expect(svg).toContain(">a &lt; b<");
  expect(svg).toMatch(/<path d="M[^"]+Z" fill="#123456" fill-opacity/);
  expect(svg).not.toContain("NaN");
});

test("dots stand alone with their band as a stroke, and a legend takes as many rows as it needs", () => {
  const of = (label: string) => ({
    ...{ label, colour: "#123456", dots: true },
    points: [[0, 1] as const],
    band: [[0, 0, 2] as const],
  });
  const names = ["a long name of a curve", "another long name", "a third long name", "a fourth one"];
  const panel = { title: "t", xLabel: "x", yLabel: "y", categories: ["a"], series: names.map(of) };
  const svg = drawChart("title", [[panel]], 600, 340);
  const rowOf = (label: string) => svg.match(new RegExp(`y="(-?\\d+)">${label}<`))?.[1];
  expect(names.map(rowOf)).toEqual(["-24", "-24", "-24", "-8"]);
  expect(svg).toMatch(/<path d="M[\d.]+ [\d.]+V[\d.]+" stroke="#123456"/);
  expect(svg).not.toMatch(/<path[^>]*fill="none" stroke="#123456"/);
});
