// What the harness needs of the machine it runs on. machine_qemu.c is the only machine so far.

#ifndef SW_MACHINE_H
#define SW_MACHINE_H

#include <stdint.h>

// Exit status of the program, and so of QEMU.
enum {
  SW_EXIT_OK = 0,
  SW_EXIT_ARGUMENTS = 2,
  SW_EXIT_TRAP = 3,  // the policy core stopped itself: out of bounds, unreachable
  SW_EXIT_FAULT = 4, // the processor did
  SW_EXIT_MEMORY = 5,
  SW_EXIT_NOT_FINITE = 6,
};

void sw_write(const char *text);
void sw_write_u32(uint32_t x);
void sw_write_hex(uint32_t x); // 8 digits
void sw_exit(int status) __attribute__((noreturn));
void sw_port_trap(uint32_t trap) __attribute__((noreturn)); // the policy core stopped itself: core/wasm_rt.c

// The command line, ended by a zero; cut at `bytes`.
void sw_command_line(char *line, uint32_t bytes);

// Free-running 24-bit counter, counting up, at SW_TICK_HZ. Under `-icount shift=0` an instruction takes 1 ns.
#ifndef SW_TICK_HZ
#define SW_TICK_HZ 25000000u
#endif
#define SW_TICK_MASK 0xFFFFFFu
#define SW_INSTRUCTIONS_PER_TICK (1000000000u / SW_TICK_HZ)
void sw_ticks_start(void);
uint32_t sw_ticks(void);

// Bytes of stack, in words of 4, that calls of the same function take between the two.
void sw_stack_paint(void);
uint32_t sw_stack_used(void);

#endif
