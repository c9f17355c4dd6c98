// Out-of-tree controller for bitcraze/crazyflie-firmware: the spiking policy flies, and the stock PID controller whenever
// that may not be. Here is only what the Crazyflie's own interfaces need; who flies is decided in sw_pilot_guard.c, who
// steps the policy is behind spikewing_app.h.
//
// Two tasks: the stabilizer's, 1 kHz and above this one, calls controllerOutOfTree; this app's steps the policy. The
// app's locks out the stabilizer's for the few instructions in which both could meet.

#include <stdbool.h>
#include <stdint.h>

#include "FreeRTOS.h"
#include "task.h"

#include "app.h"
#include "attitude_controller.h"
#include "autoconf.h"
#include "controller.h"
#include "controller_pid.h"
#include "log.h"
#include "param.h"
#include "position_controller.h"
#include "stabilizer_types.h"
#include "supervisor.h"
#include "usec_time.h"

#include "spikewing_app.h"

#ifdef CONFIG_ENABLE_THRUST_BAT_COMPENSATED
#error "The policy commands PWM ratios; switch off CONFIG_ENABLE_THRUST_BAT_COMPENSATED (app-config does)"
#endif

#define REQUEST_RATE RATE_100_HZ
#define LONGEST_WAIT_MS 100

static uint8_t enable; // parameter: 1 lets the policy fly

static sw_pilot_guard_t guard;
static volatile bool ready; // the policy's side has passed its tests
static TaskHandle_t app_task;

// The request that waits; written by the stabilizer's task, taken by the app's.
static sw_request_t next;
static bool next_waits;

static uint8_t flies; // what the log shows

uint32_t sw_app_now_us(void) { return (uint32_t)usecTimestamp(); }

// --- the stabilizer's task ---------------------------------------------------------------------------------------

void controllerOutOfTreeInit(void) {
  controllerPidInit();
  sw_pilot_guard_start(&guard, 0);
}

bool controllerOutOfTreeTest(void) { return controllerPidTest(); }

static void ask(const setpoint_t *setpoint, const sensorData_t *sensors, const state_t *state) {
  next.estimate = (sw_estimate_t){
      .position = {state->position.x, state->position.y, state->position.z},
      .velocity = {state->velocity.x, state->velocity.y, state->velocity.z},
      .quaternion = {state->attitudeQuaternion.w, state->attitudeQuaternion.x, state->attitudeQuaternion.y,
                     state->attitudeQuaternion.z},
      .angular_velocity_deg = {sensors->gyro.x, sensors->gyro.y, sensors->gyro.z},
      .target_position = {setpoint->position.x, setpoint->position.y, setpoint->position.z},
      .target_velocity = {setpoint->velocity.x, setpoint->velocity.y, setpoint->velocity.z},
  };
  next.time_us = (uint32_t)sensors->interruptTimestamp;
  next.asked_us = sw_app_now_us();
  next.arm = sw_pilot_guard_arm(&guard);
  next_waits = true;
  xTaskNotifyGive(app_task);
}

// What controllerPid adds up while another flies has nothing to do with the drone; let free, it launches or drops it. As
// that controller does itself when the kind of its setpoint changes.
static void hold_stock_reset(const state_t *state) {
  positionControllerResetAllPID(state->position.x, state->position.y, state->position.z);
  positionControllerResetAllfilters();
  attitudeControllerResetAllPID(state->attitude.roll, state->attitude.pitch, state->attitude.yaw);
}

// The policy knows positions to hold, nothing else; and the supervisor may have put its own setpoint in place.
static bool has_target(const setpoint_t *setpoint) {
  return setpoint->mode.x == modeAbs && setpoint->mode.y == modeAbs && setpoint->mode.z == modeAbs;
}

void controllerOutOfTree(control_t *control, const setpoint_t *setpoint, const sensorData_t *sensors,
                         const state_t *state, const stabilizerStep_t stabilizerStep) {
  // Every cycle, so that it can take over in any. On a control_t of its own: it fills in parts of it at lower rates, and
  // the forces of the policy would lie over them.
  static control_t stock;
  controllerPid(&stock, setpoint, sensors, state, stabilizerStep);

  const bool may_fly = supervisorCanFly() && !supervisorIsTumbled() && has_target(setpoint);
  sw_pilot_guard_want(&guard, ready && enable == 1 && may_fly);
  if (ready && RATE_DO_EXECUTE(REQUEST_RATE, stabilizerStep)) ask(setpoint, sensors, state);

  float ratio[SW_PILOT_MOTORS];
  flies = sw_pilot_guard_motors(&guard, sw_app_now_us(), ratio);
  if (!flies) {
    *control = stock;
    return;
  }
  hold_stock_reset(state);
  control->controlMode = controlModeForce;
  for (int i = 0; i < SW_PILOT_MOTORS; i++) control->normalizedForces[i] = ratio[i];
}

// --- the app's task ----------------------------------------------------------------------------------------------

void sw_app_ready(void) { ready = true; }

void sw_app_wait(void) { ulTaskNotifyTake(pdTRUE, M2T(LONGEST_WAIT_MS)); }

bool sw_app_take(sw_request_t *request) {
  taskENTER_CRITICAL();
  const bool waits = next_waits;
  if (waits) {
    next_waits = false;
    *request = next;
    request->sequence = sw_pilot_guard_send(&guard, sw_app_now_us());
  }
  taskEXIT_CRITICAL();
  return waits;
}

void sw_app_answer(const sw_pilot_answer_t *answer) {
  taskENTER_CRITICAL();
  sw_pilot_guard_receive(&guard, answer, sw_app_now_us());
  taskEXIT_CRITICAL();
}

void appMain(void) {
  app_task = xTaskGetCurrentTaskHandle();
  sw_pilot_run();
}

// --- parameter and log -------------------------------------------------------------------------------------------

PARAM_GROUP_START(spikewing)
/**
 * @brief 1: the policy flies while every guard lets it; 0: the stock PID controller flies (Default: 0)
 */
PARAM_ADD(PARAM_UINT8, enable, &enable)
PARAM_GROUP_STOP(spikewing)

LOG_GROUP_START(spikewing)
/**
 * @brief 0 off, 1 waiting for the policy, 2 the policy flies, 3 fallback until enable has been 0
 */
LOG_ADD(LOG_UINT8, mode, &guard.mode)
/**
 * @brief The guard that refused last: 0 none, 1 sequence, 2 not armed, 3 not finite, 4 out of range, 5 not fresh
 */
LOG_ADD(LOG_UINT8, refusal, &guard.refusal)
/**
 * @brief 1 in a cycle in which the motors have the policy's values
 */
LOG_ADD(LOG_UINT8, flies, &flies)
/**
 * @brief From a request to its answer, the last good one [us]
 */
LOG_ADD(LOG_UINT32, roundTrip, &guard.round_trip_us)
LOG_GROUP_STOP(spikewing)
