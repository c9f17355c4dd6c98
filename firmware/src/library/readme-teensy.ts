// README.md of a Teensy library.
import type { Policy } from "@spikewing/rl";
import { protocolMarkdown } from "../protocol/markdown.js";
import type { LibraryOptions } from "./library-options.js";
import { type PolicyFacts, policyRows, row } from "./policy-facts.js";

const CRAZYFLIE = `## Crazyflie

\`crazyflie/\` is an out-of-tree controller for [crazyflie-firmware](https://github.com/bitcraze/crazyflie-firmware). Copy it
beside a checkout with its submodules, then

\`\`\`sh
cd crazyflie
make CRAZYFLIE_BASE=/path/to/crazyflie-firmware cf2_defconfig
make CRAZYFLIE_BASE=/path/to/crazyflie-firmware
make CRAZYFLIE_BASE=/path/to/crazyflie-firmware cload
\`\`\`

Take off and hover with \`stabilizer.controller\` at the out-of-tree controller (6) and \`spikewing.enable\` at 0: the stock PID
controller flies. Set \`spikewing.enable\` to 1: the Teensy flies as soon as it answers armed. Watch \`spikewing.mode\` (0 off,
1 waiting, 2 flying, 3 fallback) and \`spikewing.refusal\`. **First read \`crazyflie/README.md\`: it begins with what is known to be
unsafe (delay, yaw beyond 120 degrees, other motors),** and says what each guard does.
`;

const AUTHORS = `## Crazyflie

This library speaks the frames of the paper's authors, so it needs their Crazyflie firmware (the deck driver of
\`korneelf1/crazyflie-firmware\`, parameter \`snn_mc.use_snn\`); it comes without one. These frames have no CRC, no sequence number and
no arming: the first valid state arms the Teensy, and a fail-safe lasts until it is switched off and on.
`;

export function teensyReadme(
  policy: Policy,
  facts: PolicyFacts,
  { protocol, weights }: LibraryOptions,
): string {
  return `# Spikewing for Teensy 4.0

A spiking neural network, trained in simulation, that flies a Crazyflie over a serial port. The policy core is generated C,
the same arithmetic bit for bit as in the simulation; at power-on the board proves that on a recorded flight, or refuses to fly.

${policyRows(policy, facts).join("\n")}
${row("weights", `${facts.imageBytes} bytes, in ${weights === "flash" ? "flash" : "RAM, copied from flash at power-on"}`)}
${row("membranes and scratch", `${facts.linearBytes} bytes of RAM`)}
${row("frames", protocol === "spikewing" ? "Spikewing, version 1" : "those of the paper's authors")}

## Safety

The propellers of a 27 g drone cut skin, and nothing here has been certified for anything. **This library has been tested on an
emulated chip; no board has flown it.** First try it without propellers, then tethered, with goggles, in a net or with nobody
near. Know how to stop: the emergency stop of cfclient works whatever flies, as the supervisor of the Crazyflie is asked last.
The policy knows one thing: to hold a position. It ignores attitude and velocity setpoints; move the setpoint in steps below
0.5 m.

## Teensy

- **Arduino**: with Teensyduino installed, Sketch > Include Library > Add .ZIP Library (zip this folder), or copy it to
  \`libraries/Spikewing\`; then File > Examples > Spikewing > CrazyflieLink, board Teensy 4.0.
- **PlatformIO**: \`pio run -t upload\` in this folder.

The LED blinks slowly while the board waits, is steady while it flies, blinks fast in a fail-safe, and flashes once a second if
the self-test refused. The serial monitor says the same in words.

## Wiring

| Teensy 4.0 | Crazyflie, expansion header | |
| --- | --- | --- |
| pin 0, RX1 | TX1 | states |
| pin 1, TX1 | RX1 | motor commands |
| GND | GND | |
| VIN | VCOM | supply, at the battery's voltage; a Teensy wants 3.6 V. Never with USB unless VUSB is cut |

Both sides have 3.3 V logic. Decks that use UART1 (Lighthouse) or its pins (Loco) cannot be on board at the same time.

${protocol === "spikewing" ? CRAZYFLIE : AUTHORS}
## Try it without a drone

\`spikewing fly FILE --serial PORT${protocol === "authors" ? " --protocol authors" : ""}\` flies the simulated drone with this board, over a USB-serial adapter (3.3 V) at its
pins 0 and 1, and must give the same flight, byte for byte, as without it.

## Protocol

${protocolMarkdown()}
## Licences

MIT (\`LICENSE\`), but the output of wabt's \`wasm2c\` (\`src/policy.c\`, \`src/policy.h\`${protocol === "spikewing" ? ", `crazyflie/src/pilot.c`, `crazyflie/src/pilot.h`" : ""}) and its header
\`wasm-rt.h\` hold parts of wabt, Apache License 2.0 (\`LICENSE-Apache-2.0.txt\`).${protocol === "spikewing" ? "\n`crazyflie/` is linked with crazyflie-firmware, which is GPL 3.0: what comes out is GPL 3.0." : ""}
`;
}
