#include "sw_policy.h"

#include <string.h>

#include "layout.h"
#include "policy.h"
#include "sw_link.h"

enum { OBSERVATIONS = SW_OBSERVATION_WORDS, MOTORS = SW_MOTORS_WORDS };

static Z_policy_instance_t core;
static uint32_t allocated_bytes;

static uint8_t *at(uint32_t address) { return Z_policyZ_memory(&core)->data + address; }

// Bytes of linear memory, 64-byte aligned, for good. controllerLinearBytes (src/library/linear-memory.ts) adds up the
// same sizes; set_up finds out if they are not there.
static uint32_t allocate(uint32_t bytes) {
  wasm_rt_memory_t *memory = Z_policyZ_memory(&core);
  const uint32_t address = (allocated_bytes + 63u) & ~63u;
  allocated_bytes = address + bytes;
  while (allocated_bytes > memory->size && wasm_rt_grow_memory(memory, 1) != UINT32_MAX) {
  }
  return address;
}

static bool is_full(void) { return allocated_bytes > Z_policyZ_memory(&core)->size; }

// Where kernels find the image. With bounds checks it must be inside linear memory, and where addresses have 64 bits.
// Without them it stays where it is: a kernel adds its 32-bit address to the base of linear memory, and the sum wraps to
// where the image is.
static uint32_t place(const uint8_t *bytes, uint32_t count) {
#if SW_CHECKED || UINTPTR_MAX > UINT32_MAX
  const uint32_t address = allocate(count);
  if (!is_full()) memcpy(at(address), bytes, count);
  return address;
#else
  (void)count;
  return (uint32_t)bytes - (uint32_t)at(0);
#endif
}

static sw_pilot_t *pilot_of(const sw_policy_t *policy) { return (sw_pilot_t *)at(policy->pilot); }

// False if the linear memory is too small.
static bool set_up(sw_policy_t *policy, const sw_policy_data_t *data) {
  Z_policy_init_module();
  Z_policy_instantiate(&core);
  allocated_bytes = Z_policyZ_heapBase(&core);
  const uint32_t image = place(data->image, data->image_bytes);
  policy->pilot = allocate(sizeof(sw_pilot_t));
  if (is_full()) return false;
  *pilot_of(policy) = (sw_pilot_t){.image = image};
  policy->is_set_up = true;
  Z_policyZ_pilotLayout(&core, policy->pilot, allocate(Z_policyZ_pilotLayout(&core, policy->pilot, 0)));
  policy->input = allocate(sizeof(sw_estimate_t));
  return !is_full();
}

// --- power-on self-test ------------------------------------------------------------------------------------------

static uint32_t checksum(const sw_policy_data_t *data) {
  uint32_t crc = sw_crc32(0, data->image, data->image_bytes);
  crc = sw_crc32(crc, (const uint8_t *)data->example_observations, 2 * OBSERVATIONS * data->example_steps);
  return sw_crc32(crc, (const uint8_t *)data->example_actions, 2 * MOTORS * data->example_steps);
}

static bool repeats_example(sw_policy_t *policy, const sw_policy_data_t *data) {
  sw_policy_reset(policy);
  for (uint32_t i = 0; i < data->example_steps; i++) {
    memcpy(at(pilot_of(policy)->quantised), data->example_observations + OBSERVATIONS * i, 2 * OBSERVATIONS);
    Z_policyZ_pilotStepQuantised(&core, policy->pilot);
    if (memcmp(at(pilot_of(policy)->action), data->example_actions + MOTORS * i, 2 * MOTORS)) return false;
  }
  return data->example_steps > 0;
}

uint8_t sw_policy_start(sw_policy_t *policy, const sw_policy_data_t *data) {
  memset(policy, 0, sizeof *policy);
  if (checksum(data) != data->crc) return SW_SELF_TEST_CHECKSUM;
  if (!set_up(policy, data)) return SW_SELF_TEST_MEMORY;
  return repeats_example(policy, data) ? SW_SELF_TEST_PASSED : SW_SELF_TEST_EXAMPLE;
}

// --- flight ------------------------------------------------------------------------------------------------------

void sw_policy_reset(sw_policy_t *policy) { Z_policyZ_pilotReset(&core, policy->pilot); }

uint8_t *sw_policy_observation(const sw_policy_t *policy) { return at(pilot_of(policy)->observation); }

const uint8_t *sw_policy_step(sw_policy_t *policy) {
  Z_policyZ_pilotStep(&core, policy->pilot);
  return at(pilot_of(policy)->motors);
}

const uint8_t *sw_policy_action(const sw_policy_t *policy) { return at(pilot_of(policy)->action); }

_Static_assert(sizeof(sw_force_command_t) + 4 * MOTORS <= sizeof(sw_estimate_t), "they share policy->input");
void sw_policy_forces(sw_policy_t *policy, const sw_force_command_t *command, float forces[4]) {
  const uint32_t forces_at = policy->input + sizeof *command;
  memcpy(at(policy->input), command, sizeof *command);
  Z_policyZ_pilotForces(&core, policy->input, pilot_of(policy)->motors, forces_at);
  memcpy(forces, at(forces_at), 4 * MOTORS);
}

uint16_t sw_policy_width(const sw_policy_t *policy, uint32_t l) {
  return policy->is_set_up ? (uint16_t)Z_policyZ_policyWidth(&core, pilot_of(policy)->image, l) : 0;
}

void sw_policy_observe(sw_policy_t *policy, const sw_estimate_t *estimate) {
  memcpy(at(policy->input), estimate, sizeof *estimate);
  Z_policyZ_pilotObservation(&core, policy->input, pilot_of(policy)->observation);
}

_Static_assert(2 * OBSERVATIONS <= sizeof(sw_estimate_t), "they share policy->input");
void sw_policy_observe_wire(sw_policy_t *policy, const uint8_t *numbers) {
  memcpy(at(policy->input), numbers, 2 * OBSERVATIONS);
  Z_policyZ_observationFromWire(&core, policy->input, pilot_of(policy)->observation);
}

_Static_assert(SW_LEGACY_STATE_PAYLOAD_BYTES <= sizeof(sw_estimate_t), "they share policy->input");
void sw_policy_observe_legacy(sw_policy_t *policy, const uint8_t *payload) {
  memcpy(at(policy->input), payload, SW_LEGACY_STATE_PAYLOAD_BYTES);
  Z_policyZ_observationFromLegacy(&core, policy->input, pilot_of(policy)->observation);
}
