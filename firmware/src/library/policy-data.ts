// A policy file as the firmware holds it: sw_policy_data.c, for c/controller/sw_policy.h.
import { sha256 } from "@noble/hashes/sha2.js";
import type { Core } from "@spikewing/core";
import { loadPolicy, type Policy, policyImage, SpikewingError } from "@spikewing/rl";
import crc32 from "crc/calculators/crc32";

export interface PolicyData {
  /** packages/core-wasm/assembly/network/image.ts, header included. */
  readonly image: Uint8Array;
  /** (steps, 18) and (steps, 4): the flight that the board repeats at power-on. */
  readonly observations: Int16Array;
  readonly actions: Int16Array;
}

/** Takes memory of the core for good. @throws SpikewingError naming `place` if the policy cannot fly on a board. */
export function policyData(core: Core, policy: Policy, place: string): PolicyData {
  if (policy.shape.kind !== "spiking")
    throw new SpikewingError(
      place,
      `kind is ${policy.shape.kind}; expected spiking: a board flies nothing else`,
    );
  if (!policy.example || policy.example.actions.length === 0)
    throw new SpikewingError(place, "there is no example; a board could not test itself");
  return { image: policyImage(core, loadPolicy(core, policy)), ...policy.example };
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Uint8Array | Int16Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** CRC-32 over image, observations and actions. */
export function policyCrc({ image, observations, actions }: PolicyData): number {
  const parts = [image, observations, actions].map(bytesOf);
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const part of parts) {
    whole.set(part, end);
    end += part.length;
  }
  return crc32(whole) >>> 0;
}

/** What a board answers to HELLO_REQUEST: the first 8 bytes of the SHA-256 of the image. */
export const policyId = ({ image }: PolicyData): Uint8Array => sha256(image).slice(0, 8);

const NUMBERS_PER_ROW = 24;

function rows(numbers: Uint8Array | Int16Array): string {
  const lines: string[] = [];
  for (let at = 0; at < numbers.length; at += NUMBERS_PER_ROW)
    lines.push(`  ${Array.from(numbers.subarray(at, at + NUMBERS_PER_ROW)).join(", ")},`);
  return lines.join("\n");
}

/** The text of sw_policy_data.c. */
export function policyDataSource(data: PolicyData): string {
  const { image, observations, actions } = data;
  return `// Written from a policy file; do not edit.

#include "sw_policy.h"

// A board may name sections for them.
#ifndef SW_WEIGHTS
#define SW_WEIGHTS
#define SW_EXAMPLE
#endif

static const uint8_t image[${image.length}] SW_WEIGHTS __attribute__((aligned(16))) = {
${rows(image)}
};

static const int16_t observations[${observations.length}] SW_EXAMPLE = {
${rows(observations)}
};

static const int16_t actions[${actions.length}] SW_EXAMPLE = {
${rows(actions)}
};

const sw_policy_data_t sw_policy_data = {
  .image = image,
  .image_bytes = sizeof image,
  .example_observations = observations,
  .example_actions = actions,
  .example_steps = ${actions.length / 4},
  .crc = 0x${policyCrc(data).toString(16).padStart(8, "0")}u,
  .id = {${Array.from(policyId(data)).join(", ")}},
};
`;
}
