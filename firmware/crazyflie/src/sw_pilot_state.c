#include "sw_pilot_state.h"

#include <string.h>

#include "pilot.h"

static Z_pilot_instance_t core;
static u32 estimate_at, state_at, wire_at;

enum { STATE_BYTES = SW_PILOT_STATE_WORDS * sizeof(float), WIRE_BYTES = SW_PILOT_STATE_WORDS * sizeof(int16_t) };

bool sw_pilot_state_start(void) {
  Z_pilot_init_module();
  Z_pilot_instantiate(&core);
  estimate_at = Z_pilotZ_heapBase(&core);
  state_at = estimate_at + sizeof(sw_estimate_t);
  wire_at = state_at + STATE_BYTES;
  return wire_at + WIRE_BYTES <= Z_pilotZ_memory(&core)->size;
}

void sw_pilot_state(const sw_estimate_t *estimate, int16_t state[SW_PILOT_STATE_WORDS]) {
  u8 *memory = Z_pilotZ_memory(&core)->data;
  memcpy(memory + estimate_at, estimate, sizeof *estimate);
  Z_pilotZ_pilotObservation(&core, estimate_at, state_at);
  Z_pilotZ_observationToWire(&core, state_at, wire_at);
  memcpy(state, memory + wire_at, WIRE_BYTES);
}

void sw_pilot_motors(const int16_t action[4], float motors[4]) {
  u8 *memory = Z_pilotZ_memory(&core)->data;
  memcpy(memory + wire_at, action, 4 * sizeof(int16_t));
  Z_pilotZ_dequantiseAction(&core, wire_at, state_at);
  memcpy(motors, memory + state_at, 4 * sizeof(float));
}

_Static_assert(sizeof(sw_force_command_t) + 8 * sizeof(float) <= sizeof(sw_estimate_t) + STATE_BYTES, "they share the heap");
void sw_pilot_forces(const sw_force_command_t *command, const float motors[4], float forces[4]) {
  u8 *memory = Z_pilotZ_memory(&core)->data;
  const u32 motors_at = estimate_at + sizeof *command, forces_at = motors_at + 4 * sizeof(float);
  memcpy(memory + estimate_at, command, sizeof *command);
  memcpy(memory + motors_at, motors, 4 * sizeof(float));
  Z_pilotZ_pilotForces(&core, estimate_at, motors_at, forces_at);
  memcpy(forces, memory + forces_at, 4 * sizeof(float));
}

// wasm_rt.c wants it; never called. Without checks of memory accesses, whose addresses sw_pilot_state_start has checked
// once for all, nothing in pilot.c traps: a test finds no call of wasm_rt_trap in its object.
void sw_port_trap(u32 trap) {
  (void)trap;
  __builtin_unreachable();
}
