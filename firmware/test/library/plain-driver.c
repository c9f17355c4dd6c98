// Steps plain C on an emulated chip, for targets.test.ts: four motor commands, as bits, to each estimate (22 floats) of sw_words.

#include <string.h>

#include "sw_machine.h"
#include "sw_policy.h"

extern const uint32_t sw_words[], sw_word_count; // written by the test

int main(void) {
  static sw_policy_t policy;
  sw_write("self-test ");
  sw_write_u32(sw_policy_start(&policy, &sw_policy_data));
  sw_write("\n");
  sw_policy_reset(&policy);
  sw_estimate_t estimate;
  for (uint32_t at = 0; at < sw_word_count; at += sizeof estimate / sizeof *sw_words) {
    memcpy(&estimate, sw_words + at, sizeof estimate);
    sw_policy_observe(&policy, &estimate);
    uint32_t motors[SW_MOTORS_WORDS];
    memcpy(motors, sw_policy_step(&policy), sizeof motors);
    for (uint32_t i = 0; i < SW_MOTORS_WORDS; i++) {
      if (i) sw_write(" ");
      sw_write_hex(motors[i]);
    }
    sw_write("\n");
  }
  return SW_EXIT_OK;
}
