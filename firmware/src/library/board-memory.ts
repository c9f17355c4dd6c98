// Whether a policy fits a board. The build would say so too, but only to who has the tools and has waited for them.
import { SpikewingError } from "@spikewing/rl";
import type { LibraryOptions } from "./library-options.js";
import type { PolicyData } from "./policy-data.js";

interface Board {
  readonly name: string;
  /** Bytes that are left beside everything else. */
  readonly flash: number;
  readonly ram: number;
}

const TEENSY: Board = {
  name: "a Teensy 4.0",
  /**
   * 2 MiB less the recovery program (PJRC, Teensy 4.0 technical information), and less the sketch, rounded up from the 33 kB that
   * teensy/README.md measured.
   */
  flash: (1984 - 48) * 1024,
  /** RAM1 is 512 KiB in banks of 32 KiB, of which the code takes one; 13 kB of variables and a stack are rounded up. */
  ram: (512 - 32 - 32) * 1024,
};

const CRAZYFLIE: Board = {
  name: "a Crazyflie",
  /** 1 MiB less the boot loader; crazyflie-firmware 2a18fc29 takes 313,000 bytes without a policy, rounded up. */
  flash: 1_032_192 - 352 * 1024,
  /** Of 128 KiB the firmware takes 88,300 bytes, rounded up. */
  ram: (128 - 96) * 1024,
};

/** @throws SpikewingError naming `place` with what is too large, and for what. */
export function requireBoardHolds(
  { image, observations, actions }: PolicyData,
  linearBytes: number,
  { target, weights }: LibraryOptions,
  place: string,
): void {
  if (target === "generic") return; // no one knows how much a board of the user's own has
  const board = target === "teensy" ? TEENSY : CRAZYFLIE;
  const inRam = target === "teensy" && weights === "ram";
  const flash = image.byteLength + observations.byteLength + actions.byteLength; // weights in RAM are copied from there
  if (flash > board.flash)
    throw new SpikewingError(
      place,
      `weights and example are ${flash} bytes; ${board.name} has ${board.flash} bytes of flash for them`,
      "train a smaller policy, or halve its weights with: spikewing narrow",
    );
  const ram = linearBytes + (inRam ? image.byteLength : 0);
  if (ram > board.ram)
    throw new SpikewingError(
      place,
      `${inRam ? "weights and membranes" : "membranes"} are ${ram} bytes; ${board.name} has ${board.ram} bytes of RAM for them`,
      inRam ? "leave the weights in flash: --weights flash" : "train a smaller policy",
    );
}
