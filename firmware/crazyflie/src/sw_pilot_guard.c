#include "sw_pilot_guard.h"

#include <string.h>

void sw_pilot_guard_start(sw_pilot_guard_t *guard, uint16_t sequence) {
  *guard = (sw_pilot_guard_t){.sequence = sequence};
}

static void refuse(sw_pilot_guard_t *guard, sw_pilot_refusal_t refusal) {
  guard->refusal = refusal;
  if (guard->mode == SW_PILOT_FLYING) guard->mode = SW_PILOT_FALLBACK;
}

// --- take-over ---------------------------------------------------------------------------------------------------

// What must hold at any time.
static sw_pilot_refusal_t judge_flight(const sw_pilot_conditions_t *is) {
  if (!is->ready) return SW_PILOT_NOT_READY;
  if (!is->can_fly) return SW_PILOT_CANNOT_FLY;
  if (is->tumbled) return SW_PILOT_TUMBLED;
  if (!is->has_target) return SW_PILOT_NO_TARGET;
  if (!is->lifts_mass) return SW_PILOT_WRONG_MASS;
  return SW_PILOT_ACCEPTED;
}

// What must hold besides where the policy begins; once it flies it may find its own way out. No comparison holds for a NaN.
static sw_pilot_refusal_t judge_take_over(const sw_pilot_conditions_t *is) {
  if (!is->flying) return SW_PILOT_NOT_FLYING;
  if (!(is->height_m >= is->least_height_m)) return SW_PILOT_TOO_LOW;
  if (!(is->up > 0.0f)) return SW_PILOT_TILTED;
  return SW_PILOT_ACCEPTED;
}

static void stop(sw_pilot_guard_t *guard, sw_pilot_mode_t mode) {
  guard->mode = mode;
  guard->has_forces = false;
}

void sw_pilot_guard_want(sw_pilot_guard_t *guard, const sw_pilot_conditions_t *conditions) {
  if (!conditions->asked) {
    stop(guard, SW_PILOT_OFF);
    return;
  }
  if (guard->mode == SW_PILOT_FALLBACK) return;
  sw_pilot_refusal_t refusal = judge_flight(conditions);
  if (guard->mode == SW_PILOT_FLYING) {
    if (refusal != SW_PILOT_ACCEPTED) refuse(guard, refusal);
    return;
  }
  if (refusal == SW_PILOT_ACCEPTED) refusal = judge_take_over(conditions);
  if (refusal != SW_PILOT_ACCEPTED) {
    stop(guard, SW_PILOT_REFUSED);
    guard->refusal = refusal;
  } else if (guard->mode != SW_PILOT_WAITING) {
    guard->mode = SW_PILOT_WAITING;
    guard->refusal = SW_PILOT_ACCEPTED;
  }
}

// --- answers -----------------------------------------------------------------------------------------------------

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
    if (motor < -1.0f || motor > 1.0f) return SW_PILOT_OUT_OF_RANGE;
    // So is a motor that is no number: the force that it means is none either.
    if (!is_finite(answer->forces[i])) return SW_PILOT_NOT_FINITE;
  }
  return SW_PILOT_ACCEPTED;
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
  guard->has_forces = true;
  guard->forces_us = guard->sent_us;
  guard->round_trip_us = now_us - guard->sent_us;
  for (int i = 0; i < SW_PILOT_MOTORS; i++) guard->forces[i] = answer->forces[i];
}

bool sw_pilot_guard_forces(sw_pilot_guard_t *guard, uint32_t now_us, float forces[SW_PILOT_MOTORS]) {
  if (!sw_pilot_guard_arm(guard) || !guard->has_forces) return false;
  if (now_us - guard->forces_us > SW_PILOT_FRESH_US) {
    guard->has_forces = false;
    refuse(guard, SW_PILOT_NOT_FRESH);
    return false;
  }
  guard->mode = SW_PILOT_FLYING;
  guard->refusal = SW_PILOT_ACCEPTED;
  for (int i = 0; i < SW_PILOT_MOTORS; i++) forces[i] = guard->forces[i];
  return true;
}
