// Written from src/protocol/pilot-codes.ts and the core by `npm run protocol`; do not edit.

#ifndef SW_APP_CONSTANTS_H
#define SW_APP_CONSTANTS_H

#define SW_GRAVITY_M_PER_S2 9.8100004f // of the simulator

// Who flies.
typedef enum {
  SW_PILOT_OFF = 0, // enable is 0: the stock controller flies
  SW_PILOT_WAITING = 1, // waits for an armed answer of the policy; the first good one takes over
  SW_PILOT_FLYING = 2, // the policy flies
  SW_PILOT_FALLBACK = 3, // a guard failed in flight: the stock controller flies until enable has been 0
  SW_PILOT_REFUSED = 4, // enable is 1, but the policy may not take over as things are
} sw_pilot_mode_t;

// The guard that refused last; what the log shows.
typedef enum {
  SW_PILOT_ACCEPTED = 0, // none
  SW_PILOT_WRONG_SEQUENCE = 1, // an answer to another request than the last
  SW_PILOT_NOT_ARMED = 2, // the policy's own guards refused
  SW_PILOT_NOT_FINITE = 3, // a force that is no number
  SW_PILOT_OUT_OF_RANGE = 4, // a motor beyond -1 .. 1
  SW_PILOT_NOT_FRESH = 5, // the last good answer is older than 25 ms
  SW_PILOT_NOT_READY = 6, // the policy's tests have not passed
  SW_PILOT_NO_TARGET = 7, // the setpoint is no position and yaw
  SW_PILOT_CANNOT_FLY = 8, // the supervisor says it cannot fly
  SW_PILOT_TUMBLED = 9, // the supervisor says it tumbled
  SW_PILOT_WRONG_MASS = 10, // not from half to twice the mass of training, or more than the motors lift 1.2 times
  SW_PILOT_NOT_FLYING = 11, // the supervisor says it does not fly
  SW_PILOT_TOO_LOW = 12, // below minHeight
  SW_PILOT_TILTED = 13, // tilted by more than 90 degrees
} sw_pilot_refusal_t;

#endif
