import { createFlight, DEFAULT_TASK, decodePolicy, loadPolicy, TRAJECTORY_DEFAULTS } from "@spikewing/rl";

/** Flies a policy along a figure-eight and says where it is every half second. */
export function* flyFigureEight(core, file) {
  const policy = loadPolicy(core, decodePolicy(file, "snn.safetensors"));
  const flight = createFlight(core, DEFAULT_TASK, policy, 1);
  const { size, period } = TRAJECTORY_DEFAULTS["figure-eight"];
  flight.follow("figure-eight", size, period);
  flight.reset(0);
  for (let step = 1; step <= 550; step++) {
    flight.step();
    if (step % 50 > 0) continue;
    const { position, target } = flight.state();
    const [x, y, z] = Array.from(position, (m) => m.toFixed(3));
    yield `${(step / 100).toFixed(1)} s: drone ${x} ${y} ${z}, target ${target[0].toFixed(3)} ${target[1].toFixed(3)}`;
  }
}
