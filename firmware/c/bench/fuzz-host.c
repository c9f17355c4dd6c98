// The controller on the host, under AddressSanitizer and UndefinedBehaviorSanitizer, fed from standard input. A record
// is three u32 and bytes: microseconds that pass, number of bytes, flags, the bytes. What must hold after every record
// is in the functions below; the first breach ends the program. At the end it prints what was counted, for the other end of the
// protocol to compare.
//
// Command line: teensy (sw_controller.c), crazyflie (the link of the other end) or legacy (sw_legacy.c); and "refused" for a
// board whose image is not whole, "small" for one that was built with too little memory.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sw_controller.h"
#include "sw_legacy.h"
#include "sw_port.h"

#define FLAG_FRAME_AT_END 1u // the record ends with a valid STATE, which must be found at its last byte
#define RECORD_BYTES 65536u

static uint32_t now_us;
static uint64_t taken_bytes, answer_count;
static sw_controller_t controller;
static sw_legacy_t legacy;
static sw_link_t other_end; // the Crazyflie's

static void require(int holds, const char *what) {
  if (holds) return;
  fprintf(stderr, "broken: %s\n", what);
  exit(1);
}

// --- the port ----------------------------------------------------------------------------------------------------

uint32_t sw_port_now_us(void) { return now_us; }

void sw_port_trap(uint32_t trap) {
  fprintf(stderr, "broken: the policy core trapped: %u\n", trap);
  exit(1);
}

static void check_motors(const uint8_t *motors) {
  for (uint32_t i = 0; i < SW_MOTORS_WORDS; i++) {
    const float motor = sw_get_f32(motors + 4 * i);
    require(motor >= -1.0f && motor <= 1.0f, "motors of a legacy answer");
  }
}

static void check_action(const uint8_t *action, bool armed) {
  for (uint32_t i = 0; i < SW_MOTORS_WORDS; i++) {
    const int16_t motor = (int16_t)sw_get_u16(action + 2 * i);
    require(armed ? motor >= SW_MOTORS_STOPPED && motor <= -SW_MOTORS_STOPPED : motor == SW_MOTORS_STOPPED, "motors of an answer");
  }
}

static uint16_t answered_sequence;
static uint64_t frame_bytes; // of the frames that were found
static bool is_legacy;
static uint8_t expected_test = SW_SELF_TEST_PASSED;

void sw_port_send(const uint8_t *bytes, uint32_t count) {
  answer_count++;
  if (is_legacy) {
    require(count == SW_LEGACY_MOTORS_FRAME_BYTES && legacy.supervisor.status == SW_STATUS_ARMED, "a legacy answer");
    check_motors(bytes + 1);
    return;
  }
  sw_frame_t frame = {0};
  for (uint32_t i = 0; i < count; i++) {
    sw_link_push(&other_end, bytes[i]);
    const bool found = sw_link_next(&other_end, &frame);
    require(found == (i + 1 == count), "an answer is one whole frame");
  }
  answered_sequence = frame.sequence;
  frame_bytes += frame.type == SW_TYPE_MOTORS ? SW_STATE_FRAME_BYTES : SW_HELLO_REQUEST_FRAME_BYTES;
  if (frame.type == SW_TYPE_MOTORS) {
    const uint8_t status = frame.payload[SW_MOTORS_STATUS_AT];
    require(status == controller.supervisor.status, "the status of an answer");
    require(expected_test == SW_SELF_TEST_PASSED || status == SW_STATUS_FAULT, "the status of a board that refused itself");
    check_action(frame.payload + SW_MOTORS_MOTORS_AT, status == SW_STATUS_ARMED);
  }
}

// --- what must hold ----------------------------------------------------------------------------------------------

// Every byte is in a frame, or was dropped under a name, or waits.
static void check_counts(const sw_link_t *link, uint64_t frame_bytes) {
  const sw_link_counts_t *counts = &link->counts;
  const uint64_t rejected = (uint64_t)counts->bad_version + counts->bad_type + counts->bad_crc;
  const uint64_t waiting = link->count - link->taken;
  require(taken_bytes == frame_bytes + counts->noise_bytes + SW_SYNC_BYTES * rejected + waiting, "the count of bytes");
}

static void take_teensy(const uint8_t *bytes, uint32_t count, uint32_t flags) {
  for (uint32_t i = 0; i < count; i++) {
    const uint32_t frames = controller.link.counts.frames;
    const uint64_t answers = answer_count;
    const uint32_t steps = controller.steps;
    sw_controller_receive(&controller, bytes[i], now_us);
    require(answer_count - answers == controller.link.counts.frames - frames, "one answer for each frame");
    require(controller.steps - steps <= answer_count - answers, "a policy step without a frame");
    if (flags & FLAG_FRAME_AT_END && i + 1 == count) {
      require(controller.link.counts.frames > frames, "a valid frame after garbage was not found");
      const uint8_t *frame = bytes + count - SW_STATE_FRAME_BYTES;
      require(answered_sequence == sw_get_u16(frame + SW_SEQUENCE_AT), "another frame was found");
    }
  }
  check_counts(&controller.link, frame_bytes);
}

static void count_crazyflie(const uint8_t *bytes, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    sw_link_push(&other_end, bytes[i]);
    for (sw_frame_t frame; sw_link_next(&other_end, &frame);)
      frame_bytes += SW_HEADER_BYTES + sw_link_payload_bytes(frame.type) + SW_CRC_BYTES;
  }
  check_counts(&other_end, frame_bytes);
}

static void take_legacy(const uint8_t *bytes, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    const uint32_t steps = legacy.steps;
    const uint32_t frames = legacy.counts.frames;
    sw_legacy_receive(&legacy, bytes[i], now_us);
    require(legacy.steps - steps <= legacy.counts.frames - frames, "a policy step without a frame");
  }
  const sw_legacy_counts_t *counts = &legacy.counts;
  const uint64_t in_frames = (uint64_t)SW_LEGACY_STATE_FRAME_BYTES * counts->frames;
  require(taken_bytes == in_frames + counts->noise_bytes + counts->bad_sum + legacy.count, "the count of bytes");
}

// A receiver whose frames nobody fetches stays within its memory.
static void push_without_next(void) {
  static sw_link_t link;
  sw_link_start(&link, 1u << SW_TYPE_STATE);
  for (uint32_t i = 0; i < 4 * SW_LONGEST_FRAME_BYTES; i++) sw_link_push(&link, (uint8_t)i);
  require(link.count <= sizeof link.bytes, "a receiver that nobody empties");
}

static void print_counts(const sw_link_counts_t *counts) {
  printf("{\"frames\":%u,\"noiseBytes\":%u,\"badVersion\":%u,\"badType\":%u,\"badCrc\":%u}\n", counts->frames,
         counts->noise_bytes, counts->bad_version, counts->bad_type, counts->bad_crc);
}

int main(int argc, char **argv) {
  const char *mode = argc >= 2 ? argv[1] : "";
  sw_policy_data_t data = sw_policy_data;
  if (argc == 3 && !strcmp(argv[2], "refused")) data.crc++, expected_test = SW_SELF_TEST_CHECKSUM;
  if (argc == 3 && !strcmp(argv[2], "small")) expected_test = SW_SELF_TEST_MEMORY;
  const bool is_teensy = !strcmp(mode, "teensy"), is_crazyflie = !strcmp(mode, "crazyflie");
  is_legacy = !strcmp(mode, "legacy");
  require(is_teensy || is_crazyflie || is_legacy, "expected teensy, crazyflie or legacy");
  push_without_next();
  sw_link_start(&other_end, 1u << SW_TYPE_MOTORS | 1u << SW_TYPE_HELLO);
  if (is_teensy) sw_controller_start(&controller, &data);
  if (is_legacy) sw_legacy_start(&legacy, &data);
  require(is_crazyflie || (is_teensy ? controller.self_test : legacy.self_test) == expected_test, "self-test");

  static uint8_t bytes[RECORD_BYTES];
  uint64_t records = 0;
  for (uint32_t header[3]; fread(header, sizeof header, 1, stdin) == 1; records++) {
    require(header[1] <= sizeof bytes && fread(bytes, 1, header[1], stdin) == header[1], "a record cut short");
    now_us += header[0];
    taken_bytes += header[1];
    if (is_teensy) {
      sw_controller_poll(&controller, now_us);
      take_teensy(bytes, header[1], header[2]);
    } else if (is_legacy) {
      sw_legacy_poll(&legacy, now_us);
      take_legacy(bytes, header[1]);
    } else {
      count_crazyflie(bytes, header[1]);
    }
  }
  fprintf(stderr, "%llu records, %llu answers, %u steps\n", (unsigned long long)records,
          (unsigned long long)answer_count, is_legacy ? legacy.steps : controller.steps);
  print_counts(is_crazyflie ? &other_end.counts : &controller.link.counts);
  return 0;
}
