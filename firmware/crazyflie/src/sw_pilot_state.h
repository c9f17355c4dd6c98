// What the policy sees, from what the Crazyflie estimates, as the integers of a STATE frame, in the order of training; and what
// a MOTORS frame says.

#ifndef SW_PILOT_STATE_H
#define SW_PILOT_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "sw_estimate.h"
#include "sw_force.h"

enum { SW_PILOT_STATE_WORDS = 18 };

// Before the first sw_pilot_state. False if SW_LINEAR_BYTES is too small for the core: sw_pilot_state must not be called.
bool sw_pilot_state_start(void);

// position_error (3), rotation (9, row by row, body to world), velocity (3, error to the target's), angular_velocity
// (3, rad/s), in the frame of the target's yaw. The core's own code (assembly/link/pilot-observation.ts) by way of WebAssembly:
// equal, bit for bit, to what its environmentsObserve makes of the same body and the policy rounds it to (link/wire-numbers.ts).
void sw_pilot_state(const sw_estimate_t *estimate, int16_t state[SW_PILOT_STATE_WORDS]);

// Motors in -1 .. 1 of the integers of a MOTORS frame.
void sw_pilot_motors(const int16_t action[4], float motors[4]);

// N, of motors in -1 .. 1: assembly/link/pilot-forces.ts, in the same way.
void sw_pilot_forces(const sw_force_command_t *command, const float motors[4], float forces[4]);

#endif
