// The policy's side of spikewing_app.h, in the Crazyflie's own processor: no second board, no wire. The same self-test,
// guards and core as on a Teensy; what is sent there is called here.

#include <string.h>

#include "FreeRTOS.h"
#include "task.h"

#include "log.h"

#include "spikewing_app.h"
#include "sw_policy.h"
#include "sw_port.h"
#include "sw_supervisor.h"

static sw_policy_t policy;
static sw_supervisor_t supervisor;

// What the log shows; FAULT until the self-test has passed.
static uint8_t self_test = UINT8_MAX;
static uint16_t step_us;

static void step(const sw_request_t *request, sw_pilot_answer_t *answer) {
  const uint32_t before_us = sw_app_now_us();
  memcpy(answer->motors, sw_policy_step(&policy), sizeof answer->motors);
  const sw_force_command_t command = {.trained = sw_trained, .mass_kg = request->mass_kg};
  sw_policy_forces(&policy, &command, answer->forces);
  const uint32_t elapsed_us = sw_app_now_us() - before_us;
  step_us = elapsed_us < UINT16_MAX ? (uint16_t)elapsed_us : UINT16_MAX;
}

static void answer(const sw_request_t *request) {
  sw_policy_observe(&policy, &request->estimate);
  const sw_state_t state = {
      .sequence = request->sequence,
      .time_us = request->time_us,
      .arm = request->arm,
      .observation = sw_policy_observation(&policy),
  };
  sw_pilot_answer_t answer = {.sequence = request->sequence};
  sw_supervisor_check_link(&supervisor, sw_app_now_us());
  switch (sw_supervisor_judge(&supervisor, &state, sw_app_now_us())) {
  case SW_FIRST_STEP: sw_policy_reset(&policy); // fall through
  case SW_STEP:
    step(request, &answer);
    sw_supervisor_check_deadline(&supervisor, sw_app_now_us() - request->asked_us);
    break;
  case SW_ANSWER:
  case SW_SAME_ANSWER: break; // every request has a number of its own
  }
  answer.armed = supervisor.status == SW_STATUS_ARMED;
  sw_app_answer(&answer);
}

void sw_pilot_run(void) {
  self_test = sw_policy_start(&policy, &sw_policy_data);
  sw_supervisor_start(&supervisor, self_test);
  if (self_test == SW_SELF_TEST_PASSED) sw_app_ready();
  for (;;) {
    sw_app_wait();
    sw_request_t request;
    if (sw_app_take(&request)) answer(&request);
  }
}

// The app's task ends here, so no answer is fresh any more: the stock controller has the drone within 25 ms.
void sw_port_trap(uint32_t trap) {
  (void)trap;
  for (;;) vTaskDelay(M2T(1000));
}

LOG_GROUP_START(swPolicy)
/**
 * @brief 0 passed, 1 checksum, 2 memory, 3 example, 255 not yet
 */
LOG_ADD(LOG_UINT8, selfTest, &self_test)
/**
 * @brief 0 fault, 1 standby, 2 armed, 3 fail-safe
 */
LOG_ADD(LOG_UINT8, status, &supervisor.status)
/**
 * @brief Why the policy does not fly; codes of the link protocol
 */
LOG_ADD(LOG_UINT8, reason, &supervisor.reason)
/**
 * @brief Time of a step of the policy [us]
 */
LOG_ADD(LOG_UINT16, stepUs, &step_us)
LOG_GROUP_STOP(swPolicy)
