// sw_machine.h for the MPS2 boards of qemu-system-arm: text and exit status by Arm semihosting, time by SysTick.

#include "sw_machine.h"

enum { SYS_WRITE0 = 0x04, SYS_GET_CMDLINE = 0x15, SYS_EXIT_EXTENDED = 0x20 };
#define ADP_STOPPED_APPLICATION_EXIT 0x20026u

static uint32_t semihost(uint32_t operation, const void *argument) {
  register uint32_t r0 __asm__("r0") = operation;
  register const void *r1 __asm__("r1") = argument;
  __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
  return r0;
}

void sw_write(const char *text) { semihost(SYS_WRITE0, text); }

void sw_write_u32(uint32_t x) {
  char digits[11];
  char *at = digits + sizeof digits;
  *--at = 0;
  do {
    *--at = (char)('0' + x % 10);
    x /= 10;
  } while (x);
  sw_write(at);
}

void sw_write_hex(uint32_t x) {
  char digits[9];
  for (int i = 0; i < 8; i++) digits[i] = "0123456789abcdef"[x >> (28 - 4 * i) & 15];
  digits[8] = 0;
  sw_write(digits);
}

void sw_exit(int status) {
  const uint32_t block[2] = {ADP_STOPPED_APPLICATION_EXIT, (uint32_t)status};
  semihost(SYS_EXIT_EXTENDED, block);
  for (;;) {
  }
}

void sw_port_trap(uint32_t trap) {
  sw_write("trap ");
  sw_write_u32(trap);
  sw_write("\n");
  sw_exit(SW_EXIT_TRAP);
}

void sw_command_line(char *line, uint32_t bytes) {
  struct {
    char *line;
    uint32_t bytes;
  } block = {line, bytes};
  if (semihost(SYS_GET_CMDLINE, &block)) line[0] = 0;
}

#define SYST_CSR (*(volatile uint32_t *)0xE000E010)
#define SYST_RVR (*(volatile uint32_t *)0xE000E014)
#define SYST_CVR (*(volatile uint32_t *)0xE000E018)

void sw_ticks_start(void) {
  SYST_RVR = SW_TICK_MASK;
  SYST_CVR = 0;
  SYST_CSR = 5; // processor clock, no interrupt
}

uint32_t sw_ticks(void) { return ~SYST_CVR & SW_TICK_MASK; } // SysTick counts down

// What lies below the stack pointer is nobody's while no interrupt is taken. An address, not an array: these are no
// bytes that C knows of.
enum { PAINTED_WORDS = 2048 };
#define PAINT 0x5AA5C33Cu

static volatile uint32_t *stack_pointer(void) {
  uint32_t *at;
  __asm__ volatile("mov %0, sp" : "=r"(at));
  return at;
}

__attribute__((noinline)) void sw_stack_paint(void) {
  volatile uint32_t *at = stack_pointer();
  for (uint32_t i = 1; i <= PAINTED_WORDS; i++) at[-(int32_t)i] = PAINT;
}

__attribute__((noinline)) uint32_t sw_stack_used(void) {
  volatile uint32_t *at = stack_pointer();
  uint32_t words = PAINTED_WORDS;
  while (words > 0 && at[-(int32_t)words] == PAINT) words--;
  return 4 * words;
}
