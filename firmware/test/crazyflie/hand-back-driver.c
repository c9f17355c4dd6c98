// Flies the app with the policy in it in a closed loop, for hand-back.test.ts: the core's own physics as C at 1 kHz, a battery,
// and whichever stock controller and motors it is linked with. The stock controller hovers, the policy takes over and holds a metre, then
// something takes the drone from it; how far from a metre the stock controller lets it go within a minute is what counts.
//
// Arguments: the fault, volts of the battery, seconds that the policy flies, degrees that the target is turned by when it takes
// over, and metres that it steps ahead after 3 s.
// Prints "MODE REFUSAL DISTANCE YAW_ERROR MODE REFUSAL LOWEST HIGHEST": at the end of the policy's flight, m and degrees from
// its target; and of the minute after it.

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sw_policy.c"

#include "spikewing_app.c"
#include "sw_pilot_onboard.c"

#include "one-task.h"
#include "stock-motors.h"

#include "sw_flight_data.h"

enum { BATCH = 4, CYCLE_US = 1000, SECOND = 1000000 / CYCLE_US };

// --- stand-ins for what the app calls ----------------------------------------------------------------------------

static uint64_t time_us = 5000000;
uint64_t usecTimestamp(void) { return time_us; }
static bool can_fly = true, tumbled;
bool supervisorCanFly(void) { return can_fly; }
bool supervisorIsFlying(void) { return true; }
bool supervisorIsTumbled(void) { return tumbled; }

// --- the drone ---------------------------------------------------------------------------------------------------

static uint32_t environments_at;
static sw_environments_t *environments(void) { return (sw_environments_t *)at(environments_at); }
static float *body(uint32_t word) { return (float *)at(environments()->body) + BATCH * word; }

static uint32_t copy(sw_block_t block) {
  const uint32_t address = allocate(block.count);
  memcpy(at(address), block.bytes, block.count);
  return address;
}

static const sw_airframe_t *airframe(void) { return (const sw_airframe_t *)at(environments()->airframe); }

// The speed at which a rotor gives a force, by the thrust curve of the airframe: thrust2 rpm^2.
static float rpm_of(float force) { return sqrtf(force / airframe()->thrust2); }

static void hover(void) {
  environments_at = allocate(sizeof(sw_environments_t));
  const sw_environments_t e = {.n = BATCH, .airframe = copy(sw_airframe), .start = copy(sw_start),
                               .noise = copy(sw_sensor_noise), .reward = copy(sw_reward), .bounds = copy(sw_bounds)};
  *environments() = e;
  Z_policyZ_environmentsLayout(&core, environments_at, allocate(Z_policyZ_environmentsLayout(&core, environments_at, 0)));
  for (uint32_t i = 0; i < BATCH; i++) Z_policyZ_environmentReset(&core, environments_at, i, 0);
  for (uint32_t word = 0; word < CORE_BODY_WORDS; word++) *body(word) = 0;
  *body(2) = *body(3) = 1; // a metre up, upright
  for (uint32_t i = 0; i < 4; i++) *body(13 + i) = rpm_of(0.25f * CORE_GRAVITY_M_PER_S2 * airframe()->mass_kg);
}

// Thrust of a rotor at the voltage of its motor, as measured for the 2.1+ and for the 2.1 Brushless (platform_defaults_cf2.h,
// platform_defaults_cf21bl.h), N.
float thrust_of(float volts) {
#ifdef CONFIG_PLATFORM_CF21BL
  const float f = -0.01405893f + volts * (0.04265273f + volts * (0.00183278f + volts * 0.0020577f));
#else
  const float f = -0.02476538f + volts * (0.06523794f + volts * (-0.0267925f + volts * 0.00677679f));
#endif
  return f > 0 ? f : 0;
}

static void fly_on(const float forces[4]) {
  float *action = (float *)at(environments()->action);
  for (int i = 0; i < 4; i++) action[i] = 2 * rpm_of(forces[i]) / airframe()->rotor_max - 1;
  Z_policyZ_environmentsStep(&core, environments_at);
}

#define DEGREES(RADIANS) ((RADIANS) * 57.29578f)

// What the estimators say, without an error.
static state_t estimate(void) {
  const float w = *body(3), x = *body(4), y = *body(5), z = *body(6);
  return (state_t){
      .position = {.x = *body(0), .y = *body(1), .z = *body(2)},
      .velocity = {.x = *body(7), .y = *body(8), .z = *body(9)},
      .attitudeQuaternion = {.w = w, .x = x, .y = y, .z = z},
      .attitude = {.roll = DEGREES(atan2f(2 * (y * z + w * x), w * w - x * x - y * y + z * z)),
                   .pitch = -DEGREES(asinf(-2 * (x * z - w * y))),
                   .yaw = DEGREES(atan2f(2 * (x * y + w * z), w * w + x * x - y * y - z * z))},
  };
}

// --- the flight --------------------------------------------------------------------------------------------------

static float volts;
static const char *fault = "";
static bool is(const char *name) { return !strcmp(fault, name); }
static setpoint_t setpoint = {.position = {.z = 1}, .mode = {.x = modeAbs, .y = modeAbs, .z = modeAbs, .yaw = modeAbs}};

// What sw_pilot_run does, one request of it; or what a fault makes of it.
static void run_once(void) {
  sw_request_t request;
  if (is("silent") || !sw_app_take(&request)) return;
  sw_pilot_answer_t bad = {.sequence = request.sequence, .armed = true};
  if (is("not armed")) bad.armed = false;
  else if (is("not finite")) bad.motors[2] = bad.forces[2] = NAN;
  else if (is("out of range")) bad.motors[2] = 1.5f;
  else if (is("another sequence")) bad.sequence--;
  else {
    answer(&request);
    return;
  }
  sw_app_answer(&bad);
}

static float lowest, highest;

static void fly(int seconds) {
  static stabilizerStep_t step;
  static control_t control;
  lowest = highest = *body(2);
  for (int cycle = 0; cycle < seconds * SECOND; cycle++) {
    const state_t state = estimate();
    const sensorData_t sensors = {
        .gyro = {.x = DEGREES(*body(10)), .y = DEGREES(*body(11)), .z = DEGREES(*body(12))},
        .interruptTimestamp = time_us,
    };
    controllerOutOfTree(&control, &setpoint, &sensors, &state, step++);
    if (notified) run_once();
    notified = false;
    float ratios[4], forces[4];
    stock_motors(&control, volts, ratios);
    for (int i = 0; i < 4; i++) forces[i] = thrust_of(volts * ratios[i]);
    fly_on(forces);
    time_us += CYCLE_US;
    lowest = fminf(lowest, *body(2)), highest = fmaxf(highest, *body(2));
  }
}

int main(int argc, char **argv) {
  if (argc != 6) return 1;
  volts = strtof(argv[2], NULL);
  controllerOutOfTreeInit();
  self_test = sw_policy_start(&policy, &sw_policy_data);
  sw_supervisor_start(&supervisor, self_test);
  if (self_test == SW_SELF_TEST_PASSED) sw_app_ready();
  hover();
  fly(10);
  enable = 1;
  const int seconds = atoi(argv[3]);
  setpoint.attitude.yaw = strtof(argv[4], NULL);
  fly(3);
  setpoint.position.x += strtof(argv[5], NULL);
  fly(seconds - 3);
  const state_t state = estimate();
  const float dx = state.position.x - setpoint.position.x, dy = state.position.y, dz = state.position.z - setpoint.position.z;
  const float yaw_error = remainderf(state.attitude.yaw - setpoint.attitude.yaw, 360);
  printf("%d %d %.3f %.1f ", guard.mode, guard.refusal, sqrtf(dx * dx + dy * dy + dz * dz), yaw_error);
  fault = argv[1];
  if (is("enable 0")) enable = 0;
  fly(60);
  printf("%d %d %.3f %.3f\n", guard.mode, guard.refusal, lowest, highest);
  return 0;
}
