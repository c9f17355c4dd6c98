// Declarations of the little that the app uses of the Crazyflie firmware (Bitcraze, commit 2a18fc29): what its
// compile test needs where the firmware's sources are not at hand.
#pragma once
#include <stdint.h>

typedef uint32_t TickType_t;
typedef long BaseType_t;
#define M2T(MS) ((TickType_t)(MS))
