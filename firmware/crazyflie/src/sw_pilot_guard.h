// Decides who flies: the stock controller or the policy's last answer. Free of FreeRTOS, of the Crazyflie's headers and
// of the frame format, so that it is tested on any machine. It computes nothing that reaches a motor.
//
// The caller locks: one call at a time.

#ifndef SW_PILOT_GUARD_H
#define SW_PILOT_GUARD_H

#include <stdbool.h>
#include <stdint.h>

#include "sw_app_constants.h"

enum { SW_PILOT_MOTORS = 4 };

// An answer that is older than this, counted from the moment its STATE was sent, flies nothing: two periods of 100 Hz and
// the time of an exchange, so that one lost answer is survived and two are not.
#define SW_PILOT_FRESH_US 25000u

// How things are, in a cycle of the stock controller.
typedef struct {
  bool asked; // the user wants the policy to fly
  // To take over and to fly on.
  bool ready;      // the policy has passed its tests
  bool has_target; // the setpoint is a position and a yaw
  bool can_fly;    // the supervisor says so
  bool tumbled;    // the supervisor says so
  bool lifts_mass; // the mass is one that the policy's forces are right for, and that the motors lift
  // To take over.
  bool flying;         // the supervisor says so
  float height_m;      // of the estimate
  float least_height_m;
  float up;            // world z of the body's z axis: 1 level, 0 on its side
} sw_pilot_conditions_t;

// What the policy answers to a request; from a Teensy, what of a MOTORS frame matters here (its CRC, version and type have
// been checked, sw_link.h).
typedef struct {
  uint16_t sequence; // of the STATE that it answers
  bool armed;        // its status
  float motors[SW_PILOT_MOTORS]; // -1 .. 1
  float forces[SW_PILOT_MOTORS]; // N, what they meant in training
} sw_pilot_answer_t;

typedef struct {
  sw_pilot_mode_t mode;
  sw_pilot_refusal_t refusal;
  uint16_t sequence;      // of the last STATE
  uint32_t sent_us;       // when it was sent
  bool has_forces;        // forces hold a good answer
  uint32_t forces_us;     // when the STATE was sent that it answers
  uint32_t round_trip_us; // of the last good answer
  float forces[SW_PILOT_MOTORS];
} sw_pilot_guard_t;

// `sequence` is that of the last STATE before; any number, as the Teensy follows the first it sees.
void sw_pilot_guard_start(sw_pilot_guard_t *guard, uint16_t sequence);

// Every cycle: lets the policy take over or fly on, or refuses it.
void sw_pilot_guard_want(sw_pilot_guard_t *guard, const sw_pilot_conditions_t *conditions);

// Whether STATE frames shall carry ARM.
bool sw_pilot_guard_arm(const sw_pilot_guard_t *guard);

// A STATE is about to be sent; returns its sequence number.
uint16_t sw_pilot_guard_send(sw_pilot_guard_t *guard, uint32_t now_us);

void sw_pilot_guard_receive(sw_pilot_guard_t *guard, const sw_pilot_answer_t *answer, uint32_t now_us);

// True: fly `forces`, N. False: fly the stock controller's output; `forces` is untouched.
bool sw_pilot_guard_forces(sw_pilot_guard_t *guard, uint32_t now_us, float forces[SW_PILOT_MOTORS]);

#endif
