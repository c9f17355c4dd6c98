import { readFileSync } from "node:fs";
import { loadCore } from "@spikewing/core/node";
import { expect, test } from "vitest";
import { appHeader } from "../../src/protocol/app-header.js";
import { protocolHeader } from "../../src/protocol/header.js";
import { policyCodesMarkdown, protocolMarkdown } from "../../src/protocol/markdown.js";
import { pilotCodesMarkdown } from "../../src/protocol/pilot-codes.js";
import {
  FRAMES,
  frameBytes,
  LEGACY,
  legacyFrameBytes,
  OBSERVATION_BITS,
  OBSERVATION_FIELDS,
} from "../../src/protocol/table.js";

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

test("the C header and the section of README.md are those of the table (npm run protocol)", () => {
  expect(read("c/link/sw_protocol.h")).toBe(protocolHeader());
  expect(read("README.md")).toContain(protocolMarkdown());
});

test("the app's header and the codes in the flight document are those of the declarations", () => {
  expect(read("crazyflie/src/sw_app_constants.h")).toBe(appHeader());
  expect(read("kit/FLYING.md")).toContain(`-->\n${pilotCodesMarkdown()}<!--`);
  expect(read("kit/FLYING.md")).toContain(`-->\n${policyCodesMarkdown()}<!--`);
});

test("frames have the lengths that both ends were built for", () => {
  expect(FRAMES.map((frame) => [frame.name, frame.type, frameBytes(frame)])).toEqual([
    ["STATE", 1, 52],
    ["MOTORS", 2, 22],
    ["HELLO_REQUEST", 3, 10],
    ["HELLO", 4, 32],
  ]);
  // 74 and 18 bytes: REFERENCE.md 9.2, the authors' teensydeck.c
  expect([legacyFrameBytes(LEGACY.state), legacyFrameBytes(LEGACY.motors)]).toEqual([74, 18]);
});

test("the integers of a STATE are those that the core rounds to", () => {
  const { observationBits } = loadCore().kernels;
  const bits = OBSERVATION_FIELDS.flatMap(({ count }, group) =>
    Array.from({ length: count }, () => OBSERVATION_BITS[group]),
  );
  expect(bits).toEqual(bits.map((_, word) => observationBits(word)));
});
