// The processors that the C is proven on: the compiler's flags, and the board of QEMU that has one.

export interface Chip {
  /** Machine of qemu-system-arm. */
  readonly machine: string;
  readonly architecture: readonly string[];
  /** SysTick under QEMU. Its rate is the machine's, not that of `example`. */
  readonly tickHz: number;
  /** Where flash and the two memories begin, if not where c/port/link.ld has them. */
  readonly origins?: { readonly flash: number; readonly ram: number; readonly ram2: number };
  /** What flies on such a processor, and how fast it is there. */
  readonly example: { readonly board: string; readonly mhz: number };
}

const chip = (cpu: string, fpu: string, rest: Omit<Chip, "architecture">): Chip => ({
  architecture: [`-mcpu=${cpu}`, "-mthumb", `-mfpu=${fpu}`, "-mfloat-abi=hard"],
  ...rest,
});

export const CHIPS = {
  "cortex-m7": chip("cortex-m7", "fpv5-d16", {
    machine: "mps2-an500",
    tickHz: 25_000_000,
    example: { board: "Teensy 4.0", mhz: 600 },
  }),
  "cortex-m4": chip("cortex-m4", "fpv4-sp-d16", {
    machine: "mps2-an386",
    tickHz: 25_000_000,
    example: { board: "Crazyflie, STM32F405", mhz: 168 },
  }),
  // Starts in secure state, where the same memories have other addresses.
  "cortex-m33": chip("cortex-m33", "fpv5-sp-d16", {
    machine: "mps2-an505",
    tickHz: 20_000_000,
    origins: { flash: 0x1000_0000, ram: 0x3800_0000, ram2: 0x3820_0000 },
    example: { board: "RP2350", mhz: 150 },
  }),
} as const satisfies Record<string, Chip>;
export type ChipName = keyof typeof CHIPS;
