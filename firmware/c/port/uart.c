#include "uart.h"

#define REGISTER(uart, offset) (*(volatile uint32_t *)(0x40004000u + 0x1000u * (uint32_t)(uart) + (offset)))
#define DATA(uart) REGISTER(uart, 0x00u)
#define STATE(uart) REGISTER(uart, 0x04u)
#define CTRL(uart) REGISTER(uart, 0x08u)
#define INTCLEAR(uart) REGISTER(uart, 0x0Cu)
#define BAUDDIV(uart) REGISTER(uart, 0x10u)
#define STATE_TX_FULL 1u
#define STATE_RX_FULL 2u
#define CTRL_TX 1u
#define CTRL_RX 2u
#define CTRL_RX_INTERRUPT 8u
#define INT_RX 2u

// A received byte makes interrupt 0 (UART 0) or 2 (UART 1) pending. It is never taken, it only ends the wait.
#define NVIC_ISER (*(volatile uint32_t *)0xE000E100)
#define NVIC_ICPR (*(volatile uint32_t *)0xE000E280)
#define RX_INTERRUPT(uart) (1u << 2u * (uint32_t)(uart))

void sw_uart_start(sw_uart_t uart) {
  __asm__ volatile("cpsid i");
  NVIC_ISER = RX_INTERRUPT(uart);
  BAUDDIV(uart) = 25000000u / 460800u;
  CTRL(uart) = CTRL_TX | CTRL_RX | CTRL_RX_INTERRUPT;
}

bool sw_uart_ready(sw_uart_t uart) { return STATE(uart) & STATE_RX_FULL; }

void sw_uart_wait(sw_uart_t uart) {
  while (!sw_uart_ready(uart)) {
    __asm__ volatile("wfi");
    INTCLEAR(uart) = INT_RX;
    NVIC_ICPR = RX_INTERRUPT(uart);
  }
}

uint8_t sw_uart_read(sw_uart_t uart) {
  sw_uart_wait(uart);
  return (uint8_t)DATA(uart);
}

void sw_uart_write(sw_uart_t uart, const uint8_t *bytes, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    while (STATE(uart) & STATE_TX_FULL) {
    }
    DATA(uart) = bytes[i];
  }
}
