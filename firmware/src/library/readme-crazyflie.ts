// README.md of an app for the Crazyflie's own processor.
import type { Policy } from "@spikewing/rl";
import { type PolicyFacts, policyRows, row } from "./policy-facts.js";

export const crazyflieReadme = (
  policy: Policy,
  facts: PolicyFacts,
  guide: string,
): string => `# Spikewing for the Crazyflie

A spiking neural network, trained in simulation, that flies a Crazyflie from within its own STM32F405: no second board, no wire.
An out-of-tree controller for [crazyflie-firmware](https://github.com/bitcraze/crazyflie-firmware) (read at 2a18fc29). The policy
core is generated C, the same arithmetic bit for bit as in the simulation; at power-on the drone proves that on a recorded
flight, or never lets the policy fly.

${policyRows(policy, facts).join("\n")}
${row("weights", `${facts.imageBytes} bytes, in flash`)}
${row("membranes and scratch", `${facts.linearBytes} bytes of RAM`)}

${guide}

## Files

| file | |
| --- | --- |
| \`fly.py\`, \`drone.py\`, \`log_table.py\`, \`spikewing_codes.py\` | the flight, by radio |
| \`dry_run.py\` | scripts in the place of a drone, to try that |
| \`log/Spikewing/\` | log blocks, for cfclient and fly.py |
| \`app-config\` | app, out-of-tree controller and battery compensation on |
| \`src/spikewing_app.c\` | the firmware's interfaces: tasks, parameter, log |
| \`src/sw_pilot_guard.c\` | who flies: stock controller or policy |
| \`src/sw_pilot_onboard.c\` | self-test, supervisor and step of the policy in the app's task |
| \`src/sw_policy.c\`, \`policy.c\`, \`sw_policy_data.c\` | the core as C, and the weights |
| \`src/sw_trained.c\` | the drone of training: thrust curve and mass |
| \`src/sw_settings.h\` | what those are compiled with |

## Licences

MIT (\`LICENSE\`), but the output of wabt's \`wasm2c\` (\`src/policy.c\`, \`src/policy.h\`) and its header \`src/wasm-rt.h\` hold parts
of wabt, Apache License 2.0 (\`LICENSE-Apache-2.0.txt\`). It is linked with crazyflie-firmware, which is GPL 3.0: **the firmware
that comes out is GPL 3.0.** Both licences allow that.
`;
