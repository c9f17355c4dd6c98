// Estimates on standard input, 22 numbers each (sw_estimate.h, in its order); four motor commands on standard output.
// Numbers are printed so that they are read back as the same bits.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sw_policy.h"
#include "sw_port.h"
#include "sw_supervisor.h"

// --- the port: sw_port.h -----------------------------------------------------------------------------------------

uint32_t sw_port_now_us(void) {
  struct timespec now;
  timespec_get(&now, TIME_UTC);
  return (uint32_t)((uint64_t)now.tv_sec * 1000000u + (uint64_t)now.tv_nsec / 1000u);
}

void sw_port_send(const uint8_t *bytes, uint32_t count) { fwrite(bytes, 1, count, stdout); }

void sw_port_trap(uint32_t trap) {
  fprintf(stderr, "the policy core stopped itself: trap %lu\n", (unsigned long)trap);
  exit(3);
}

// --- one control period a line -----------------------------------------------------------------------------------

static int read_estimate(sw_estimate_t *estimate) {
  float numbers[sizeof *estimate / sizeof(float)];
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
    if (scanf("%f", &numbers[i]) != 1) return 0;
  memcpy(estimate, numbers, sizeof *estimate);
  return 1;
}

int main(void) {
  sw_policy_t policy;
  const uint8_t self_test = sw_policy_start(&policy, &sw_policy_data);
  if (self_test != SW_SELF_TEST_PASSED) {
    fprintf(stderr, "the self-test refused: %u\n", self_test);
    return 2;
  }
  sw_policy_reset(&policy);
  for (sw_estimate_t estimate; read_estimate(&estimate);) {
    sw_policy_observe(&policy, &estimate);
    const uint8_t fault = sw_observation_fault(sw_policy_observation(&policy));
    if (fault != SW_REASON_NONE) {
      fprintf(stderr, "not an observation to fly with: reason %u\n", fault);
      return 1;
    }
    float motors[SW_MOTORS_WORDS];
    memcpy(motors, sw_policy_step(&policy), sizeof motors);
    printf("%.9g %.9g %.9g %.9g\n", motors[0], motors[1], motors[2], motors[3]);
  }
  return 0;
}
