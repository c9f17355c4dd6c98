// A stand-in for the Crazyflie's stock controller, written for these tests from what is published of it: three stages of PID,
// position to velocity and velocity to attitude and thrust at 100 Hz, attitude to rate and rate to command at 500 Hz, with the
// gains of the Crazyflie 2.1. Not Bitcraze's code; stock-pid.test.ts compares it with a recording of theirs.

#include <math.h>
#include <string.h>

#include "attitude_controller.h"
#include "controller_pid.h"
#include "position_controller.h"

typedef struct {
  float kp, ki, kd, sum_limit, output_limit, period_s;
  float sum, before;
} stage_t;

enum { X, Y, Z, VX, VY, VZ, ROLL, PITCH, YAW, ROLL_RATE, PITCH_RATE, YAW_RATE, STAGES };

#define SLOW 0.01f  // s
#define FAST 0.002f // s
#define TILT_DEG 20.0f
#define VELOCITY 1.1f // m/s, with a tenth over the 1 m/s that is asked for

static stage_t stages[STAGES] = {
    [X] = {2, 0, 0, 5000, VELOCITY, SLOW},
    [Y] = {2, 0, 0, 5000, VELOCITY, SLOW},
    [Z] = {2, 0.5f, 0, 5000, VELOCITY, SLOW},
    [VX] = {25, 1, 0, 5000, 1.1f * TILT_DEG, SLOW},
    [VY] = {25, 1, 0, 5000, 1.1f * TILT_DEG, SLOW},
    [VZ] = {25, 15, 0, 5000, 32.767f, SLOW},
    [ROLL] = {6, 3, 0, 20, 0, FAST},
    [PITCH] = {6, 3, 0, 20, 0, FAST},
    [YAW] = {6, 1, 0.35f, 360, 0, FAST},
    [ROLL_RATE] = {250, 500, 2.5f, 33.3f, 0, FAST},
    [PITCH_RATE] = {250, 500, 2.5f, 33.3f, 0, FAST},
    [YAW_RATE] = {120, 16.7f, 0, 166.7f, 0, FAST},
};

static float roll, pitch, yaw, thrust; // what is asked for: degrees, and of 65,535
static setpoint_mode_t mode_before;

static float within(float x, float limit) { return limit == 0 ? x : fminf(fmaxf(x, -limit), limit); }
static float half_turn(float degrees) { return degrees > 180 ? degrees - 360 : degrees < -180 ? degrees + 360 : degrees; }

static float run(int which, float wanted, float is) {
  stage_t *s = &stages[which];
  const float error = which == YAW ? half_turn(wanted - is) : wanted - is;
  const float change = which == YAW ? half_turn(s->before - is) : s->before - is;
  s->sum = within(s->sum + error * s->period_s, s->sum_limit);
  s->before = is;
  return within(s->kp * error + s->kd * (change / s->period_s) + s->ki * s->sum, s->output_limit);
}

static void reset(int which, float is) { stages[which].sum = 0, stages[which].before = is; }

void positionControllerResetAllPID(float x, float y, float z) {
  reset(X, x), reset(Y, y), reset(Z, z);
  reset(VX, 0), reset(VY, 0), reset(VZ, 0);
}
void positionControllerResetAllfilters() {} // they filter derivatives, whose gain is 0 here
void attitudeControllerResetAllPID(float roll_is, float pitch_is, float yaw_is) {
  reset(ROLL, roll_is), reset(PITCH, pitch_is), reset(YAW, yaw_is);
  reset(ROLL_RATE, 0), reset(PITCH_RATE, 0), reset(YAW_RATE, 0);
}

void controllerPidInit(void) {}
bool controllerPidTest(void) { return true; }

// In the frame of the nose; its attitude.pitch, and so what is asked of it, is positive with the nose up.
static void hold_position(const setpoint_t *setpoint, const state_t *state) {
  const float c = cosf(state->attitude.yaw * (float)M_PI / 180), s = sinf(state->attitude.yaw * (float)M_PI / 180);
  const float ahead_wanted = setpoint->position.x * c + setpoint->position.y * s;
  const float aside_wanted = setpoint->position.y * c - setpoint->position.x * s;
  const float ahead = state->position.x * c + state->position.y * s, aside = state->position.y * c - state->position.x * s;
  const float ahead_speed = state->velocity.x * c + state->velocity.y * s;
  const float aside_speed = state->velocity.y * c - state->velocity.x * s;
  pitch = within(-run(VX, run(X, ahead_wanted, ahead), ahead_speed), TILT_DEG);
  roll = within(-run(VY, run(Y, aside_wanted, aside), aside_speed), TILT_DEG);
  thrust = run(VZ, run(Z, setpoint->position.z, state->position.z), state->velocity.z) * 1000 + 36000;
  thrust = fminf(fmaxf(thrust, 20000), 65535);
}

static int16_t command(float x) { return (int16_t)within(x, 32767); }

void controllerPid(control_t *control, const setpoint_t *setpoint, const sensorData_t *sensors, const state_t *state,
                   const stabilizerStep_t step) {
  control->controlMode = controlModeLegacy;
  if (memcmp(&setpoint->mode, &mode_before, sizeof mode_before)) {
    mode_before = setpoint->mode;
    positionControllerResetAllPID(state->position.x, state->position.y, state->position.z);
    attitudeControllerResetAllPID(state->attitude.roll, state->attitude.pitch, state->attitude.yaw);
    roll = state->attitude.roll, pitch = state->attitude.pitch;
  }
  if (RATE_DO_EXECUTE(RATE_500_HZ, step)) yaw = setpoint->attitude.yaw;
  if (RATE_DO_EXECUTE(RATE_100_HZ, step)) hold_position(setpoint, state);
  if (RATE_DO_EXECUTE(RATE_500_HZ, step)) {
    const float roll_rate = run(ROLL, roll, state->attitude.roll), pitch_rate = run(PITCH, pitch, state->attitude.pitch);
    const float yaw_rate = run(YAW, yaw, state->attitude.yaw);
    control->roll = command(run(ROLL_RATE, roll_rate, sensors->gyro.x));
    control->pitch = command(run(PITCH_RATE, pitch_rate, -sensors->gyro.y));
    control->yaw = (int16_t)-command(run(YAW_RATE, yaw_rate, sensors->gyro.z));
  }
  control->thrust = thrust;
}
