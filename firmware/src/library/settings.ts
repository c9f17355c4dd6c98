// sw_settings.h: what a compiler flag says elsewhere. Arduino passes no flags, so every file of the library includes it
// first (template.ts sees to that).
import type { LibraryOptions } from "./library-options.js";

/** Section of the Teensy's linker script that stays in flash; a plain constant is copied to RAM at power-on. */
const FLASH_SECTION = ' __attribute__((section(".progmem.spikewing")))';

/** Where constants lie. */
function sections({ target, weights }: LibraryOptions): string {
  if (target !== "teensy")
    return `// Where constants lie; a linker puts them in flash.
#define SW_WEIGHTS
#define SW_EXAMPLE`;
  const inFlash = weights === "flash";
  return `// Where constants lie: ${inFlash ? "in flash" : "weights in RAM, copied at power-on; the self-test's example in flash"}.
#define SW_WEIGHTS${inFlash ? FLASH_SECTION : ""}
#define SW_EXAMPLE${FLASH_SECTION}`;
}

/** Memory of the policy core. */
function memory(linearBytes: number, imageBytes: number, { target }: LibraryOptions): string {
  const plain = `#define SW_LINEAR_BYTES ${linearBytes}u // memory of the policy core: membranes, observation, action`;
  if (target === "teensy") return plain; // there is no other machine to compile it for
  return `#include <stdint.h>
#if UINTPTR_MAX > UINT32_MAX
#define SW_LINEAR_BYTES ${linearBytes + 64 * Math.ceil(imageBytes / 64)}u // a copy of the weights too: addresses of the core have 32 bits
#else
${plain}
#endif`;
}

export function settingsHeader(linearBytes: number, imageBytes: number, options: LibraryOptions): string {
  const frames = `#define SW_AUTHORS_FRAMES ${options.protocol === "authors" ? 1 : 0} // 1: the frames of the paper's authors\n`;
  return `// Settings of this library, made from the policy; every file of it includes them first. Do not edit.

#ifndef SW_SETTINGS_H
#define SW_SETTINGS_H

// A fused multiply-add rounds once where the policy's simulation rounds twice. math-errno off: a square root is one
// instruction.
#pragma GCC optimize("fp-contract=off", "no-math-errno")

${options.target === "teensy" ? frames : ""}${memory(linearBytes, imageBytes, options)}

// Accesses of the core are not checked, so that it reads the weights where they are.
#define SW_CHECKED 0
#define WASM_RT_MEMCHECK_SIGNAL_HANDLER 1
#define WASM_RT_SKIP_SIGNAL_RECOVERY 1
#define WASM_RT_USE_STACK_DEPTH_COUNT 0
#ifndef NDEBUG
#define NDEBUG
#endif

${sections(options)}

#endif
`;
}
