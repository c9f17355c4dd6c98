// The CMSDK UARTs of QEMU's mps2-an500. QEMU holds the sender back while a byte is not taken: nothing is lost.

#ifndef SW_UART_H
#define SW_UART_H

#include <stdbool.h>
#include <stdint.h>

typedef enum { SW_UART_0 = 0, SW_UART_1 = 1 } sw_uart_t;

void sw_uart_start(sw_uart_t uart);
bool sw_uart_ready(sw_uart_t uart); // a byte waits
void sw_uart_wait(sw_uart_t uart); // until one does
uint8_t sw_uart_read(sw_uart_t uart); // waits for it
void sw_uart_write(sw_uart_t uart, const uint8_t *bytes, uint32_t count);

#endif
