import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import {
  arithmeticEnergyJ,
  BOARDS,
  eventEnergyJ,
  flightSecondsOf,
  paperEnergyJ,
} from "../src/experiments/energy.js";

const PJ = 1e-12;
const exact = (joule: number) => Math.round(joule / PJ);

test("the paper's formula gives what was printed, with its constants in each other's place", () => {
  expect(exact(paperEnergyJ([18, 256, 128, 4], 0.79, true))).toBe(97_417);
  expect(exact(paperEnergyJ([17, 256, 128, 4], 0.79, true))).toBe(96_982); // 9.70e-5 mJ
  expect(exact(paperEnergyJ([17, 256, 128, 4], 0.79, false))).toBe(919_356);
});

test("by events that occur a density of 0.21 costs 196,177 pJ", () => {
  const operations = 0.21 * (256 * 128 + 128 * 4);
  expect(exact(eventEnergyJ(operations, 0.21 * 384, 384))).toBe(196_177);
});

test("arithmetic in 45 nm is 3.2e-5 mJ for the published counts of the spiking policy, and 6.3e-5 for the dense one", () => {
  expect(arithmeticEnergyJ(4608, 12_200) * 1000).toBeCloseTo(3.2e-5, 6);
  expect(arithmeticEnergyJ(13_696, 0) * 1000).toBeCloseTo(6.3e-5, 6);
});

test("a step of 100 uJ takes 36 J an hour, of a cell of 3,330 J that flies seven minutes", () => {
  expect(flightSecondsOf(100e-6)).toBeCloseTo((36 / 3330) * 420, 9);
});

test("boards take the instructions that the firmware measured for the shipped policy as it flies", () => {
  const measured = readFileSync(new URL("../../../firmware/README.md", import.meta.url), "utf8");
  const row = (chip: string, weights: string) => {
    const cells = measured
      .match(new RegExp(`^\\| ${chip} \\| ${weights} \\| as it flies \\| off \\|.*$`, "m"))![0]
      .split("|");
    return Number(cells[8]!.replace(/,/g, ""));
  };
  const [teensy, crazyflie] = Object.values(BOARDS);
  for (const [chip, { instructions }] of [["M7", teensy!] as const, ["M4", crazyflie!] as const])
    for (const [weights, counted] of Object.entries(instructions))
      expect(counted, `${chip}, ${weights}`).toBe(row(chip, weights));
});
