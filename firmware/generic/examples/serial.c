// The whole controller on a serial link: guards, time-outs, answers. The port is that of the Pico SDK (Raspberry Pi Pico 2,
// RP2350): link pico_stdlib. On another board change only the port.

#include "hardware/uart.h"
#include "pico/stdlib.h"

#include "sw_controller.h"
#include "sw_port.h"

#define LINK uart0
#define TX_PIN 0
#define RX_PIN 1

// --- the port: sw_port.h -----------------------------------------------------------------------------------------

uint32_t sw_port_now_us(void) { return time_us_32(); }

void sw_port_send(const uint8_t *bytes, uint32_t count) { uart_write_blocking(LINK, bytes, count); }

// Whoever listens misses the answers.
void sw_port_trap(uint32_t trap) {
  (void)trap;
  for (;;) tight_loop_contents();
}

// --- the loop ----------------------------------------------------------------------------------------------------

static sw_controller_t controller;

int main(void) {
  uart_init(LINK, SW_BAUD);
  gpio_set_function(TX_PIN, GPIO_FUNC_UART);
  gpio_set_function(RX_PIN, GPIO_FUNC_UART);
  sw_controller_start(&controller, &sw_policy_data);
  for (;;) {
    while (uart_is_readable(LINK)) sw_controller_receive(&controller, (uint8_t)uart_getc(LINK), sw_port_now_us());
    sw_controller_poll(&controller, sw_port_now_us());
  }
}
