#include "sw_pilot_guard.h"

#include <string.h>

void sw_pilot_guard_start(sw_pilot_guard_t *guard, uint16_t sequence) {
  *guard = (sw_pilot_guard_t){.sequence = sequence};
}

void sw_pilot_guard_want(sw_pilot_guard_t *guard, bool wanted) {
  if (!wanted) {
    guard->mode = SW_PILOT_OFF;
    guard->has_motors = false;
  } else if (guard->mode == SW_PILOT_OFF) {
    guard->mode = SW_PILOT_WAITING;
  }
}

bool sw_pilot_guard_arm(const sw_pilot_guard_t *guard) {
  return guard->mode == SW_PILOT_WAITING || guard->mode == SW_PILOT_FLYING;
}

uint16_t sw_pilot_guard_send(sw_pilot_guard_t *guard, uint32_t now_us) {
  guard->sequence++;
  guard->sent_us = now_us;
  return guard->sequence;
}

// By its bits: a compiler that is told -ffast-math takes every number for finite.
static bool is_finite(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  return (bits & 0x7F800000u) != 0x7F800000u;
}

// The refusal of an answer, or SW_PILOT_ACCEPTED.
static sw_pilot_refusal_t judge(const sw_pilot_guard_t *guard, const sw_pilot_answer_t *answer) {
  if (answer->sequence != guard->sequence) return SW_PILOT_WRONG_SEQUENCE;
  if (!answer->armed) return SW_PILOT_NOT_ARMED;
  for (int i = 0; i < SW_PILOT_MOTORS; i++) {
    const float motor = answer->motors[i];
    if (!is_finite(motor)) return SW_PILOT_NOT_FINITE;
    if (motor < -1.0f || motor > 1.0f) return SW_PILOT_OUT_OF_RANGE;
  }
  return SW_PILOT_ACCEPTED;
}

static void refuse(sw_pilot_guard_t *guard, sw_pilot_refusal_t refusal) {
  guard->refusal = refusal;
  if (guard->mode == SW_PILOT_FLYING) guard->mode = SW_PILOT_FALLBACK;
}

void sw_pilot_guard_receive(sw_pilot_guard_t *guard, const sw_pilot_answer_t *answer, uint32_t now_us) {
  if (!sw_pilot_guard_arm(guard)) return;
  const sw_pilot_refusal_t refusal = judge(guard, answer);
  // An answer to an older STATE may be late or sent twice; what it would have moved is judged by age.
  if (refusal == SW_PILOT_WRONG_SEQUENCE) {
    guard->refusal = refusal;
    return;
  }
  // While it waits, the Teensy has yet to arm.
  if (refusal != SW_PILOT_ACCEPTED) {
    refuse(guard, refusal);
    return;
  }
  guard->has_motors = true;
  guard->motors_us = guard->sent_us;
  guard->round_trip_us = now_us - guard->sent_us;
  for (int i = 0; i < SW_PILOT_MOTORS; i++) guard->motors[i] = answer->motors[i];
}

bool sw_pilot_guard_motors(sw_pilot_guard_t *guard, uint32_t now_us, float ratio[SW_PILOT_MOTORS]) {
  if (!sw_pilot_guard_arm(guard) || !guard->has_motors) return false;
  if (now_us - guard->motors_us > SW_PILOT_FRESH_US) {
    guard->has_motors = false;
    refuse(guard, SW_PILOT_NOT_FRESH);
    return false;
  }
  guard->mode = SW_PILOT_FLYING;
  guard->refusal = SW_PILOT_ACCEPTED;
  for (int i = 0; i < SW_PILOT_MOTORS; i++) ratio[i] = 0.5f * (guard->motors[i] + 1.0f);
  return true;
}
