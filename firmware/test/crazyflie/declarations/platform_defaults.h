// What is measured of a platform: the Crazyflie 2.1+ or, with CONFIG_PLATFORM_CF21BL, the 2.1 Brushless.
#pragma once

#ifdef CONFIG_PLATFORM_CF21BL
#define CF_MASS 0.0393f              // kg
#define THRUST_MIN 0.02136263065538f // N, of a motor
#define THRUST_MAX 0.2f
#else
#define CF_MASS 0.029f
#define THRUST_MIN 0.01281757839322f
#define THRUST_MAX 0.12f
#endif
