// From reset to main: FPU on, .data copied, .bss and the linear memory cleared. Every fault ends the program.

#include <stdint.h>
#include <string.h>

#include "sw_machine.h"

extern uint8_t _sidata[], _sdata[], _edata[], _sbss[], _ebss[], _swasm_memory[], _ewasm_memory[], _estack[];

int main(void);

void sw_reset(void) {
  *(volatile uint32_t *)0xE000ED88 |= 0xFu << 20; // CPACR: full access to the FPU
  __asm__ volatile("dsb\n isb");
  memcpy(_sdata, _sidata, (size_t)(_edata - _sdata));
  memset(_sbss, 0, (size_t)(_ebss - _sbss));
  memset(_swasm_memory, 0, (size_t)(_ewasm_memory - _swasm_memory));
  sw_exit(main());
}

static void sw_fault(void) {
  sw_write("fault\n");
  sw_exit(SW_EXIT_FAULT);
}

// The stack, reset, NMI, HardFault, MemManage, BusFault, UsageFault, 4 reserved, SVCall, debug, reserved, PendSV, SysTick.
__attribute__((section(".vectors"), used)) static const void *const sw_vectors[16] = {
    _estack,
    sw_reset,
    [2 ... 15] = sw_fault,
};
