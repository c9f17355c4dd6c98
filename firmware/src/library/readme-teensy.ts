// README.md of a Teensy library.
import type { Policy } from "@spikewing/rl";
import { protocolMarkdown } from "../protocol/markdown.js";
import { PROTOCOL_VERSION } from "../protocol/table.js";
import type { LibraryOptions } from "./library-options.js";
import { type PolicyFacts, policyRows, row } from "./policy-facts.js";

const AUTHORS = `## Crazyflie

This library speaks the frames of the paper's authors, so it needs their Crazyflie firmware (the deck driver of
\`korneelf1/crazyflie-firmware\`, parameter \`snn_mc.use_snn\`); it comes without one. These frames have no CRC, no sequence number and
no arming: the first valid state arms the Teensy, and a fail-safe lasts until it is switched off and on. **This library has been tested on an emulated chip; no board has flown it.**
`;

export function teensyReadme(
  policy: Policy,
  facts: PolicyFacts,
  guide: string,
  { protocol, weights }: LibraryOptions,
): string {
  return `# Spikewing for Teensy 4.0

A spiking neural network, trained in simulation, that flies a Crazyflie over a serial port. The policy core is generated C,
the same arithmetic bit for bit as in the simulation; at power-on the board proves that on a recorded flight, or refuses to fly.

${policyRows(policy, facts).join("\n")}
${row("weights", `${facts.imageBytes} bytes, in ${weights === "flash" ? "flash" : "RAM, copied from flash at power-on"}`)}
${row("membranes and scratch", `${facts.linearBytes} bytes of RAM`)}
${row("frames", protocol === "spikewing" ? `Spikewing, version ${PROTOCOL_VERSION}` : "those of the paper's authors")}

${protocol === "authors" ? `${AUTHORS}\n` : ""}${guide}

## Protocol

${protocolMarkdown()}
## Licences

MIT (\`LICENSE\`), but the output of wabt's \`wasm2c\` (\`src/policy.c\`, \`src/policy.h\`${protocol === "spikewing" ? ", `crazyflie/src/pilot.c`, `crazyflie/src/pilot.h`" : ""}) and its header
\`wasm-rt.h\` hold parts of wabt, Apache License 2.0 (\`LICENSE-Apache-2.0.txt\`).${protocol === "spikewing" ? "\n`crazyflie/` is linked with crazyflie-firmware, which is GPL 3.0: what comes out is GPL 3.0." : ""}
`;
}
