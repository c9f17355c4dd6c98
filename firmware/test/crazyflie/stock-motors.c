// A stand-in for what is between the Crazyflie's stock controller and its motors: mixer, compensation of the battery, cap.

#include "stock-motors.h"

#include <math.h>

#include "platform_defaults.h"

void stock_motors(const control_t *control, float volts, float ratios[STABILIZER_NR_OF_MOTORS]) {
  static const float roll_sign[4] = {-0.5f, -0.5f, 0.5f, 0.5f}, pitch_sign[4] = {0.5f, -0.5f, -0.5f, 0.5f};
  static const float yaw_sign[4] = {1, -1, 1, -1};
  float most = 1;
  for (int i = 0; i < 4; i++) {
    const float asked = control->controlMode == controlModeForce
                            ? fminf(fmaxf(control->normalizedForces[i], 0), 1)
                            : (control->thrust + roll_sign[i] * control->roll + pitch_sign[i] * control->pitch +
                               yaw_sign[i] * control->yaw) / 65535;
    // The voltage that gives this force, by the same curve: it rises, so halving finds it.
    const float force = asked * THRUST_MAX;
    float low = 0, high = 6;
    for (int k = 0; k < 24; k++) *(thrust_of(0.5f * (low + high)) < force ? &low : &high) = 0.5f * (low + high);
    ratios[i] = force < THRUST_MIN ? 0 : high / volts;
    most = fmaxf(most, ratios[i]);
  }
  for (int i = 0; i < 4; i++) ratios[i] = fmaxf(ratios[i] - (most - 1), 0);
}
