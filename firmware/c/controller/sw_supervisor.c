#include "sw_supervisor.h"

#include <string.h>

#include "sw_link.h"

void sw_supervisor_start(sw_supervisor_t *supervisor, uint8_t self_test) {
  memset(supervisor, 0, sizeof *supervisor);
  const bool passed = self_test == SW_SELF_TEST_PASSED;
  supervisor->status = passed ? SW_STATUS_STANDBY : SW_STATUS_FAULT;
  supervisor->reason = passed ? SW_REASON_NONE : SW_REASON_SELF_TEST;
}

static void fail(sw_supervisor_t *supervisor, uint8_t reason) {
  supervisor->status = SW_STATUS_FAILSAFE;
  supervisor->reason = reason;
  supervisor->may_arm = false;
}

// --- guards ------------------------------------------------------------------------------------------------------

static bool is_finite(uint32_t bits) { return (bits & 0x7F800000u) != 0x7F800000u; }

uint8_t sw_observation_fault(const uint8_t *observation) {
  static const struct {
    uint32_t words;
    float lowest, highest;
  } groups[SW_OBSERVATION_GROUPS] = SW_OBSERVATION_RANGES;

  for (uint32_t i = 0; i < SW_OBSERVATION_WORDS; i++)
    if (!is_finite(sw_get_u32(observation + 4 * i))) return SW_REASON_NOT_FINITE;
  for (uint32_t group = 0; group < SW_OBSERVATION_GROUPS; group++) {
    for (uint32_t i = 0; i < groups[group].words; i++, observation += 4) {
      const float x = sw_get_f32(observation);
      if (x < groups[group].lowest || x > groups[group].highest) return SW_REASON_OUT_OF_RANGE;
    }
  }
  return SW_REASON_NONE;
}

// From the last new STATE to this one: 0 for a repeated frame, 1 for the next.
static uint16_t sequence_step(const sw_supervisor_t *supervisor, const sw_state_t *state) {
  return (uint16_t)(state->sequence - supervisor->sequence);
}

// Not newer than the last new STATE, or the same estimate again. Noise makes two real estimates differ.
static bool is_stale(const sw_supervisor_t *supervisor, const sw_state_t *state) {
  if (!supervisor->has_state) return false;
  const bool newer = (int32_t)(state->time_us - supervisor->time_us) > 0;
  return !newer || memcmp(state->observation, supervisor->observation, SW_OBSERVATION_BYTES) == 0;
}

void sw_supervisor_check_link(sw_supervisor_t *supervisor, uint32_t now_us) {
  if (now_us - supervisor->heard_us <= SW_LINK_TIMEOUT_US) return;
  supervisor->may_arm = false;
  if (supervisor->status == SW_STATUS_ARMED) fail(supervisor, SW_REASON_LINK_LOST);
}

void sw_supervisor_check_deadline(sw_supervisor_t *supervisor, uint32_t elapsed_us) {
  if (elapsed_us > SW_DEADLINE_US) fail(supervisor, SW_REASON_DEADLINE_MISSED);
}

// --- the state machine -------------------------------------------------------------------------------------------

static void remember(sw_supervisor_t *supervisor, const sw_state_t *state, uint32_t now_us) {
  supervisor->stale = is_stale(supervisor, state) ? supervisor->stale + 1 : 0;
  supervisor->has_state = true;
  supervisor->heard_us = now_us;
  supervisor->sequence = state->sequence;
  supervisor->time_us = state->time_us;
  memcpy(supervisor->observation, state->observation, SW_OBSERVATION_BYTES);
}

static sw_verdict_t refuse(sw_supervisor_t *supervisor, uint8_t reason) {
  fail(supervisor, reason);
  return SW_ANSWER;
}

sw_verdict_t sw_supervisor_judge(sw_supervisor_t *supervisor, const sw_state_t *state, uint32_t now_us) {
  if (supervisor->status == SW_STATUS_FAULT) return SW_ANSWER;

  const uint8_t fault = sw_observation_fault(state->observation);
  if (!state->arm) {
    if (fault) return refuse(supervisor, fault);
    const bool repeated = supervisor->has_state && sequence_step(supervisor, state) == 0;
    if (!repeated) remember(supervisor, state, now_us);
    supervisor->status = SW_STATUS_STANDBY;
    supervisor->reason = SW_REASON_NONE;
    supervisor->may_arm = true;
    return SW_ANSWER;
  }

  // FAILSAFE has may_arm false: it stays until a STATE without ARM.
  if (fault) return refuse(supervisor, fault);
  if (!supervisor->may_arm) return SW_ANSWER;

  const uint16_t step = sequence_step(supervisor, state);
  const bool armed = supervisor->status == SW_STATUS_ARMED;
  if (step == 0) return armed ? SW_SAME_ANSWER : SW_ANSWER;
  if (step > 1 + SW_MAX_LOST_FRAMES) return refuse(supervisor, SW_REASON_SEQUENCE);
  remember(supervisor, state, now_us);
  if (supervisor->stale >= SW_STALE_FRAMES) return refuse(supervisor, SW_REASON_STALE_STATE);
  supervisor->status = SW_STATUS_ARMED;
  return armed ? SW_STEP : SW_FIRST_STEP;
}
