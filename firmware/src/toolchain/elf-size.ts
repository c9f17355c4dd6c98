import { runTool } from "./tools.js";

/** Bytes of an ELF file by where they lie on the chip. */
export interface ElfSize {
  /** Code, constants and initial values. */
  readonly flash: number;
  /** Variables; the stack comes on top. */
  readonly ram: number;
  /** Linear memory of the policy core. */
  readonly linearMemory: number;
}

export function elfSize(elf: string): ElfSize {
  const sections = new Map<string, number>();
  for (const [, name, bytes] of runTool("arm-none-eabi-size", ["-A", elf]).matchAll(/^(\.\S+) +(\d+) /gm))
    sections.set(name!, Number(bytes));
  const sum = (...names: readonly string[]) =>
    names.reduce((total, name) => total + (sections.get(name) ?? 0), 0);
  return {
    flash: sum(".text", ".rodata", ".ARM.exidx", ".data"),
    ram: sum(".data", ".bss"),
    linearMemory: sum(".wasm_memory"),
  };
}
