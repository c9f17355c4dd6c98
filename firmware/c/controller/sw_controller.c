#include "sw_controller.h"

#include "sw_port.h"

void sw_controller_start(sw_controller_t *controller, const sw_policy_data_t *data) {
  memset(controller, 0, sizeof *controller);
  controller->data = data;
  controller->self_test = sw_policy_start(&controller->policy, data);
  sw_supervisor_start(&controller->supervisor, controller->self_test);
  sw_link_start(&controller->link, 1u << SW_TYPE_STATE | 1u << SW_TYPE_HELLO_REQUEST);
  controller->idle_us = sw_port_now_us();
}

static void answer_hello(const sw_controller_t *controller, uint16_t sequence) {
  uint8_t payload[SW_HELLO_PAYLOAD_BYTES], frame[SW_HELLO_FRAME_BYTES];
  payload[SW_HELLO_SELF_TEST_AT] = controller->self_test;
  payload[SW_HELLO_STATUS_AT] = controller->supervisor.status;
  for (uint32_t l = 0; l < (SW_HELLO_POLICY_ID_AT - SW_HELLO_WIDTHS_AT) / 2; l++)
    sw_put_u16(payload + SW_HELLO_WIDTHS_AT + 2 * l, sw_policy_width(&controller->policy, l));
  memcpy(payload + SW_HELLO_POLICY_ID_AT, controller->data->id, sizeof controller->data->id);
  sw_port_send(frame, sw_link_encode(frame, SW_TYPE_HELLO, sequence, payload));
}

// Of a Teensy that does not fly.
static void stop_motors(uint8_t *motors) {
  for (uint32_t i = 0; i < SW_MOTORS_WORDS; i++) sw_put_u16(motors + 2 * i, (uint16_t)SW_MOTORS_STOPPED);
}

static void answer_motors(sw_controller_t *controller, uint16_t sequence, const uint8_t *motors, uint32_t step_us) {
  uint8_t payload[SW_MOTORS_PAYLOAD_BYTES];
  payload[SW_MOTORS_STATUS_AT] = controller->supervisor.status;
  payload[SW_MOTORS_REASON_AT] = controller->supervisor.reason;
  sw_put_u16(payload + SW_MOTORS_STEP_US_AT, step_us < UINT16_MAX ? (uint16_t)step_us : UINT16_MAX);
  if (controller->supervisor.status == SW_STATUS_ARMED) {
    memcpy(payload + SW_MOTORS_MOTORS_AT, motors, 2 * SW_MOTORS_WORDS);
  } else {
    stop_motors(payload + SW_MOTORS_MOTORS_AT);
  }
  sw_link_encode(controller->answer, SW_TYPE_MOTORS, sequence, payload);
  sw_port_send(controller->answer, sizeof controller->answer);
}

static void step_and_answer(sw_controller_t *controller, const sw_state_t *state) {
  sw_policy_step(&controller->policy);
  controller->steps++;
  const uint32_t elapsed_us = sw_port_now_us() - controller->idle_us;
  sw_supervisor_check_deadline(&controller->supervisor, elapsed_us);
  answer_motors(controller, state->sequence, sw_policy_action(&controller->policy), elapsed_us);
}

static void take_state(sw_controller_t *controller, const sw_frame_t *frame, uint32_t now_us) {
  // A policy that failed its tests may have no memory. The supervisor looks at nothing then.
  const bool passed = controller->self_test == SW_SELF_TEST_PASSED;
  if (passed) sw_policy_observe_wire(&controller->policy, frame->payload + SW_STATE_POSITION_ERROR_AT);
  const sw_state_t state = {
      .sequence = frame->sequence,
      .time_us = sw_get_u32(frame->payload + SW_STATE_TIME_US_AT),
      .arm = sw_get_u16(frame->payload + SW_STATE_FLAGS_AT) & SW_FLAG_ARM,
      .observation = passed ? sw_policy_observation(&controller->policy) : NULL,
  };
  switch (sw_supervisor_judge(&controller->supervisor, &state, now_us)) {
  case SW_ANSWER: answer_motors(controller, state.sequence, NULL, 0); break;
  case SW_FIRST_STEP: sw_policy_reset(&controller->policy); // fall through
  case SW_STEP: step_and_answer(controller, &state); break;
  case SW_SAME_ANSWER: sw_port_send(controller->answer, sizeof controller->answer); break;
  }
}

void sw_controller_receive(sw_controller_t *controller, uint8_t byte, uint32_t now_us) {
  sw_supervisor_check_link(&controller->supervisor, now_us);
  sw_link_push(&controller->link, byte);
  for (sw_frame_t frame; sw_link_next(&controller->link, &frame);) {
    if (frame.type == SW_TYPE_STATE) take_state(controller, &frame, now_us);
    if (frame.type == SW_TYPE_HELLO_REQUEST) answer_hello(controller, frame.sequence);
  }
}

void sw_controller_poll(sw_controller_t *controller, uint32_t now_us) {
  controller->idle_us = now_us;
  sw_supervisor_check_link(&controller->supervisor, now_us);
}
