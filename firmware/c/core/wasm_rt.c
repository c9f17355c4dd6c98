// What wasm2c's output needs at run time, instead of wabt's wasm-rt-impl.c, which needs mmap and signals: one static
// linear memory, and a trap that hands over to the port.

#include "wasm-rt.h"

void sw_port_trap(uint32_t trap) __attribute__((noreturn)); // the port stops motors and program

#ifndef SW_LINEAR_BYTES
#error "SW_LINEAR_BYTES: the size of the policy core's linear memory"
#endif
#define PAGE_BYTES 65536u

static uint8_t sw_linear_memory[SW_LINEAR_BYTES] __attribute__((aligned(16)));
// What loads and stores without checks begin from: src/toolchain/generated-core.ts.
extern uint8_t *const sw_linear_base;
uint8_t *const sw_linear_base = sw_linear_memory;
static uint32_t types;

bool wasm_rt_is_initialized(void) { return true; }

// A new number each time is enough without indirect calls across modules.
uint32_t wasm_rt_register_func_type(uint32_t parameters, uint32_t results, ...) {
  (void)parameters, (void)results;
  return ++types;
}

static uint32_t bytes_of(uint32_t pages) {
  return pages <= SW_LINEAR_BYTES / PAGE_BYTES ? pages * PAGE_BYTES : SW_LINEAR_BYTES;
}

// The memory may end within its last page; the bounds checks know.
void wasm_rt_allocate_memory(wasm_rt_memory_t *memory, uint32_t pages, uint32_t max_pages) {
  memory->data = sw_linear_memory;
  memory->pages = pages;
  memory->max_pages = max_pages;
  memory->size = bytes_of(pages);
}

uint32_t wasm_rt_grow_memory(wasm_rt_memory_t *memory, uint32_t delta) {
  const uint32_t before = memory->pages;
  if (delta > (SW_LINEAR_BYTES + PAGE_BYTES - 1) / PAGE_BYTES - before) return UINT32_MAX;
  memory->pages = before + delta;
  memory->size = bytes_of(memory->pages);
  return before;
}

void wasm_rt_free_memory(wasm_rt_memory_t *memory) { (void)memory; }

void wasm_rt_trap(wasm_rt_trap_t trap) { sw_port_trap(trap); }
