// The fail-safe state machine: what a STATE may do, and when nothing may fly. It sees no bytes of the link and computes
// nothing; it compares.
//
//   power-on  FAULT     the self-test refused; for ever
//             STANDBY   it passed
//   STANDBY   ARMED     a valid STATE with ARM, after a valid one without; membranes are zeroed
//   ARMED     STANDBY   a valid STATE without ARM
//   any       FAILSAFE  a guard refused, except in FAULT
//   FAILSAFE  STANDBY   a valid STATE without ARM

#ifndef SW_SUPERVISOR_H
#define SW_SUPERVISOR_H

#include <stdbool.h>
#include <stdint.h>

#include "sw_protocol.h"

#define SW_OBSERVATION_BYTES (4u * SW_OBSERVATION_WORDS)

// A STATE that came whole.
typedef struct {
  uint16_t sequence;
  uint32_t time_us;           // clock of the sender
  bool arm;
  const uint8_t *observation; // (18) f32, the order of training
} sw_state_t;

// What to do about a STATE.
typedef enum {
  SW_ANSWER = 0,      // answer with status and reason; motors -1
  SW_FIRST_STEP = 1,  // zero the membranes, then as SW_STEP
  SW_STEP = 2,        // step the policy once and answer with its motors
  SW_SAME_ANSWER = 3, // it came before: send the last answer again
} sw_verdict_t;

typedef struct {
  uint8_t status, reason; // SW_STATUS_..., SW_REASON_...
  bool may_arm;           // a valid STATE without ARM came, and the link has not been lost since
  uint32_t heard_us;      // own clock, when the last new valid STATE came
  bool has_state;         // the three below are of the last new valid STATE
  uint16_t sequence;
  uint32_t time_us;
  uint8_t observation[SW_OBSERVATION_BYTES];
  uint32_t stale; // so many in a row
} sw_supervisor_t;

void sw_supervisor_start(sw_supervisor_t *supervisor, uint8_t self_test);

// Call for every STATE, and before that sw_supervisor_check_link.
sw_verdict_t sw_supervisor_judge(sw_supervisor_t *supervisor, const sw_state_t *state, uint32_t now_us);

// LINK_LOST if it is.
void sw_supervisor_check_link(sw_supervisor_t *supervisor, uint32_t now_us);

// DEADLINE_MISSED if an answer took too long.
void sw_supervisor_check_deadline(sw_supervisor_t *supervisor, uint32_t elapsed_us);

// The first guard that refuses an observation, SW_REASON_NONE if none does.
uint8_t sw_observation_fault(const uint8_t *observation);

#endif
