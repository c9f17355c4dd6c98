// The same program for the frames of the paper's authors (SW_LEGACY_... in sw_protocol.h), which carry no version,
// sequence, time or ARM. What that costs:
//
//   - The first frame that every guard accepts arms, so a board that restarts in flight arms by itself.
//   - Lost and repeated frames cannot be told; the same payload staleFrames times is STALE_STATE.
//   - One wrong frame in 256 passes the checksum; the ranges catch most of those.
//   - FAULT and FAILSAFE are silence, on which the authors' side falls back. FAILSAFE lasts until power-on.

#ifndef SW_LEGACY_H
#define SW_LEGACY_H

#include "sw_policy.h"
#include "sw_supervisor.h"

typedef struct {
  uint32_t frames;
  uint32_t noise_bytes;
  uint32_t bad_sum;
} sw_legacy_counts_t;

typedef struct {
  sw_policy_t policy;
  sw_supervisor_t supervisor;
  uint8_t bytes[SW_LEGACY_STATE_FRAME_BYTES]; // begin where a frame may begin
  uint32_t count;
  sw_legacy_counts_t counts;
  uint8_t self_test; // SW_SELF_TEST_...
  uint32_t idle_us;  // when no byte was waiting last
  uint32_t steps;    // of the policy, since power-on
} sw_legacy_t;

// As the functions of sw_controller.h.
void sw_legacy_start(sw_legacy_t *legacy, const sw_policy_data_t *data);
void sw_legacy_receive(sw_legacy_t *legacy, uint8_t byte, uint32_t now_us);
void sw_legacy_poll(sw_legacy_t *legacy, uint32_t now_us);

#endif
