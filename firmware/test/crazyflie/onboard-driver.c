// Flies the app with the policy in it, for ../library/targets.test.ts, on stand-ins for what it calls of the Crazyflie's firmware: on this
// machine, or on an emulated chip (ON_CHIP). Takes estimates (22 floats each) from sw_words, one a control period of 10 ms; prints
// what the drone's controller says in the cycle after each: "MODE REFUSAL stock", or "MODE REFUSAL" and the four normalized forces.
//
// Arguments: the period in which `enable` becomes 1, and what a step of the policy takes in us; on a chip the first is 10.

#include <stdlib.h>
#include <string.h>

#include "spikewing_app.c"
#include "sw_pilot_onboard.c"

#include "one-task.h"

#include "sw_machine.h"

#ifndef ON_CHIP
#include <stdio.h>
void sw_write(const char *text) { fputs(text, stdout); }
void sw_write_u32(uint32_t x) { printf("%u", x); }
void sw_write_hex(uint32_t x) { printf("%08x", x); }
#endif

// Of estimates, as bits; written by the test.
extern const uint32_t sw_words[], sw_word_count;

static uint64_t time_us = 5000000;
static uint32_t step_takes_us;

// Time passes where the policy looks at the clock.
uint64_t usecTimestamp(void) { return time_us; }
bool supervisorCanFly(void) { return true; }
bool supervisorIsFlying(void) { return true; }
bool supervisorIsTumbled(void) { return false; }
void controllerPidInit(void) {}
bool controllerPidTest(void) { return true; }
void controllerPid(control_t *control, const setpoint_t *setpoint, const sensorData_t *sensors, const state_t *state,
                   const stabilizerStep_t stabilizerStep) {
  (void)setpoint, (void)sensors, (void)state, (void)stabilizerStep;
  control->controlMode = controlModeLegacy;
}
void positionControllerResetAllPID(float x, float y, float z) { (void)x, (void)y, (void)z; }
void positionControllerResetAllfilters() {}
void attitudeControllerResetAllPID(float roll, float pitch, float yaw) { (void)roll, (void)pitch, (void)yaw; }

static bool read_floats(float *x, uint32_t count) {
  static uint32_t at;
  if (at + count > sw_word_count) return false;
  memcpy(x, sw_words + at, count * sizeof *x);
  at += count;
  return true;
}

static void print_control(const control_t *control) {
  sw_write_u32(guard.mode);
  sw_write(" ");
  sw_write_u32(guard.refusal);
  if (control->controlMode != controlModeForce) sw_write(" stock");
  for (int i = 0; control->controlMode == controlModeForce && i < SW_PILOT_MOTORS; i++) {
    uint32_t bits;
    memcpy(&bits, &control->normalizedForces[i], sizeof bits);
    sw_write(" ");
    sw_write_hex(bits);
  }
  sw_write("\n");
}

// What sw_pilot_run does, one request of it.
static void run_once(void) {
  sw_request_t request;
  if (!sw_app_take(&request)) return;
  time_us += step_takes_us;
  answer(&request);
}

static void fly(long enabled_at) {
  controllerOutOfTreeInit();
  least_height_m = -10; // the flights of the core have no ground
  self_test = sw_policy_start(&policy, &sw_policy_data);
  sw_supervisor_start(&supervisor, self_test);
  if (self_test == SW_SELF_TEST_PASSED) sw_app_ready();
  sw_write("self-test ");
  sw_write_u32(self_test);
  sw_write("\n");

  stabilizerStep_t step = 0;
  float x[22];
  for (long period = 0; read_floats(x, 22); period++) {
    const state_t state = {.position = {.x = x[0], .y = x[1], .z = x[2]},
                           .velocity = {.x = x[3], .y = x[4], .z = x[5]},
                           .attitudeQuaternion = {.w = x[6], .x = x[7], .y = x[8], .z = x[9]}};
    const setpoint_t setpoint = {.position = {.x = x[13], .y = x[14], .z = x[15]},
                                 .velocity = {.x = x[16], .y = x[17], .z = x[18]},
                                 .attitude = {.yaw = x[19]},
                                 .mode = {.x = modeAbs, .y = modeAbs, .z = modeAbs, .yaw = modeAbs}};
    enable = period >= enabled_at;
    for (int cycle = 0; cycle < 10; cycle++) {
      const sensorData_t sensors = {.gyro = {.x = x[10], .y = x[11], .z = x[12]}, .interruptTimestamp = time_us};
      control_t control;
      controllerOutOfTree(&control, &setpoint, &sensors, &state, step++);
      if (cycle == 1) print_control(&control);
      if (notified) run_once();
      notified = false;
      time_us += 1000;
    }
  }
}

#ifdef ON_CHIP
int main(void) {
  fly(10);
  return SW_EXIT_OK;
}
#else
int main(int argc, char **argv) {
  step_takes_us = argc > 2 ? (uint32_t)atol(argv[2]) : 0;
  fly(argc > 1 ? atol(argv[1]) : 0);
  return 0;
}
#endif
