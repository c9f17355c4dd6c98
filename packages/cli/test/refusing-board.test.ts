import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { loadCore } from "@spikewing/core/node";
import {
  createReceiver,
  encodeMessage,
  type Message,
  policyData,
  policyId,
  type Reason,
  type Status,
} from "@spikewing/firmware";
import { decodePolicy } from "@spikewing/rl";
import { describe, expect, test } from "vitest";
import { newFolder } from "../../../scripts/vitest/new-folder.ts";
import { connectAuthorsBoard } from "../src/board/authors-pilot.js";
import type { ByteLink } from "../src/board/byte-link.js";
import { connectBoard } from "../src/board/spikewing-pilot.js";
import { COMMAND, refuse } from "./command.ts";
import { startUdpRelay } from "./udp-relay.ts";

const POLICY = fileURLToPath(import.meta.resolve("@spikewing/rl/policies/snn.safetensors"));
const ID = Buffer.from(
  policyId(policyData(loadCore(), decodePolicy(readFileSync(POLICY), POLICY), POLICY)),
).toString("hex");

type Answer = readonly [status: Status, reason: Reason];

/** A board that passed its self-test, and gives the nth STATE with ARM this answer; one without ARM stands by. */
function createFakeBoard(answerTo: (n: number) => Answer): ByteLink {
  const receiver = createReceiver("Teensy");
  let listener: (bytes: Uint8Array) => void = () => {};
  let armed = 0;
  const answer = (message: Message): Message | undefined => {
    const { sequence } = message;
    if (message.kind === "HELLO_REQUEST")
      return {
        kind: "HELLO",
        sequence,
        selfTest: "PASSED",
        status: "STANDBY",
        hidden: [256, 128],
        policyId: ID,
      };
    if (message.kind !== "STATE") return undefined;
    const [status, reason] = message.arm ? answerTo(armed++) : (["STANDBY", "NONE"] as const);
    return { kind: "MOTORS", sequence, status, reason, stepUs: 1, motors: new Int16Array(4) };
  };
  return {
    name: "fake",
    broken: new Promise<never>(() => {}),
    write: async (bytes) => {
      for (const message of receiver.receive(bytes)) {
        const given = answer(message);
        if (given) listener(encodeMessage(given));
      }
    },
    onBytes: (next) => {
      listener = next;
    },
    close: async () => {},
  };
}

const AT_REST = Float32Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0);

describe("a board that answers, and does not fly, ends the command by name, and nothing is written", () => {
  test.each([
    ["FAULT", "SELF_TEST", "the self-test refused; for ever; SELF_TEST, see HELLO's selfTest"],
    ["STANDBY", "NONE", "waits for ARM; NONE, no fault"],
    [
      "FAILSAFE",
      "OUT_OF_RANGE",
      "a guard refused; until a valid STATE without ARM; OUT_OF_RANGE, a value outside its range",
    ],
  ] as const)("%s", async (status, reason, meaning) => {
    const relay = await startUdpRelay(createFakeBoard(() => [status, reason]));
    const cwd = newFolder();
    try {
      const child = spawn(process.execPath, [COMMAND, "fly", POLICY, "--udp", relay.address], {
        cwd,
        stdio: ["ignore", "ignore", "pipe"],
      });
      let stderr = "";
      child.stderr.setEncoding("utf8").on("data", (text) => {
        stderr += text;
      });
      const code = await new Promise((resolve) => child.on("close", resolve));
      const [place, problem] = stderr.split(/: the board does not fly: at frame \d+ it answers /);
      expect(place).toBe(`error: ${relay.address}`);
      expect(problem).toBe(`${status}, ${meaning}\n`);
      expect({ code, files: readdirSync(cwd) }).toEqual({ code: 1, files: [] });
    } finally {
      await relay.close();
    }
  });
});

describe("connectBoard", () => {
  test("gets over a fail-safe of ten control periods, and counts it", async () => {
    const pilot = await connectBoard(
      createFakeBoard((n) => (n < 20 ? ["FAILSAFE", "STALE_STATE"] : ["ARMED", "NONE"])),
      loadCore(),
      ID,
      POLICY,
    );
    for (let step = 0; step < 15; step++) await pilot.step(AT_REST);
    expect(pilot.report().failSafes).toEqual({ STALE_STATE: 10 });
  });

  test("takes a link that takes no bytes for a silent board", async () => {
    const stalled = { ...createFakeBoard(() => ["ARMED", "NONE"]), write: () => new Promise<void>(() => {}) };
    await expect(connectBoard(stalled, loadCore(), ID, POLICY)).rejects.toThrow("fake: the board is silent");
  });

  test("ends a flight whose link takes no more bytes", async () => {
    const board = createFakeBoard(() => ["ARMED", "NONE"]);
    let isStalled = false;
    const write = (bytes: Uint8Array) => (isStalled ? new Promise<void>(() => {}) : board.write(bytes));
    const pilot = await connectBoard({ ...board, write }, loadCore(), ID, POLICY);
    await pilot.step(AT_REST);
    isStalled = true;
    await expect(pilot.step(AT_REST)).rejects.toThrow("fake: the board has stopped answering, at frame 3");
  });
});

test("the authors' frames into a link that takes no bytes end the flight", async () => {
  const stalled = { ...createFakeBoard(() => ["ARMED", "NONE"]), write: () => new Promise<void>(() => {}) };
  const pilot = connectAuthorsBoard(stalled, loadCore());
  await expect(pilot.step(AT_REST)).rejects.toThrow("fake: the board is silent");
});

test("an address that there is no way to is refused in one line", () => {
  const address = "255.255.255.255:9"; // a broadcast, which no socket may send unasked: EACCES
  refuse(["fly", POLICY, "--udp", address], `${address}: cannot be reached: connect EACCES ${address}`);
});
