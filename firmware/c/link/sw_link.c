#include "sw_link.h"

void sw_link_start(sw_link_t *link, uint32_t types) {
  memset(link, 0, sizeof *link);
  link->types = types;
}

uint32_t sw_link_payload_bytes(uint8_t type) {
  switch (type) {
  case SW_TYPE_STATE: return SW_STATE_PAYLOAD_BYTES;
  case SW_TYPE_MOTORS: return SW_MOTORS_PAYLOAD_BYTES;
  case SW_TYPE_HELLO_REQUEST: return SW_HELLO_REQUEST_PAYLOAD_BYTES;
  case SW_TYPE_HELLO: return SW_HELLO_PAYLOAD_BYTES;
  default: return UINT32_MAX;
  }
}

// --- receiver ----------------------------------------------------------------------------------------------------

static void drop(sw_link_t *link, uint32_t count) {
  if (count == 0) return;
  link->wanted = 0;
  link->count -= count;
  memmove(link->bytes, link->bytes + count, link->count);
}

// Moves on to the next byte where a frame may begin.
static void resynchronise(sw_link_t *link) {
  uint32_t at = 0;
  while (at < link->count) {
    const bool first = link->bytes[at] == SW_SYNC_0;
    const bool second = at + 1 == link->count || link->bytes[at + 1] == SW_SYNC_1;
    if (first && second) break;
    at++;
  }
  link->counts.noise_bytes += at;
  drop(link, at);
}

// Gives up the frame that seemed to begin here. Only its sync goes: what follows may hold whole frames.
static void reject(sw_link_t *link, uint32_t *count) {
  ++*count;
  drop(link, SW_SYNC_BYTES);
}

// The frame that sw_link_next gave has been used.
static void release(sw_link_t *link) {
  drop(link, link->taken);
  link->taken = 0;
}

void sw_link_push(sw_link_t *link, uint8_t byte) {
  release(link);
  if (link->count == sizeof link->bytes) reject(link, &link->counts.bad_crc); // only if sw_link_next was not called
  link->bytes[link->count++] = byte;
}

bool sw_link_next(sw_link_t *link, sw_frame_t *frame) {
  release(link);
  if (link->count < link->wanted) return false;
  for (;;) {
    resynchronise(link);
    if (link->count <= SW_VERSION_AT) return false;
    if (link->bytes[SW_VERSION_AT] != SW_PROTOCOL_VERSION) {
      reject(link, &link->counts.bad_version);
      continue;
    }
    if (link->count <= SW_TYPE_AT) return false;
    const uint8_t type = link->bytes[SW_TYPE_AT];
    const uint32_t payload_bytes = sw_link_payload_bytes(type);
    if (payload_bytes == UINT32_MAX || !(link->types >> type & 1u)) {
      reject(link, &link->counts.bad_type);
      continue;
    }
    const uint32_t crc_at = SW_HEADER_BYTES + payload_bytes;
    link->wanted = crc_at + SW_CRC_BYTES;
    if (link->count < link->wanted) return false;
    const uint32_t crc = sw_crc32(0, link->bytes + SW_VERSION_AT, crc_at - SW_VERSION_AT);
    if (sw_get_u32(link->bytes + crc_at) != crc) {
      reject(link, &link->counts.bad_crc);
      continue;
    }
    link->counts.frames++;
    link->taken = crc_at + SW_CRC_BYTES;
    frame->type = type;
    frame->sequence = sw_get_u16(link->bytes + SW_SEQUENCE_AT);
    frame->payload = link->bytes + SW_HEADER_BYTES;
    return true;
  }
}

// --- encoder -----------------------------------------------------------------------------------------------------

uint32_t sw_link_encode(uint8_t *frame, uint8_t type, uint16_t sequence, const uint8_t *payload) {
  const uint32_t payload_bytes = sw_link_payload_bytes(type);
  if (payload_bytes == UINT32_MAX) return 0;
  const uint32_t crc_at = SW_HEADER_BYTES + payload_bytes;
  frame[0] = SW_SYNC_0;
  frame[1] = SW_SYNC_1;
  frame[SW_VERSION_AT] = SW_PROTOCOL_VERSION;
  frame[SW_TYPE_AT] = type;
  sw_put_u16(frame + SW_SEQUENCE_AT, sequence);
  if (payload_bytes > 0) memcpy(frame + SW_HEADER_BYTES, payload, payload_bytes);
  sw_put_u32(frame + crc_at, sw_crc32(0, frame + SW_VERSION_AT, crc_at - SW_VERSION_AT));
  return crc_at + SW_CRC_BYTES;
}

// Half a byte at a time: a table of 64 bytes.
uint32_t sw_crc32(uint32_t crc, const uint8_t *bytes, uint32_t count) {
  static const uint32_t table[16] = {
      0x00000000, 0x1DB71064, 0x3B6E20C8, 0x26D930AC, 0x76DC4190, 0x6B6B51F4, 0x4DB26158, 0x5005713C,
      0xEDB88320, 0xF00F9344, 0xD6D6A3E8, 0xCB61B38C, 0x9B64C2B0, 0x86D3D2D4, 0xA00AE278, 0xBDBDF21C,
  };
  crc = ~crc;
  for (uint32_t i = 0; i < count; i++) {
    crc ^= bytes[i];
    crc = crc >> 4 ^ table[crc & 15u];
    crc = crc >> 4 ^ table[crc & 15u];
  }
  return ~crc;
}
