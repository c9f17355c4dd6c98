// Flies spikewing_app.c and sw_pilot_teensy.c through a hand-over and back, for app.test.ts, on stand-ins for what it calls of the Crazyflie's
// firmware. The stock controller here adds up the error of height in every cycle, as Bitcraze's does; a reset empties it.
//
// Prints a line a phase: "PHASE flies FLIES resets RESETS sum SUM status STATUS".

#include <math.h>
#include <stdio.h>

#include "spikewing_app.c"
#include "sw_pilot_teensy.c"

#include "one-task.h"

#define CYCLE_US 1000

static uint64_t time_us = 5000000;
static float height_error_sum;
static uint32_t resets, filter_resets, attitude_resets;
static bool answers_come = true;
static uint32_t unnoticed; // bytes that did not wake the task
static const state_t body = {.position = {.x = 0.1f, .y = -0.2f, .z = 0.9f},
                             .attitude = {.roll = 3, .pitch = -4, .yaw = 5},
                             .attitudeQuaternion = {.w = 1}};
static const setpoint_t hover = {.position = {.z = 1}, .mode = {.x = modeAbs, .y = modeAbs, .z = modeAbs, .yaw = modeAbs}};

uint64_t usecTimestamp(void) { return time_us; }
bool supervisorCanFly(void) { return true; }
bool supervisorIsFlying(void) { return true; }
bool supervisorIsTumbled(void) { return false; }
void uart1Init(const uint32_t baudrate) { (void)baudrate; }
void uart1SetRxCallback(uart1RxCallback_t callback) { (void)callback; }
void uart1SendDataDmaBlocking(uint32_t size, uint8_t *data) { (void)size, (void)data; }
void controllerPidInit(void) {}
bool controllerPidTest(void) { return true; }

void controllerPid(control_t *control, const setpoint_t *setpoint, const sensorData_t *sensors, const state_t *state,
                   const stabilizerStep_t stabilizerStep) {
  (void)sensors, (void)stabilizerStep;
  height_error_sum += setpoint->position.z - state->position.z;
  control->controlMode = controlModeLegacy;
}

void positionControllerResetAllPID(float x, float y, float z) {
  if (x != body.position.x || y != body.position.y || z != body.position.z) return;
  height_error_sum = 0;
  resets++;
}
void positionControllerResetAllfilters() { filter_resets++; }
void attitudeControllerResetAllPID(float roll, float pitch, float yaw) {
  if (roll == body.attitude.roll && pitch == body.attitude.pitch && yaw == body.attitude.yaw) attitude_resets++;
}

// Byte by byte, as the port's interrupt has them; each must wake the task.
static void hear(const uint8_t *bytes, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    notified = false;
    receive_byte(bytes[i], NULL);
    unnoticed += !notified;
  }
}

static void answer(void) {
  static const uint8_t payload[SW_MOTORS_PAYLOAD_BYTES] = {[SW_MOTORS_STATUS_AT] = SW_STATUS_ARMED};
  uint8_t frame[SW_MOTORS_FRAME_BYTES];
  hear(frame, sw_link_encode(frame, SW_TYPE_MOTORS, guard.sequence, payload));
  read_received();
}

static void fly(const char *phase, uint32_t cycles) {
  uint32_t flown = 0;
  resets = filter_resets = attitude_resets = 0;
  for (uint32_t i = 0; i < cycles; i++) {
    static stabilizerStep_t step;
    static const sensorData_t sensors;
    control_t control;
    time_us += CYCLE_US;
    controllerOutOfTree(&control, &hover, &sensors, &body, step++);
    flown += control.controlMode == controlModeForce;
    const bool asked = next_waits;
    send_state();
    if (asked && answers_come) answer();
    forget_stale_status();
  }
  const bool alike = resets == filter_resets && resets == attitude_resets;
  printf("%s flies %u resets %d sum %ld status %u\n", phase, flown, alike ? (int)resets : -1,
         lroundf(10 * height_error_sum), status);
}

int main(void) {
  controllerOutOfTreeInit();
  if (sw_pilot_state_start()) sw_app_ready();
  sw_link_start(&link, 1u << SW_TYPE_MOTORS);
  answers_come = false;
  fly("silent", 1000);
  answers_come = true;
  fly("stock", 1000);
  enable = 1;
  fly("policy", 10000);
  printf("bytes unnoticed %u\n", unnoticed);
  static const uint8_t noise[2 * RECEIVED_BYTES];
  hear(noise, sizeof noise);
  read_received();
  printf("flood noise %u\n", link.counts.noise_bytes);
  fly("flooded", 100);
  enable = 0;
  fly("back", 1);
  answers_come = false;
  fly("lost", 1000);
  return 0;
}
