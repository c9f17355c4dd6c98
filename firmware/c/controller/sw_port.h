// What the controller needs of the machine it runs on.

#ifndef SW_PORT_H
#define SW_PORT_H

#include <stdint.h>

// Microseconds since some moment; wraps.
uint32_t sw_port_now_us(void);

// Queues bytes for the link and returns without waiting for them to go out.
void sw_port_send(const uint8_t *bytes, uint32_t count);

// The policy core stopped itself: halt. The Crazyflie misses the answers and flies on its own controller.
void sw_port_trap(uint32_t trap) __attribute__((noreturn));

#endif
