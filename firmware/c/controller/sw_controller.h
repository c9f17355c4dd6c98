// The program of the Teensy: bytes of the link in, answers out. A port calls it like this, for ever:
//
//   while (a byte is there) sw_controller_receive(&controller, byte, sw_port_now_us());
//   sw_controller_poll(&controller, sw_port_now_us());

#ifndef SW_CONTROLLER_H
#define SW_CONTROLLER_H

#include "sw_link.h"
#include "sw_policy.h"
#include "sw_supervisor.h"

typedef struct {
  const sw_policy_data_t *data;
  sw_policy_t policy;
  sw_supervisor_t supervisor;
  sw_link_t link;
  uint8_t self_test; // SW_SELF_TEST_...
  uint32_t idle_us;  // when no byte was waiting last
  uint32_t steps;    // of the policy, since power-on
  uint8_t answer[SW_MOTORS_FRAME_BYTES]; // the last one
} sw_controller_t;

// Power-on: the self-test, some milliseconds.
void sw_controller_start(sw_controller_t *controller, const sw_policy_data_t *data);

// Takes in a byte of the link. A frame that it completes is answered inside, by sw_port_send.
void sw_controller_receive(sw_controller_t *controller, uint8_t byte, uint32_t now_us);

// Time-outs. Call whenever no byte is waiting: a frame cannot have come before the last call, so the deadline of its
// answer counts from there, and a loop that was held up shows as DEADLINE_MISSED.
void sw_controller_poll(sw_controller_t *controller, uint32_t now_us);

#endif
