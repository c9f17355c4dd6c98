/** Adam (Kingma & Ba 2015, Algorithm 1) in plain TypeScript. */
export function createAdam(n: number) {
  const first = new Float32Array(n);
  const second = new Float32Array(n);
  const [beta1, beta2, epsilon] = [0.9, 0.999, 1e-8];
  let power1 = 1;
  let power2 = 1;
  return function step(parameters: Float32Array, gradient: Float32Array, learningRate: number): void {
    power1 *= beta1;
    power2 *= beta2;
    const rate = learningRate / (1 - power1);
    const correction = 1 / (1 - power2);
    for (let i = 0; i < n; i++) {
      const g = gradient[i]!;
      const m = beta1 * first[i]! + (1 - beta1) * g;
      const v = beta2 * second[i]! + (1 - beta2) * g * g;
      first[i] = m;
      second[i] = v;
      parameters[i]! -= (rate * m) / (Math.sqrt(v * correction) + epsilon);
    }
  };
}

/** target moves towards parameters by tau. */
export function polyak(target: Float32Array, parameters: Float32Array, tau: number): void {
  for (let i = 0; i < target.length; i++) target[i]! += tau * (parameters[i]! - target[i]!);
}
