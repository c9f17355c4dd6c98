#include "sw_legacy.h"

#include <string.h>

#include "sw_port.h"

void sw_legacy_start(sw_legacy_t *legacy, const sw_policy_data_t *data) {
  memset(legacy, 0, sizeof *legacy);
  legacy->self_test = sw_policy_start(&legacy->policy, data);
  sw_supervisor_start(&legacy->supervisor, legacy->self_test);
  legacy->idle_us = sw_port_now_us();
}

static uint8_t sum(const uint8_t *bytes, uint32_t count) {
  uint8_t total = 0;
  for (uint32_t i = 0; i < count; i++) total = (uint8_t)(total + bytes[i]);
  return total;
}

static void answer(const uint8_t *motors) {
  uint8_t frame[SW_LEGACY_MOTORS_FRAME_BYTES];
  frame[0] = SW_LEGACY_START;
  memcpy(frame + 1, motors, SW_LEGACY_MOTORS_PAYLOAD_BYTES);
  frame[1 + SW_LEGACY_MOTORS_PAYLOAD_BYTES] = sum(motors, SW_LEGACY_MOTORS_PAYLOAD_BYTES);
  sw_port_send(frame, sizeof frame);
}

static void take_state(sw_legacy_t *legacy, const uint8_t *payload, uint32_t now_us) {
  sw_supervisor_t *supervisor = &legacy->supervisor;
  if (supervisor->status == SW_STATUS_FAULT) return;
  sw_policy_observe_legacy(&legacy->policy, payload);
  const uint8_t *observation = sw_policy_observation(&legacy->policy);
  if (supervisor->status == SW_STATUS_STANDBY) {
    if (sw_observation_fault(observation) != SW_REASON_NONE) return;
    supervisor->may_arm = true;
  }
  const sw_state_t state = {
      .sequence = (uint16_t)(supervisor->sequence + 1),
      .time_us = supervisor->time_us + 1,
      .arm = true,
      .observation = observation,
  };
  const sw_verdict_t verdict = sw_supervisor_judge(supervisor, &state, now_us);
  if (verdict == SW_FIRST_STEP) sw_policy_reset(&legacy->policy);
  if (verdict != SW_FIRST_STEP && verdict != SW_STEP) return;

  const uint8_t *motors = sw_policy_step(&legacy->policy);
  legacy->steps++;
  sw_supervisor_check_deadline(supervisor, sw_port_now_us() - legacy->idle_us);
  if (supervisor->status == SW_STATUS_ARMED) answer(motors);
}

// Moves `count` bytes on, then to the next byte where a frame may begin.
static void drop(sw_legacy_t *legacy, uint32_t count) {
  uint32_t at = count;
  while (at < legacy->count && legacy->bytes[at] != SW_LEGACY_START) at++;
  if (at == 0) return;
  legacy->counts.noise_bytes += at - count;
  legacy->count -= at;
  memmove(legacy->bytes, legacy->bytes + at, legacy->count);
}

void sw_legacy_receive(sw_legacy_t *legacy, uint8_t byte, uint32_t now_us) {
  sw_supervisor_check_link(&legacy->supervisor, now_us);
  legacy->bytes[legacy->count++] = byte;
  drop(legacy, 0);
  if (legacy->count < sizeof legacy->bytes) return;
  const uint8_t *payload = legacy->bytes + 1;
  if (sum(payload, SW_LEGACY_STATE_PAYLOAD_BYTES) == payload[SW_LEGACY_STATE_PAYLOAD_BYTES]) {
    legacy->counts.frames++;
    take_state(legacy, payload, now_us);
    legacy->count = 0;
  } else {
    legacy->counts.bad_sum++;
    drop(legacy, 1);
  }
}

void sw_legacy_poll(sw_legacy_t *legacy, uint32_t now_us) {
  legacy->idle_us = now_us;
  sw_supervisor_check_link(&legacy->supervisor, now_us);
}
