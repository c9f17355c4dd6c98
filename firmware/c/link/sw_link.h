// Frames on a serial link: bytes in, whole frames out, and back. No allocation, no time, no knowledge of what a frame
// means. The Teensy and the Crazyflie both use it.

#ifndef SW_LINK_H
#define SW_LINK_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "sw_protocol.h"

typedef struct {
  uint8_t type;           // SW_TYPE_...
  uint16_t sequence;
  const uint8_t *payload; // its length follows from the type; valid until the next sw_link_push
} sw_frame_t;

// What was received since sw_link_start. A dropped frame counts once, under the first check that it failed; the bytes
// of no frame count as noise.
typedef struct {
  uint32_t frames; // valid, of a type that this end takes
  uint32_t noise_bytes;
  uint32_t bad_version;
  uint32_t bad_type; // unknown, or of the other direction
  uint32_t bad_crc;
} sw_link_counts_t;

typedef struct {
  uint8_t bytes[SW_LONGEST_FRAME_BYTES]; // begin where a frame may begin
  uint32_t count;
  uint32_t taken;      // bytes of the frame that sw_link_next gave last
  uint32_t wanted;     // bytes of the frame that has begun; 0 while its length is not known
  uint32_t types;      // bit 1 << SW_TYPE_... for each type that this end takes
  sw_link_counts_t counts;
} sw_link_t;

void sw_link_start(sw_link_t *link, uint32_t types);

// Takes in one byte. Then call sw_link_next until it gives no frame: a byte can complete more than one, when a frame
// that was cut short had swallowed others.
void sw_link_push(sw_link_t *link, uint8_t byte);
bool sw_link_next(sw_link_t *link, sw_frame_t *frame);

// Bytes of a payload; UINT32_MAX for an unknown type.
uint32_t sw_link_payload_bytes(uint8_t type);

// Writes a whole frame (at most SW_LONGEST_FRAME_BYTES) and returns its length; 0 for an unknown type.
uint32_t sw_link_encode(uint8_t *frame, uint8_t type, uint16_t sequence, const uint8_t *payload);

// CRC-32 of IEEE 802.3, continued: begin with 0.
uint32_t sw_crc32(uint32_t crc, const uint8_t *bytes, uint32_t count);

// Numbers on the wire: little-endian, at any address.
static inline uint16_t sw_get_u16(const uint8_t *at) { return (uint16_t)(at[0] | at[1] << 8); }
static inline uint32_t sw_get_u32(const uint8_t *at) {
  return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}
static inline float sw_get_f32(const uint8_t *at) {
  const uint32_t bits = sw_get_u32(at);
  float x;
  memcpy(&x, &bits, sizeof x);
  return x;
}
static inline void sw_put_u16(uint8_t *at, uint16_t x) {
  at[0] = (uint8_t)x;
  at[1] = (uint8_t)(x >> 8);
}
static inline void sw_put_u32(uint8_t *at, uint32_t x) {
  sw_put_u16(at, (uint16_t)x);
  sw_put_u16(at + 2, (uint16_t)(x >> 16));
}
static inline void sw_put_f32(uint8_t *at, float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  sw_put_u32(at, bits);
}

#endif
