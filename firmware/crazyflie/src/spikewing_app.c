// Out-of-tree controller for bitcraze/crazyflie-firmware: a Teensy on UART1 flies the spiking policy, the stock PID
// controller flies whenever that may not be. Here is only what the Crazyflie's own interfaces need; who flies is
// decided in sw_pilot_guard.c.
//
// Two tasks: the stabilizer's, 1 kHz and above this one, calls controllerOutOfTree; this app's owns the serial port.
// The app's locks out the stabilizer's for the few instructions in which both could meet.

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
#include "uart1.h"
#include "usec_time.h"

#include "sw_link.h"
#include "sw_pilot_guard.h"
#include "sw_pilot_state.h"

#ifdef CONFIG_ENABLE_THRUST_BAT_COMPENSATED
#error "The policy commands PWM ratios; switch off CONFIG_ENABLE_THRUST_BAT_COMPENSATED (app-config does)"
#endif
#ifdef CONFIG_DEBUG_PRINT_ON_UART1
#error "The Teensy is on UART1; switch off CONFIG_DEBUG_PRINT_ON_UART1"
#endif

#define STATE_RATE RATE_100_HZ

#define NO_STATUS 0xff          // no status of the protocol
#define STATUS_STALE_US 100000u // ten STATEs without an answer

static uint8_t enable; // parameter: 1 lets the Teensy fly

static sw_pilot_guard_t guard;
static sw_link_t link;
static bool observes; // the core has room to work; else no STATE is sent, and the stock controller flies for ever

// The STATE that waits to be sent; written by the stabilizer's task, taken by the app's.
static struct {
  bool waits;
  uint32_t time_us;
  bool arm;
  float state[SW_PILOT_STATE_FLOATS];
} next;

// What the log shows.
static uint8_t teensy_status = NO_STATUS, teensy_reason, flies;
static uint16_t teensy_step_us;
static uint32_t answered_us;
static uint32_t sent, answers;

static uint32_t now_us(void) { return (uint32_t)usecTimestamp(); }

// --- the stabilizer's task ---------------------------------------------------------------------------------------

void controllerOutOfTreeInit(void) {
  controllerPidInit();
  observes = sw_pilot_state_start();
  sw_pilot_guard_start(&guard, 0);
}

bool controllerOutOfTreeTest(void) { return controllerPidTest(); }

static void take_estimate(const setpoint_t *setpoint, const sensorData_t *sensors, const state_t *state) {
  const sw_pilot_estimate_t estimate = {
      .position = {state->position.x, state->position.y, state->position.z},
      .velocity = {state->velocity.x, state->velocity.y, state->velocity.z},
      .quaternion = {state->attitudeQuaternion.w, state->attitudeQuaternion.x, state->attitudeQuaternion.y,
                     state->attitudeQuaternion.z},
      .angular_velocity_deg = {sensors->gyro.x, sensors->gyro.y, sensors->gyro.z},
      .target_position = {setpoint->position.x, setpoint->position.y, setpoint->position.z},
      .target_velocity = {setpoint->velocity.x, setpoint->velocity.y, setpoint->velocity.z},
  };
  sw_pilot_state(&estimate, next.state);
  next.time_us = (uint32_t)sensors->interruptTimestamp;
  next.arm = sw_pilot_guard_arm(&guard);
  next.waits = true;
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
  // the forces of the Teensy would lie over them.
  static control_t stock;
  controllerPid(&stock, setpoint, sensors, state, stabilizerStep);

  const bool may_fly = supervisorCanFly() && !supervisorIsTumbled() && has_target(setpoint);
  sw_pilot_guard_want(&guard, observes && enable == 1 && may_fly);
  if (observes && RATE_DO_EXECUTE(STATE_RATE, stabilizerStep)) take_estimate(setpoint, sensors, state);

  float ratio[SW_PILOT_MOTORS];
  flies = sw_pilot_guard_motors(&guard, now_us(), ratio);
  if (!flies) {
    *control = stock;
    return;
  }
  hold_stock_reset(state);
  control->controlMode = controlModeForce;
  for (int i = 0; i < SW_PILOT_MOTORS; i++) control->normalizedForces[i] = ratio[i];
}

// --- the app's task ----------------------------------------------------------------------------------------------

// Sends the STATE that waits, if one does. DMA reads the frame: not from the stack, which is in core-coupled memory.
static void send_state(void) {
  static uint8_t payload[SW_STATE_PAYLOAD_BYTES], frame[SW_STATE_FRAME_BYTES];
  taskENTER_CRITICAL();
  const bool waits = next.waits;
  if (waits) {
    next.waits = false;
    sw_put_u32(payload + SW_STATE_TIME_US_AT, next.time_us);
    sw_put_u16(payload + SW_STATE_FLAGS_AT, next.arm ? SW_FLAG_ARM : 0);
    for (uint32_t i = 0; i < SW_PILOT_STATE_FLOATS; i++)
      sw_put_f32(payload + SW_STATE_POSITION_ERROR_AT + 4 * i, next.state[i]);
  }
  const uint16_t sequence = waits ? sw_pilot_guard_send(&guard, now_us()) : 0;
  taskEXIT_CRITICAL();
  if (!waits) return;
  uart1SendDataDmaBlocking(sw_link_encode(frame, SW_TYPE_STATE, sequence, payload), frame);
  sent++;
}

static void receive_motors(const sw_frame_t *frame) {
  teensy_status = frame->payload[SW_MOTORS_STATUS_AT];
  teensy_reason = frame->payload[SW_MOTORS_REASON_AT];
  teensy_step_us = sw_get_u16(frame->payload + SW_MOTORS_STEP_US_AT);
  answers++;
  answered_us = now_us();
  sw_pilot_answer_t answer = {.sequence = frame->sequence, .armed = teensy_status == SW_STATUS_ARMED};
  for (uint32_t i = 0; i < SW_PILOT_MOTORS; i++)
    answer.motors[i] = sw_get_f32(frame->payload + SW_MOTORS_MOTORS_AT + 4 * i);
  taskENTER_CRITICAL();
  sw_pilot_guard_receive(&guard, &answer, now_us());
  taskEXIT_CRITICAL();
}

// What the log shows is what the Teensy says now, or that it says nothing.
static void forget_stale_status(void) {
  if (teensy_status != NO_STATUS && now_us() - answered_us > STATUS_STALE_US) teensy_status = NO_STATUS;
}

void appMain(void) {
  sw_link_start(&link, 1u << SW_TYPE_MOTORS);
  uart1Init(SW_BAUD);
  for (;;) {
    send_state();
    forget_stale_status();
    uint8_t byte;
    if (!uart1GetDataWithTimeout(&byte, M2T(1))) continue;
    sw_link_push(&link, byte);
    sw_frame_t frame;
    while (sw_link_next(&link, &frame)) receive_motors(&frame);
  }
}

// --- parameter and log -------------------------------------------------------------------------------------------

PARAM_GROUP_START(spikewing)
/**
 * @brief 1: the Teensy flies while every guard lets it; 0: the stock PID controller flies (Default: 0)
 */
PARAM_ADD(PARAM_UINT8, enable, &enable)
PARAM_GROUP_STOP(spikewing)

LOG_GROUP_START(spikewing)
/**
 * @brief 0 off, 1 waiting for the Teensy, 2 the Teensy flies, 3 fallback until enable has been 0
 */
LOG_ADD(LOG_UINT8, mode, &guard.mode)
/**
 * @brief The guard that refused last: 0 none, 1 sequence, 2 not armed, 3 not finite, 4 out of range, 5 not fresh
 */
LOG_ADD(LOG_UINT8, refusal, &guard.refusal)
/**
 * @brief 1 in a cycle in which the motors have the Teensy's values
 */
LOG_ADD(LOG_UINT8, flies, &flies)
/**
 * @brief Status of the Teensy: 0 fault, 1 standby, 2 armed, 3 fail-safe, 255 no answer for 0.1 s
 */
LOG_ADD(LOG_UINT8, status, &teensy_status)
/**
 * @brief Why the Teensy does not fly; codes of the link protocol
 */
LOG_ADD(LOG_UINT8, reason, &teensy_reason)
/**
 * @brief Time of a step on the Teensy [us]
 */
LOG_ADD(LOG_UINT16, stepUs, &teensy_step_us)
/**
 * @brief From STATE to the last good answer [us]
 */
LOG_ADD(LOG_UINT32, roundTrip, &guard.round_trip_us)
/**
 * @brief STATE frames sent
 */
LOG_ADD(LOG_UINT32, sent, &sent)
/**
 * @brief MOTORS frames received
 */
LOG_ADD(LOG_UINT32, answers, &answers)
/**
 * @brief Frames dropped because their CRC was wrong
 */
LOG_ADD(LOG_UINT32, badCrc, &link.counts.bad_crc)
LOG_GROUP_STOP(spikewing)
