// The controller on a test bench. UART 0 is the link; on UART 1 the bench sets the clock, says how many bytes of the
// link are taken next, and reads what the controller counted. The controller's time is simulated time: a slow host
// changes nothing.
//
// A command is an operation (u32) and a value (u32), see operation_t. Command line: "legacy" for sw_legacy.c.

#include <string.h>

#include "sw_controller.h"
#include "sw_legacy.h"
#include "sw_machine.h"
#include "sw_port.h"
#include "uart.h"

typedef enum {
  SET_CLOCK = 0, // us
  SET_DELAY = 1, // us that pass while a policy steps
  POLL = 2,
  TAKE = 3,      // bytes of the link
  REPORT = 4,    // answered with the words of report_t
  REBOOT = 5,    // reset of the processor
} operation_t;

typedef struct {
  uint32_t status, reason, self_test;
  uint32_t steps;          // of the policy
  uint32_t sent_bytes;     // on the link since the last report
  uint32_t exchange_ticks; // of SysTick, in the last TAKE
  uint32_t frames, noise_bytes, bad_version, bad_type, bad_crc; // bad_crc is bad_sum for legacy frames
} report_t;

enum { TAKE_AT_ONCE = 1024, ANSWERS = 4096 };

static sw_controller_t controller;
static sw_legacy_t legacy;
static bool is_legacy;

// --- the port ----------------------------------------------------------------------------------------------------

static uint32_t clock_us, delay_us;
static uint8_t answers[ANSWERS];
static uint32_t answer_bytes, sent_bytes;

uint32_t sw_port_now_us(void) { return clock_us + delay_us; }

// Kept until the bytes that were taken are worked off, so that exchange_ticks has no waiting in it.
void sw_port_send(const uint8_t *bytes, uint32_t count) {
  if (answer_bytes + count > sizeof answers) sw_exit(SW_EXIT_MEMORY);
  memcpy(answers + answer_bytes, bytes, count);
  answer_bytes += count;
}

static void send_answers(void) {
  sw_uart_write(SW_UART_0, answers, answer_bytes);
  sent_bytes += answer_bytes;
  answer_bytes = 0;
}

// --- commands ----------------------------------------------------------------------------------------------------

static uint32_t exchange_ticks;

static void take(uint32_t count) {
  static uint8_t bytes[TAKE_AT_ONCE];
  exchange_ticks = 0;
  while (count > 0) {
    const uint32_t now = count < TAKE_AT_ONCE ? count : TAKE_AT_ONCE;
    for (uint32_t i = 0; i < now; i++) bytes[i] = sw_uart_read(SW_UART_0);
    const uint32_t start = sw_ticks();
    for (uint32_t i = 0; i < now; i++) {
      if (is_legacy) sw_legacy_receive(&legacy, bytes[i], clock_us);
      else sw_controller_receive(&controller, bytes[i], clock_us);
    }
    exchange_ticks += (sw_ticks() - start) & SW_TICK_MASK;
    send_answers();
    count -= now;
  }
}

static void report(void) {
  const sw_supervisor_t *supervisor = is_legacy ? &legacy.supervisor : &controller.supervisor;
  const sw_link_counts_t *counts = &controller.link.counts;
  const report_t report = {
      .status = supervisor->status,
      .reason = supervisor->reason,
      .self_test = is_legacy ? legacy.self_test : controller.self_test,
      .steps = is_legacy ? legacy.steps : controller.steps,
      .sent_bytes = sent_bytes,
      .exchange_ticks = exchange_ticks,
      .frames = is_legacy ? legacy.counts.frames : counts->frames,
      .noise_bytes = is_legacy ? legacy.counts.noise_bytes : counts->noise_bytes,
      .bad_version = counts->bad_version,
      .bad_type = counts->bad_type,
      .bad_crc = is_legacy ? legacy.counts.bad_sum : counts->bad_crc,
  };
  sent_bytes = 0;
  sw_uart_write(SW_UART_1, (const uint8_t *)&report, sizeof report);
}

static void reboot(void) {
  *(volatile uint32_t *)0xE000ED0C = 0x05FA0004u; // AIRCR: SYSRESETREQ
  for (;;) {
  }
}

static uint32_t read_word(void) {
  uint8_t bytes[4];
  for (uint32_t i = 0; i < sizeof bytes; i++) bytes[i] = sw_uart_read(SW_UART_1);
  return sw_get_u32(bytes);
}

static void poll(void) {
  if (is_legacy) sw_legacy_poll(&legacy, clock_us);
  else sw_controller_poll(&controller, clock_us);
}

int main(void) {
  char line[16];
  sw_command_line(line, sizeof line);
  is_legacy = !strcmp(line, "legacy");
  sw_uart_start(SW_UART_0);
  sw_uart_start(SW_UART_1);
  sw_ticks_start();
  if (is_legacy) sw_legacy_start(&legacy, &sw_policy_data);
  else sw_controller_start(&controller, &sw_policy_data);
  report(); // ready
  for (;;) {
    const operation_t operation = (operation_t)read_word();
    const uint32_t value = read_word();
    switch (operation) {
    case SET_CLOCK: clock_us = value; break;
    case SET_DELAY: delay_us = value; break;
    case POLL: poll(); break;
    case TAKE: take(value); break;
    case REPORT: report(); break;
    case REBOOT: reboot(); break;
    default: sw_exit(SW_EXIT_ARGUMENTS);
    }
  }
}
