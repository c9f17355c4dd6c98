import { loadCore } from "@spikewing/core/node";
import { afterEach, expect, test } from "vitest";
import { createReferencePilot } from "../../src/hil/reference-pilot.js";
import { policyData } from "../../src/library/policy-data.js";
import { startEmulatedTeensy } from "../../src/node-entry.js";
import { createReceiver, encodeMessage, type Message, type StateMessage } from "../../src/protocol/codec.js";
import { createLegacyReceiver, encodeLegacyState } from "../../src/protocol/legacy-codec.js";
import { createWireNumbers } from "../../src/protocol/wire-numbers.js";
import { openSerialPort, type SerialPort } from "./serial-port.js";
import { SHIPPED_POLICY } from "./shipped-policy.js";

const cleanUp: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

async function connect(protocol: "v1" | "legacy"): Promise<SerialPort> {
  const teensy = await startEmulatedTeensy({ policy: SHIPPED_POLICY, protocol });
  cleanUp.push(teensy.stop);
  const port = openSerialPort(teensy.path);
  cleanUp.push(port.close);
  return port;
}

const HOVER = [0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0];
const wire = createWireNumbers(loadCore());
const hoverAt = (x: number): Float32Array => Float32Array.from(HOVER, (value, i) => (i === 0 ? x : value));

test("an emulated Teensy says hello on its serial port, arms and answers every state", async () => {
  const port = await connect("v1");
  const receiver = createReceiver("Crazyflie");
  const exchange = async (message: Message): Promise<Message> => {
    port.write(encodeMessage(message));
    let answer: Message | undefined;
    await port.readUntil((bytes) => {
      answer = receiver.receive(bytes)[0];
      return answer !== undefined;
    });
    return answer!;
  };

  expect(await exchange({ kind: "HELLO_REQUEST", sequence: 9 })).toMatchObject({
    kind: "HELLO",
    sequence: 9,
    selfTest: "PASSED",
    status: "STANDBY",
    hidden: [256, 128],
  });
  const core = loadCore();
  const pilot = createReferencePilot(core, policyData(core, SHIPPED_POLICY, "shipped policy").image);
  for (let step = 0; step < 20; step++) {
    const seen = hoverAt(0.01 * step);
    const state: StateMessage = {
      kind: "STATE",
      sequence: step,
      timeUs: 10_000 * step,
      arm: step > 0,
      observation: wire.ofObservation(seen),
    };
    const answer = await exchange(state);
    const expected = step > 0 ? "ARMED" : "STANDBY";
    expect(answer).toMatchObject({ kind: "MOTORS", sequence: step, status: expected, reason: "NONE" });
    if (answer.kind !== "MOTORS" || step === 0) continue;
    expect(wire.toMotors(answer.motors)).toEqual(pilot.step(seen));
    expect(answer.stepUs).toBeGreaterThan(20); // its clock runs
  }
  expect(receiver.counts).toMatchObject({ frames: 21, badCrc: 0, noiseBytes: 0 });
});

/** The host computes something else, far longer than a board waits for a frame. */
function holdUp(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

test("an emulated Teensy flies on after its host was held up", async () => {
  const port = await connect("v1");
  const receiver = createReceiver("Crazyflie");
  for (let step = 0; step < 6; step++) {
    if (step > 1) holdUp(200);
    const observation = wire.ofObservation(hoverAt(0.01 * step));
    port.write(
      encodeMessage({ kind: "STATE", sequence: step, timeUs: 10_000 * step, arm: step > 0, observation }),
    );
    let answer: Message | undefined;
    await port.readUntil((bytes) => {
      answer = receiver.receive(bytes)[0];
      return answer !== undefined;
    });
    expect(answer).toMatchObject({ status: step > 0 ? "ARMED" : "STANDBY", reason: "NONE" });
  }
});

test("an emulated Teensy flies the authors' frames too", async () => {
  const port = await connect("legacy");
  const receiver = createLegacyReceiver();
  for (let step = 0; step < 5; step++) {
    port.write(encodeLegacyState(hoverAt(0.01 * step)));
    await port.readUntil((bytes) => receiver.receive(bytes).length > 0);
  }
  expect(receiver.counts).toEqual({ frames: 5, badSum: 0, badField: 0, noiseBytes: 0 });
});
