import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadCore } from "@spikewing/core/node";
import { policyData, policyId } from "@spikewing/firmware";
import { type EmulatedTeensy, startEmulatedTeensy } from "@spikewing/firmware/node";
import { decodePolicy } from "@spikewing/rl";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newFolder } from "../../../scripts/vitest/new-folder.ts";
import { type ByteLink, openSerial } from "../src/board/byte-link.js";
import { COMMAND, refuse, succeed } from "./command.ts";
import { type Fault, startUdpRelay } from "./udp-relay.ts";

const shipped = (name: string) =>
  fileURLToPath(import.meta.resolve(`@spikewing/rl/policies/${name}.safetensors`));
const POLICY = shipped("snn");
const policy = decodePolicy(readFileSync(POLICY), POLICY);
const FLIGHT = ["--trajectory", "circle", "--seconds", "1", "--seed", "5"];

/** Runs the command while this process goes on relaying. */
async function run(args: readonly string[], cwd: string) {
  const child = spawn(process.execPath, [COMMAND, ...args], { cwd, stdio: ["ignore", "pipe", "pipe"] });
  const output = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const)
    child[stream].setEncoding("utf8").on("data", (text) => {
      output[stream] += text;
    });
  const status = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { status, ...output };
}

const flightFiles = (folder: string) =>
  ["flight.csv", "flight.svg"].map((name) => readFileSync(join(folder, name), "utf8"));

/** The files of a flight without a board. */
function flyAlone(...flags: readonly string[]): string[] {
  const cwd = newFolder();
  succeed(["fly", POLICY, ...FLIGHT, "--out", "flight", ...flags], cwd);
  return flightFiles(join(cwd, "flight"));
}

let withoutDelay: string[];
beforeAll(() => {
  withoutDelay = flyAlone();
});

/** Flies with a board; the JSON that the command prints. */
async function flyWith(flags: readonly string[], expected = withoutDelay) {
  const cwd = newFolder();
  const { status, stdout, stderr } = await run(
    ["fly", POLICY, ...FLIGHT, "--out", "flight", "--json", ...flags],
    cwd,
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(flightFiles(join(cwd, "flight"))).toEqual(expected);
  return JSON.parse(stdout).board;
}

describe("a board at a serial port", () => {
  let teensy: EmulatedTeensy;
  beforeAll(async () => {
    teensy = await startEmulatedTeensy({ policy });
  });
  afterAll(() => teensy?.stop());

  test("flies the bytes of the simulation", async () => {
    expect(await flyWith(["--serial", teensy.path])).toMatchObject({
      exchanges: 101,
      dropped: 0,
      failSafes: {},
    });
  });

  test("flies them with the delay of the task in the loop", async () => {
    const delay = ["--delay", "1.7..2.7"];
    const late = flyAlone(...delay);
    expect(late).not.toEqual(withoutDelay);
    await flyWith(["--serial", teensy.path, ...delay], late);
  });

  test("is refused if it flies another policy", async () => {
    const cwd = newFolder();
    const other = shipped("snn-i8");
    const { status, stdout, stderr } = await run(
      ["fly", other, "--serial", teensy.path, "--out", "flight"],
      cwd,
    );
    const [flown, wanted] = [policy, decodePolicy(readFileSync(other), other)].map((of) =>
      Buffer.from(policyId(policyData(loadCore(), of, "policy"))).toString("hex"),
    );
    expect(stderr).toBe(
      `error: ${teensy.path}: the board flies policy ${flown}; expected ${wanted} of ${other} (flash what spikewing firmware build --target teensy --policy ${other} makes)\n`,
    );
    expect({ status, stdout, files: readdirSync(cwd) }).toEqual({ status: 1, stdout: "", files: [] });
  });

  describe("over a UDP bridge", () => {
    let board: ByteLink;
    beforeAll(async () => {
      board = await openSerial(teensy.path, 460_800);
    });
    afterAll(() => board?.close());

    /** Every 17th datagram is lost. */
    const lose: Fault = (bytes, n) => (n % 17 === 9 ? [] : [bytes]);
    const twice: Fault = (bytes, n) => (n % 13 === 5 ? [bytes, bytes] : [bytes]);
    const damage: Fault = (bytes, n) =>
      n % 19 === 7
        ? [Uint8Array.from(bytes, (byte, i) => (i === bytes.length - 6 ? byte ^ 1 : byte))]
        : [bytes];

    test.each([
      { name: "states and answers lost", toBoard: lose, fromBoard: lose },
      { name: "states and answers twice", toBoard: twice, fromBoard: twice },
      { name: "states and answers damaged", toBoard: damage, fromBoard: damage },
    ])("flies the bytes of the simulation: $name", async ({ toBoard, fromBoard }) => {
      const relay = await startUdpRelay(board, toBoard, fromBoard);
      try {
        const report = await flyWith(["--udp", relay.address]);
        expect(report.failSafes).toEqual({});
        if (toBoard !== twice) expect(report.repeated).toBeGreaterThan(3);
        if (fromBoard === damage) expect(report.dropped).toBeGreaterThan(0);
      } finally {
        await relay.close();
      }
    });

    test("that goes silent in flight ends the command by name, and nothing is written", async () => {
      const relay = await startUdpRelay(board, (bytes, n) => (n < 50 ? [bytes] : []));
      const cwd = newFolder();
      try {
        const { status, stderr } = await run(["fly", POLICY, ...FLIGHT, "--udp", relay.address], cwd);
        expect(stderr).toMatch(
          new RegExp(`^error: ${relay.address}: the board has stopped answering, at frame \\d+\\n$`),
        );
        expect({ status, files: readdirSync(cwd) }).toEqual({ status: 1, files: [] });
      } finally {
        await relay.close();
      }
    });
  });
});

test("a board with the authors' frames flies the bytes of the simulation", async () => {
  const teensy = await startEmulatedTeensy({ policy, protocol: "legacy" });
  try {
    const flags = ["--serial", teensy.path, "--protocol", "authors"];
    expect(await flyWith(flags)).toMatchObject({ exchanges: 100, dropped: 0 });
  } finally {
    await teensy.stop();
  }
});

test.each([
  ["spikewing", "power it, wire its TX to RX and RX to TX, and build its library with this protocol"],
  ["authors", "its fail-safe lasts until it is switched off and on"],
])("a silent board is named, with a way out: frames of %s", async (protocol, remedy) => {
  const relay = await startUdpRelay();
  try {
    const cwd = newFolder();
    const { status, stderr } = await run(
      ["fly", POLICY, "--udp", relay.address, "--protocol", protocol],
      cwd,
    );
    expect(stderr).toBe(`error: ${relay.address}: the board is silent (${remedy})\n`);
    expect(status).toBe(1);
  } finally {
    await relay.close();
  }
});

describe("what no board could fly with is refused in one line", () => {
  test.each([
    [["--serial", "/dev/nowhere"], "/dev/nowhere: cannot be opened: no such file or directory"],
    [["--udp", "here"], '--udp: "here"; expected HOST:PORT, with a port from 1 to 65535'],
    [["--udp", "here:0"], '--udp: "here:0"; expected HOST:PORT, with a port from 1 to 65535'],
    [["--udp", "a.invalid:1"], "a.invalid:1: the host is unknown"],
    [
      ["--udp", "a:1", "--serial", "b"],
      "option '--serial <port>' cannot be used with option '--udp <host:port>'",
    ],
    [["--protocol", "authors"], "--protocol: is of a board; expected --serial or --udp with it"],
    [["--serial", "x", "--protocol", "v2"], '--protocol: "v2"; expected one of spikewing, authors'],
  ])("%j", (flags, line) => {
    const cwd = newFolder();
    refuse(["fly", POLICY, ...flags], line, cwd);
    expect(existsSync(join(cwd, "runs"))).toBe(false);
  });

  test("a dense policy", () => {
    refuse(["fly", shipped("guide-expert"), "--serial", "/dev/nowhere"], /: kind is dense; expected spiking/);
  });
});
