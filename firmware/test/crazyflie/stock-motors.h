// From what a controller asks for to the motors: of the stand-in (stock-motors.c) or Bitcraze's own (bitcraze-motors.c).
#pragma once
#include "stabilizer_types.h"

// Ratios of PWM, 0 .. 1, with a battery of these volts.
void stock_motors(const control_t *control, float volts, float ratios[STABILIZER_NR_OF_MOTORS]);

// The driver's: thrust of a rotor at the voltage of its motor, N.
float thrust_of(float volts);
