// Bitcraze's power distribution and compensation of the battery between a controller and the motors, as stabilizer.c calls them.

#include "stock-motors.h"

#include <math.h>

#include "autoconf.h"
#include "platform_defaults.h"
#include "power_distribution.h"

#define ASSERT(CONDITION)
#include "battery-compensation.c" // motorsCompensateBatteryVoltage alone: the rest of motors.c is the chip's

void stock_motors(const control_t *control, float volts, float ratios[STABILIZER_NR_OF_MOTORS]) {
  static float supply_volts = 4.2f; // filtered as stabilizer.c does
  supply_volts += 0.01f * (volts - supply_volts);
  motors_thrust_uncapped_t asked, compensated;
  motors_thrust_pwm_t pwm;
  powerDistribution(control, &asked);
  for (uint32_t i = 0; i < STABILIZER_NR_OF_MOTORS; i++)
    compensated.list[i] = motorsCompensateBatteryVoltage(i, asked.list[i], supply_volts);
  powerDistributionCap(&compensated, &pwm);
  for (uint32_t i = 0; i < STABILIZER_NR_OF_MOTORS; i++) ratios[i] = pwm.list[i] / 65535.0f;
}
