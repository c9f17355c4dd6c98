// The policy: the core that WebAssembly gives, the weights in flash, and the proof at power-on that the two still give
// the actions they were tested with. All arithmetic is in the generated C; here are addresses and calls.
//
// There is one policy in a program: the core's linear memory is static.

#ifndef SW_POLICY_H
#define SW_POLICY_H

#include <stdbool.h>
#include <stdint.h>

#include "sw_estimate.h"
#include "sw_force.h"
#include "sw_protocol.h"

// The bytes are generated: sw_policy_data.c.
typedef struct {
  const uint8_t *image; // packages/core-wasm/assembly/network/image.ts; 16-byte aligned
  uint32_t image_bytes;
  const int16_t *example_observations; // (steps, 18), of a flight from zero membranes
  const int16_t *example_actions;      // (steps, 4), what the policy must answer
  uint32_t example_steps;
  uint32_t crc; // CRC-32 of image, observations and actions, one after another
  uint8_t id[8]; // the first bytes of the SHA-256 of the image
} sw_policy_data_t;

extern const sw_policy_data_t sw_policy_data;

typedef struct {
  bool is_set_up;        // the pilot has its image
  uint32_t pilot, input; // addresses in linear memory: sw_pilot_t (layout.h); an estimate, or what came by wire
} sw_policy_t;

// Sets the core up, tests it and returns SW_SELF_TEST_... Call once a power-on; only a policy that passed may step.
uint8_t sw_policy_start(sw_policy_t *policy, const sw_policy_data_t *data);

// Zero membranes, as at the start of an episode.
void sw_policy_reset(sw_policy_t *policy);

// Where the observation goes, 18 f32 in the order of training, 4-byte aligned.
uint8_t *sw_policy_observation(const sw_policy_t *policy);

// One control period. Returns the motor commands, (4) f32 in [-1, 1], valid until the next step.
const uint8_t *sw_policy_step(sw_policy_t *policy);

// The same as integers, (4) i16.
const uint8_t *sw_policy_action(const sw_policy_t *policy);

// What the motor commands of the last step meant in training, N, scaled to the mass of the drone that flies.
void sw_policy_forces(sw_policy_t *policy, const sw_force_command_t *command, float forces[4]);

// Neurons of hidden layer l, from 0; 0 behind the last.
uint16_t sw_policy_width(const sw_policy_t *policy, uint32_t l);

// Puts what the policy sees of an estimate at sw_policy_observation.
void sw_policy_observe(sw_policy_t *policy, const sw_estimate_t *estimate);

// Puts the 18 i16 of a STATE frame, as floats, at sw_policy_observation.
void sw_policy_observe_wire(sw_policy_t *policy, const uint8_t *numbers);

// Puts the 18 f32 of a legacy frame in the order and units of training, at sw_policy_observation.
void sw_policy_observe_legacy(sw_policy_t *policy, const uint8_t *payload);

#endif
