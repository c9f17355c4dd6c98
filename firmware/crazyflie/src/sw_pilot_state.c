#include "sw_pilot_state.h"

#include <string.h>

#include "pilot.h"

static Z_pilot_instance_t core;
static u32 estimate_at, state_at;

void sw_pilot_state_start(void) {
  Z_pilot_init_module();
  Z_pilot_instantiate(&core);
  estimate_at = (Z_pilotZ_heapBase(&core) + 15u) & ~15u;
  state_at = estimate_at + sizeof(sw_pilot_estimate_t);
}

void sw_pilot_state(const sw_pilot_estimate_t *estimate, float state[SW_PILOT_STATE_FLOATS]) {
  u8 *memory = Z_pilotZ_memory(&core)->data;
  memcpy(memory + estimate_at, estimate, sizeof *estimate);
  Z_pilotZ_pilotObservation(&core, estimate_at, state_at);
  memcpy(state, memory + state_at, SW_PILOT_STATE_FLOATS * sizeof *state);
}

// The generated code is sums and products at fixed addresses, its memory accesses are not checked: it cannot trap.
void sw_port_trap(u32 trap) {
  (void)trap;
  __builtin_unreachable();
}
