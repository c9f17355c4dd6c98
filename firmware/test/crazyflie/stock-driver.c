// Plays made-up estimates and setpoints to a stock controller and prints its command every 10 ms, for stock-pid.test.ts.
// "roll pitch yaw thrust" a line; the same numbers for whatever controller it is linked with.

#include <stdio.h>

#include "attitude_controller.h"
#include "controller_pid.h"
#include "position_controller.h"

// Numbers in -1 .. 1, always the same: the low bits of a linear congruential generator are left out.
static uint32_t seed = 1;
static float draw(void) {
  seed = seed * 1664525u + 1013904223u;
  return (float)(int32_t)(seed & 0xFFFFFF00u) / 2147483648.0f;
}

static float half_turn(float degrees) { return degrees > 180 ? degrees - 360 : degrees; }

int main(void) {
  controllerPidInit();
  state_t state = {.position = {.z = 1}};
  setpoint_t setpoint = {.position = {.z = 1}, .mode = {.x = modeAbs, .y = modeAbs, .z = modeAbs, .yaw = modeAbs}};
  control_t control = {0};
  for (uint32_t step = 0; step < 4000; step++) {
    static sensorData_t sensors;
    state.position.x += 0.002f * draw(), state.position.y += 0.002f * draw(), state.position.z += 0.002f * draw();
    state.velocity.x = 0.05f * draw(), state.velocity.y = 0.05f * draw(), state.velocity.z = 0.2f * draw();
    state.attitude.roll = draw(), state.attitude.pitch = draw(), state.attitude.yaw = half_turn(180 + 0.2f * draw());
    sensors.gyro.x = 4 * draw(), sensors.gyro.y = 4 * draw(), sensors.gyro.z = 20 * draw();
    if (step % 1000 == 0) {
      setpoint.position.x = 0.1f * draw(), setpoint.position.y = 0.1f * draw(), setpoint.position.z = 1 + 0.2f * draw();
      setpoint.attitude.yaw = half_turn(180 + 20 * draw());
    }
    controllerPid(&control, &setpoint, &sensors, &state, step);
    if (step % 2000 > 1900) { // as while another flies
      positionControllerResetAllPID(state.position.x, state.position.y, state.position.z);
      positionControllerResetAllfilters();
      attitudeControllerResetAllPID(state.attitude.roll, state.attitude.pitch, state.attitude.yaw);
    }
    if (step % 10 == 0) printf("%d %d %d %.9g\n", control.roll, control.pitch, control.yaw, control.thrust);
  }
  return 0;
}
