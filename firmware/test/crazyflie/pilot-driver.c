// Drives sw_pilot_guard.c and sw_pilot_state.c by lines on standard input, for pilot.test.ts. Floats are 8 hex digits.
//
//   want 0|1                          send NOW                    receive SEQUENCE ARMED NOW M1 M2 M3 M4
//   motors NOW                        state FLOAT x 22            set CONDITION FLOAT
//   mass FLOAT
//
// After each but state: "mode refusal sequence arm"; motors adds "stock", or the four forces; state prints 18 integers. `set` is for the
// wants after it, mass for the forces of the answers after it.

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
  _Static_assert(sizeof estimate == 22 * sizeof(float), "padding");
  float in[22];
  int16_t out[SW_PILOT_STATE_WORDS];
  for (int i = 0; i < 22; i++) in[i] = read_float();
  memcpy(&estimate, in, sizeof estimate);
  sw_pilot_state(&estimate, out);
  printf("state");
  for (int i = 0; i < SW_PILOT_STATE_WORDS; i++) printf(" %d", out[i]);
  printf("\n");
}

static sw_pilot_conditions_t is = {.ready = true, .has_target = true, .can_fly = true, .lifts_mass = true, .flying = true,
                                   .height_m = 1, .least_height_m = 0.3f, .up = 1};

static void set_condition(void) {
  char name[16];
  if (scanf("%15s", name) != 1) return;
  const float x = read_float();
  if (!strcmp(name, "ready")) is.ready = x != 0;
  if (!strcmp(name, "has_target")) is.has_target = x != 0;
  if (!strcmp(name, "can_fly")) is.can_fly = x != 0;
  if (!strcmp(name, "tumbled")) is.tumbled = x != 0;
  if (!strcmp(name, "lifts_mass")) is.lifts_mass = x != 0;
  if (!strcmp(name, "flying")) is.flying = x != 0;
  if (!strcmp(name, "height")) is.height_m = x;
  if (!strcmp(name, "up")) is.up = x;
}

// Of a drone whose rotors give (m + 1) / 2 newton.
static sw_force_command_t command_to_force = {.trained = {.rotor_max = 1, .thrust1 = 1, .mass_kg = 1}, .mass_kg = 1};

int main(void) {
  sw_pilot_guard_t guard;
  sw_pilot_guard_start(&guard, 65534);
  if (!sw_pilot_state_start()) {
    fprintf(stderr, "no room in linear memory\n");
    return 2;
  }
  char command[16];
  while (scanf("%15s", command) == 1) {
    float forces[SW_PILOT_MOTORS] = {0};
    bool flies = false;
    if (!strcmp(command, "state")) {
      state();
      continue;
    }
    if (!strcmp(command, "want")) {
      is.asked = read_u32() != 0;
      sw_pilot_guard_want(&guard, &is);
    }
    if (!strcmp(command, "set")) set_condition();
    if (!strcmp(command, "mass")) command_to_force.mass_kg = read_float();
    if (!strcmp(command, "send")) sw_pilot_guard_send(&guard, read_u32());
    if (!strcmp(command, "motors")) flies = sw_pilot_guard_forces(&guard, read_u32(), forces);
    if (!strcmp(command, "receive")) {
      sw_pilot_answer_t answer;
      answer.sequence = (uint16_t)read_u32();
      answer.armed = read_u32() != 0;
      const uint32_t now_us = read_u32();
      for (int i = 0; i < SW_PILOT_MOTORS; i++) answer.motors[i] = read_float();
      sw_pilot_forces(&command_to_force, answer.motors, answer.forces);
      sw_pilot_guard_receive(&guard, &answer, now_us);
    }
    printf("%d %d %u %d", guard.mode, guard.refusal, guard.sequence, sw_pilot_guard_arm(&guard));
    if (!strcmp(command, "motors") && !flies) printf(" stock");
    for (int i = 0; flies && i < SW_PILOT_MOTORS; i++) print_float(forces[i]);
    printf("\n");
  }
  return 0;
}
