// Between the controller (spikewing_app.c, the stabilizer's task) and what steps the policy (the app's task): a Teensy on
// UART1 (sw_pilot_teensy.c), or the policy in this very chip (sw_pilot_onboard.c).

#ifndef SPIKEWING_APP_H
#define SPIKEWING_APP_H

#include <stdbool.h>
#include <stdint.h>

#include "sw_estimate.h"
#include "sw_force.h"
#include "sw_pilot_guard.h"

// An estimate that wants an answer, 100 times a second.
typedef struct {
  uint16_t sequence;
  uint32_t time_us;  // clock of the estimate
  uint32_t asked_us; // when it was taken
  bool arm;
  float mass_kg; // of the drone
  sw_estimate_t estimate;
} sw_request_t;

// The app's task, for ever. One of sw_pilot_teensy.c and sw_pilot_onboard.c has it.
void sw_pilot_run(void);

// For sw_pilot_run: answers may come from now on. Without it the stock controller flies for ever.
void sw_app_ready(void);

// Waits until a request is there, or for 100 ms.
void sw_app_wait(void);

// Takes the request that waits, if one does; it is the one whose answer counts from now on.
bool sw_app_take(sw_request_t *request);

void sw_app_answer(const sw_pilot_answer_t *answer);

uint32_t sw_app_now_us(void);

#endif
