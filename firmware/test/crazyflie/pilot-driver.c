// Drives sw_pilot_guard.c and sw_pilot_state.c by lines on standard input, for pilot.test.ts. Floats are 8 hex digits.
//
//   want 0|1                          send NOW                    receive SEQUENCE ARMED NOW M1 M2 M3 M4
//   motors NOW                        state FLOAT x 19
//
// After each of the first four: "mode refusal sequence arm"; motors adds "stock", or the four ratios; state prints 18.

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sw_pilot_guard.h"
#include "sw_pilot_state.h"

static float read_float(void) {
  uint32_t bits = 0;
  float x;
  if (scanf("%8" SCNx32, &bits) != 1) return 0;
  memcpy(&x, &bits, sizeof x);
  return x;
}

static void print_float(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  printf(" %08" PRIx32, bits);
}

static uint32_t read_u32(void) {
  uint32_t x = 0;
  return scanf("%" SCNu32, &x) == 1 ? x : 0;
}

static void state(void) {
  sw_estimate_t estimate;
  _Static_assert(sizeof estimate == 19 * sizeof(float), "padding");
  float in[19], out[SW_PILOT_STATE_FLOATS];
  for (int i = 0; i < 19; i++) in[i] = read_float();
  memcpy(&estimate, in, sizeof estimate);
  sw_pilot_state(&estimate, out);
  printf("state");
  for (int i = 0; i < SW_PILOT_STATE_FLOATS; i++) print_float(out[i]);
  printf("\n");
}

int main(void) {
  sw_pilot_guard_t guard;
  sw_pilot_guard_start(&guard, 65534);
  if (!sw_pilot_state_start()) {
    fprintf(stderr, "no room in linear memory\n");
    return 2;
  }
  char command[16];
  while (scanf("%15s", command) == 1) {
    float ratio[SW_PILOT_MOTORS] = {0};
    bool flies = false;
    if (!strcmp(command, "state")) {
      state();
      continue;
    }
    if (!strcmp(command, "want")) sw_pilot_guard_want(&guard, read_u32() != 0);
    if (!strcmp(command, "send")) sw_pilot_guard_send(&guard, read_u32());
    if (!strcmp(command, "motors")) flies = sw_pilot_guard_motors(&guard, read_u32(), ratio);
    if (!strcmp(command, "receive")) {
      sw_pilot_answer_t answer;
      answer.sequence = (uint16_t)read_u32();
      answer.armed = read_u32() != 0;
      const uint32_t now_us = read_u32();
      for (int i = 0; i < SW_PILOT_MOTORS; i++) answer.motors[i] = read_float();
      sw_pilot_guard_receive(&guard, &answer, now_us);
    }
    printf("%d %d %u %d", guard.mode, guard.refusal, guard.sequence, sw_pilot_guard_arm(&guard));
    if (!strcmp(command, "motors") && !flies) printf(" stock");
    for (int i = 0; flies && i < SW_PILOT_MOTORS; i++) print_float(ratio[i]);
    printf("\n");
  }
  return 0;
}
