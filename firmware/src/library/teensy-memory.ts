// Whether a policy fits a Teensy 4.0. The build would say so too, but only to who has the tools and has waited for them.
import { SpikewingError } from "@spikewing/rl";
import type { LibraryOptions } from "./library-options.js";
import type { PolicyData } from "./policy-data.js";

/** Of 2 MiB; the rest is the recovery program. Source: PJRC, Teensy 4.0 technical information. */
const FLASH_BYTES = 1984 * 1024;
/** RAM1 is 512 KiB in banks of 32 KiB, of which the sketch's code takes one. */
const DATA_RAM_BYTES = (512 - 32) * 1024;
/**
 * The sketch beside what a policy brings, rounded up from what teensy/README.md measured: 33 kB of flash, 13 kB of variables
 * and constants; and a stack.
 */
const SKETCH_FLASH_BYTES = 48 * 1024;
const SKETCH_RAM_BYTES = 32 * 1024;

/** @throws SpikewingError naming `place` with what is too large, and for what. */
export function requireTeensyHolds(
  { image, observations, actions }: PolicyData,
  linearBytes: number,
  weights: LibraryOptions["weights"],
  place: string,
): void {
  const flash = image.byteLength + observations.byteLength + actions.byteLength; // weights in RAM are copied from there
  const flashLeft = FLASH_BYTES - SKETCH_FLASH_BYTES;
  if (flash > flashLeft)
    throw new SpikewingError(
      place,
      `weights and example are ${flash} bytes; a Teensy 4.0 has ${flashLeft} bytes of flash for them`,
      "train a smaller policy, or halve its weights with: spikewing narrow",
    );
  const ram = linearBytes + (weights === "ram" ? image.byteLength : 0);
  const ramLeft = DATA_RAM_BYTES - SKETCH_RAM_BYTES;
  if (ram > ramLeft)
    throw new SpikewingError(
      place,
      `${weights === "ram" ? "weights and membranes" : "membranes"} are ${ram} bytes; a Teensy 4.0 has ${ramLeft} bytes of RAM for them`,
      weights === "ram" ? "leave the weights in flash: --weights flash" : "train a smaller policy",
    );
}
