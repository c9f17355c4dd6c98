// What is flown: a policy image and the parameter blocks of the task. build-parity.ts writes their bytes into
// flight_data.c.

#ifndef SW_FLIGHT_DATA_H
#define SW_FLIGHT_DATA_H

#include <stdint.h>

typedef struct {
  const uint8_t *bytes; // 16-byte aligned
  uint32_t count;
} sw_block_t;

extern const sw_block_t sw_image, sw_airframe, sw_start, sw_sensor_noise, sw_reward, sw_bounds;
extern const sw_block_t sw_gust; // no bytes where the air is calm
extern const uint32_t sw_seed; // of starts, sensor noise and gusts

#endif
