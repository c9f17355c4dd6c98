// The program of a Teensy on the emulated machine: the same loop, the link on UART 0, the clock from a timer. Nothing
// but the port differs from the board. The clock stands still while no byte waits: it counts the time of the chip, not
// that of a host which may itself be held up. So no link is ever lost here. Command line: "legacy" for sw_legacy.c.

#include <string.h>

#include "sw_controller.h"
#include "sw_legacy.h"
#include "sw_machine.h"
#include "sw_port.h"
#include "uart.h"

#define TIMER_CTRL (*(volatile uint32_t *)0x40000000)
#define TIMER_VALUE (*(volatile uint32_t *)0x40000004) // counts down at 25 MHz
#define TIMER_RELOAD (*(volatile uint32_t *)0x40000008)
#define TICKS_PER_US 25u

static void start_clock(void) {
  TIMER_RELOAD = UINT32_MAX;
  TIMER_VALUE = UINT32_MAX;
  TIMER_CTRL = 1;
}

static uint32_t counted_ticks;

// The timer wraps after 171 s, microseconds after 71 minutes: adds up what passed since the last call.
uint32_t sw_port_now_us(void) {
  static uint32_t now_us;
  const uint32_t passed_us = (~TIMER_VALUE - counted_ticks) / TICKS_PER_US;
  counted_ticks += passed_us * TICKS_PER_US;
  now_us += passed_us;
  return now_us;
}

static void wait_for_host(void) {
  sw_port_now_us(); // what passed before
  sw_uart_wait(SW_UART_0);
  counted_ticks = ~TIMER_VALUE;
}

void sw_port_send(const uint8_t *bytes, uint32_t count) { sw_uart_write(SW_UART_0, bytes, count); }

static sw_controller_t controller;
static sw_legacy_t legacy;

static void fly(void) {
  sw_controller_start(&controller, &sw_policy_data);
  for (;;) {
    wait_for_host();
    while (sw_uart_ready(SW_UART_0)) sw_controller_receive(&controller, sw_uart_read(SW_UART_0), sw_port_now_us());
    sw_controller_poll(&controller, sw_port_now_us());
  }
}

static void fly_legacy(void) {
  sw_legacy_start(&legacy, &sw_policy_data);
  for (;;) {
    wait_for_host();
    while (sw_uart_ready(SW_UART_0)) sw_legacy_receive(&legacy, sw_uart_read(SW_UART_0), sw_port_now_us());
    sw_legacy_poll(&legacy, sw_port_now_us());
  }
}

int main(void) {
  char line[16];
  sw_command_line(line, sizeof line);
  start_clock();
  sw_uart_start(SW_UART_0);
  if (!strcmp(line, "legacy")) fly_legacy();
  else fly();
}
