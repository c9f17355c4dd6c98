// Hardware in the loop: the simulator flies in Node, the policy on the emulated chip, and every number between them
// goes over the serial link.
import { type Core, FNV1A_START, fnv1a } from "@spikewing/core";
import type { Flight } from "@spikewing/rl";
import type { Bench } from "../emulator/bench.js";
import { createReceiver, encodeMessage, type MotorsMessage } from "../protocol/codec.js";
import { createWireNumbers } from "../protocol/wire-numbers.js";
import type { ReferencePilot } from "./reference-pilot.js";

export const CONTROL_PERIOD_US = 10_000;

/** What happens to the frames of one step, counted from 0; what is left out happens to none. */
export interface Line {
  /** The STATE does not arrive. */
  readonly losesState?: (step: number) => boolean;
  /** The STATE arrives twice. */
  readonly repeatsState?: (step: number) => boolean;
  /** The answer does not arrive. */
  readonly losesAnswer?: (step: number) => boolean;
}

export interface FlownTrajectory {
  /** Body and motor commands after every step: position, quaternion, velocities, rotors, commands, as bytes. */
  readonly bytes: Uint8Array;
  /** FNV-1a, 32 bits, of them. */
  readonly hash: number;
  readonly crashed: boolean;
}

export interface WireTrajectory extends FlownTrajectory {
  /** Instructions of every exchange in flight, from the first byte of the STATE to the last of its answer. */
  readonly instructions: readonly number[];
}

/** What flies where no motor command has come yet. */
const MOTORS_OFF = Float32Array.of(-1, -1, -1, -1);

function record(flight: Flight, steps: Uint8Array[]): void {
  const { position, quaternion, velocity, angularVelocity, rotors, action } = flight.state();
  for (const words of [position, quaternion, velocity, angularVelocity, rotors, action])
    steps.push(new Uint8Array(words.buffer, words.byteOffset, words.byteLength));
}

function trajectory(flight: Flight, steps: readonly Uint8Array[]): FlownTrajectory {
  const bytes = Uint8Array.from(steps.flatMap((part) => Array.from(part)));
  return { bytes, hash: fnv1a(FNV1A_START, bytes), crashed: flight.state().crashed };
}

/** The flight in Node alone, with the actor of the flight. */
export function flyAlone(flight: Flight, episode: number, steps: number): FlownTrajectory {
  const recorded: Uint8Array[] = [];
  flight.reset(episode);
  for (let step = 0; step < steps; step++) {
    flight.step();
    record(flight, recorded);
  }
  return trajectory(flight, recorded);
}

/** The flight in Node alone with what the line loses: a pilot that gets no state does not step, and the motors hold. */
export function flyWithLosses(
  flight: Flight,
  pilot: ReferencePilot,
  episode: number,
  steps: number,
  line: Line,
): FlownTrajectory {
  const recorded: Uint8Array[] = [];
  flight.reset(episode);
  pilot.reset();
  let motors: Float32Array = MOTORS_OFF;
  for (let step = 0; step < steps; step++) {
    const observation = flight.observe();
    if (!line.losesState?.(step)) {
      const answer = pilot.step(observation);
      if (!line.losesAnswer?.(step)) motors = answer;
    }
    flight.stepWith(motors);
    record(flight, recorded);
  }
  return trajectory(flight, recorded);
}

/**
 * The flight with the policy on the chip: one exchange a control period, after one without ARM. The motors hold where
 * an answer is lost. Throws if the chip answers anything but one valid MOTORS, ARMED, to a STATE.
 */
export async function flyOnWire(
  core: Core,
  flight: Flight,
  bench: Bench,
  episode: number,
  steps: number,
  line: Line = {},
): Promise<WireTrajectory> {
  const receiver = createReceiver("Crazyflie");
  const wire = createWireNumbers(core);
  const instructions: number[] = [];
  const recorded: Uint8Array[] = [];
  flight.reset(episode);
  const exchange = async (step: number, arm: boolean, seen: Float32Array): Promise<MotorsMessage> => {
    const observation = wire.ofObservation(seen);
    const sequence = (step + 1) & 0xffff;
    const timeUs = CONTROL_PERIOD_US * (step + 1);
    const frame = encodeMessage({ kind: "STATE", sequence, timeUs, arm, observation });
    const { sent, report } = await bench.take(frame, timeUs);
    if (arm) instructions.push(report.instructions);
    if (line.repeatsState?.(step)) {
      const again = await bench.take(frame, timeUs);
      if (Buffer.compare(again.sent, sent))
        throw new Error(`step ${step}: a repeated frame is answered differently`);
    }
    const [answer, ...more] = receiver.receive(sent);
    if (answer?.kind !== "MOTORS" || more.length > 0 || answer.sequence !== sequence)
      throw new Error(`step ${step}: the chip does not answer one MOTORS with sequence ${sequence}`);
    return answer;
  };

  const disarmed = await exchange(-1, false, flight.observe());
  if (disarmed.status !== "STANDBY") throw new Error(`before the flight: status ${disarmed.status}`);
  let motors: Float32Array = MOTORS_OFF;
  for (let step = 0; step < steps; step++) {
    const observation = flight.observe();
    if (!line.losesState?.(step)) {
      const answer = await exchange(step, true, observation);
      if (answer.status !== "ARMED") throw new Error(`step ${step}: ${answer.status}, ${answer.reason}`);
      if (!line.losesAnswer?.(step)) motors = wire.toMotors(answer.motors);
    }
    flight.stepWith(motors);
    record(flight, recorded);
  }
  return { ...trajectory(flight, recorded), instructions };
}
