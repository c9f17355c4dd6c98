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
#include "platform_defaults.h"
#include "position_controller.h"
#include "stabilizer_types.h"
#include "supervisor.h"
#include "usec_time.h"

#include "spikewing_app.h"

// The policy commands forces; from a force to a PWM ratio the firmware has a measured curve, of some platforms.
#ifndef CONFIG_ENABLE_THRUST_BAT_COMPENSATED
#error "Needs CONFIG_ENABLE_THRUST_BAT_COMPENSATED (app-config sets it), and so a platform whose thrust curve is known: cf2, cf21bl"
#endif

#define REQUEST_RATE RATE_100_HZ
#define LONGEST_WAIT_MS 100

#define LEAST_LIFT 1.2f // of the weight, with all motors at their strongest

// Parameters.
static uint8_t enable; // 1 lets the policy fly
static float mass_kg = CF_MASS;
static float least_height_m = 0.3f;
static float position_limit_m = 0.5f, velocity_limit_m_per_s = 2.0f; // as L2F's firmware has them

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
      .target_yaw_deg = setpoint->attitude.yaw,
      .position_limit = position_limit_m,
      .velocity_limit = velocity_limit_m_per_s,
  };
  next.mass_kg = mass_kg;
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

// The policy knows positions and headings to hold, nothing else; and the supervisor may have put its own setpoint in place.
static bool has_target(const setpoint_t *setpoint) {
  const setpoint_mode_t *mode = &setpoint->mode;
  return mode->x == modeAbs && mode->y == modeAbs && mode->z == modeAbs && mode->yaw == modeAbs;
}

// The policy's forces are scaled by the mass, and so is what they turn: a drone of another class would be another drone.
static bool lifts_mass(void) {
  return mass_kg >= 0.5f * sw_trained.mass_kg && mass_kg <= 2.0f * sw_trained.mass_kg &&
         STABILIZER_NR_OF_MOTORS * THRUST_MAX >= LEAST_LIFT * SW_GRAVITY_M_PER_S2 * mass_kg;
}

static sw_pilot_conditions_t conditions(const setpoint_t *setpoint, const state_t *state) {
  const quaternion_t *q = &state->attitudeQuaternion;
  return (sw_pilot_conditions_t){
      .asked = enable == 1,
      .ready = ready,
      .has_target = has_target(setpoint),
      .can_fly = supervisorCanFly(),
      .tumbled = supervisorIsTumbled(),
      .lifts_mass = lifts_mass(),
      .flying = supervisorIsFlying(),
      .height_m = state->position.z,
      .least_height_m = least_height_m,
      .up = 1.0f - 2.0f * (q->x * q->x + q->y * q->y),
  };
}

void controllerOutOfTree(control_t *control, const setpoint_t *setpoint, const sensorData_t *sensors,
                         const state_t *state, const stabilizerStep_t stabilizerStep) {
  // Every cycle, so that it can take over in any. On a control_t of its own: it fills in parts of it at lower rates, and
  // the forces of the policy would lie over them.
  static control_t stock;
  controllerPid(&stock, setpoint, sensors, state, stabilizerStep);

  const sw_pilot_conditions_t now = conditions(setpoint, state);
  sw_pilot_guard_want(&guard, &now);
  if (ready && RATE_DO_EXECUTE(REQUEST_RATE, stabilizerStep)) ask(setpoint, sensors, state);

  float forces[SW_PILOT_MOTORS];
  flies = sw_pilot_guard_forces(&guard, sw_app_now_us(), forces);
  if (!flies) {
    *control = stock;
    return;
  }
  hold_stock_reset(state);
  control->controlMode = controlModeForce;
  for (int i = 0; i < SW_PILOT_MOTORS; i++) control->normalizedForces[i] = forces[i] / THRUST_MAX;
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
/**
 * @brief What the drone weighs with all that is on it [kg] (Default: that of the platform)
 */
PARAM_ADD(PARAM_FLOAT, mass, &mass_kg)
/**
 * @brief Estimated height from which the policy may take over [m] (Default: 0.3)
 */
PARAM_ADD(PARAM_FLOAT, minHeight, &least_height_m)
/**
 * @brief What the error of position to the target is clipped to [m]; 0: it is not (Default: 0.5)
 */
PARAM_ADD(PARAM_FLOAT, posLimit, &position_limit_m)
/**
 * @brief What the error of velocity to the target is clipped to [m/s]; 0: it is not (Default: 2)
 */
PARAM_ADD(PARAM_FLOAT, velLimit, &velocity_limit_m_per_s)
PARAM_GROUP_STOP(spikewing)

LOG_GROUP_START(spikewing)
/**
 * @brief Who flies; codes of sw_app_constants.h (2: the policy)
 */
LOG_ADD(LOG_UINT8, mode, &guard.mode)
/**
 * @brief Why the policy does not fly, or stopped last; codes of sw_app_constants.h
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
