// Decides who flies: the stock controller or the policy's last answer. Free of FreeRTOS, of the Crazyflie's headers and
// of the frame format, so that it is tested on any machine. It computes nothing that reaches a motor but the last
// line of sw_pilot_guard_motors, the scale of an action.
//
// The caller locks: one call at a time.

#ifndef SW_PILOT_GUARD_H
#define SW_PILOT_GUARD_H

#include <stdbool.h>
#include <stdint.h>

enum { SW_PILOT_MOTORS = 4 };

// An answer that is older than this, counted from the moment its STATE was sent, flies nothing: two periods of 100 Hz and
// the time of an exchange, so that one lost answer is survived and two are not.
#define SW_PILOT_FRESH_US 25000u

typedef enum {
  SW_PILOT_OFF = 0,      // not asked for, or the supervisor does not let it
  SW_PILOT_WAITING = 1,  // asked for; the first good answer takes over
  SW_PILOT_FLYING = 2,   // the policy flies
  SW_PILOT_FALLBACK = 3, // a guard failed in flight; the stock controller flies until the pilot is switched off and on
} sw_pilot_mode_t;

// The guard that refused last; what the log shows.
typedef enum {
  SW_PILOT_ACCEPTED = 0,
  SW_PILOT_WRONG_SEQUENCE = 1,
  SW_PILOT_NOT_ARMED = 2,
  SW_PILOT_NOT_FINITE = 3,
  SW_PILOT_OUT_OF_RANGE = 4,
  SW_PILOT_NOT_FRESH = 5,
} sw_pilot_refusal_t;

// What the policy answers to a request; from a Teensy, what of a MOTORS frame matters here (its CRC, version and type have
// been checked, sw_link.h).
typedef struct {
  uint16_t sequence; // of the STATE that it answers
  bool armed;        // its status
  float motors[SW_PILOT_MOTORS]; // -1 .. 1
} sw_pilot_answer_t;

typedef struct {
  sw_pilot_mode_t mode;
  sw_pilot_refusal_t refusal;
  uint16_t sequence;      // of the last STATE
  uint32_t sent_us;       // when it was sent
  bool has_motors;        // motors hold a good answer
  uint32_t motors_us;     // when the STATE was sent that it answers
  uint32_t round_trip_us; // of the last good answer
  float motors[SW_PILOT_MOTORS];
} sw_pilot_guard_t;

// `sequence` is that of the last STATE before; any number, as the Teensy follows the first it sees.
void sw_pilot_guard_start(sw_pilot_guard_t *guard, uint16_t sequence);

// Every cycle: `wanted` says that user and supervisor both want the policy to fly.
void sw_pilot_guard_want(sw_pilot_guard_t *guard, bool wanted);

// Whether STATE frames shall carry ARM.
bool sw_pilot_guard_arm(const sw_pilot_guard_t *guard);

// A STATE is about to be sent; returns its sequence number.
uint16_t sw_pilot_guard_send(sw_pilot_guard_t *guard, uint32_t now_us);

void sw_pilot_guard_receive(sw_pilot_guard_t *guard, const sw_pilot_answer_t *answer, uint32_t now_us);

// True: fly `ratio`, of the full PWM ratio, 0 .. 1. False: fly the stock controller's output; `ratio` is untouched.
bool sw_pilot_guard_motors(sw_pilot_guard_t *guard, uint32_t now_us, float ratio[SW_PILOT_MOTORS]);

#endif
