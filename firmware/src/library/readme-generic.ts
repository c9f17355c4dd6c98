// README.md of the plain C library.
import type { Policy } from "@spikewing/rl";
import { protocolMarkdown } from "../protocol/markdown.js";
import { type PolicyFacts, policyRows, row } from "./policy-facts.js";

export const genericReadme = (policy: Policy, facts: PolicyFacts): string => `# Spikewing for any board

A spiking neural network, trained in simulation, that flies a quadrotor, as plain C11: no allocation, no file, no operating
system. The policy core is generated, the same arithmetic bit for bit as in the simulation; \`sw_policy_start\` proves that on a
recorded flight. Little-endian processors with 32-bit IEEE floats; tested on Cortex-M33 (the RP2350's) under QEMU and on x86-64.

${policyRows(policy, facts).join("\n")}
${row("weights", `${facts.imageBytes} bytes, in flash; where addresses have 64 bits a copy in RAM`)}
${row("membranes and scratch", `${facts.linearBytes} bytes of RAM`)}

**No board has flown it.** First without propellers, then tethered.

## Use

Compile \`src/*.c\` with your program, and write the three functions of \`src/sw_port.h\`: the time in microseconds, bytes to send
(nothing, where there is no link), and where to stop if the core does. Then, every 10 ms:

\`\`\`c
sw_policy_t policy;                                        // once: must be SW_SELF_TEST_PASSED
uint8_t self_test = sw_policy_start(&policy, &sw_policy_data);

sw_policy_observe(&policy, &estimate);                     // sw_estimate.h: position, velocity, attitude, target
if (sw_observation_fault(sw_policy_observation(&policy))) // SW_REASON_NONE, or: do not fly
  stop();
const uint8_t *motors = sw_policy_step(&policy);           // four float32, -1 stopped .. 1 full
\`\`\`

| example | |
| --- | --- |
| \`examples/host.c\` | estimates on standard input, motor commands on standard output: \`make -C examples && examples/host\` |
| \`examples/serial.c\` | all of it on a serial link, with guards and time-outs, for the Pico SDK (RP2350); a port is 20 lines |

## Protocol of the serial link

${protocolMarkdown()}
## Licences

MIT (\`LICENSE\`), but the output of wabt's \`wasm2c\` (\`src/policy.c\`, \`src/policy.h\`) and its header \`src/wasm-rt.h\` hold parts
of wabt, Apache License 2.0 (\`LICENSE-Apache-2.0.txt\`).
`;
