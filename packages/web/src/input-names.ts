/** What a policy senses, in the order of training: the target is the origin, angles are a matrix of rotation. */
export const INPUT_NAMES: readonly string[] = [
  ...["x", "y", "z"].map((axis) => `offset ${axis}`),
  ...["xx", "xy", "xz", "yx", "yy", "yz", "zx", "zy", "zz"].map((entry) => `attitude ${entry}`),
  ...["x", "y", "z"].map((axis) => `speed ${axis}`),
  ...["x", "y", "z"].map((axis) => `turn ${axis}`),
];

/** At this value an input is drawn at its strongest: m, entries of a rotation, m/s, rad/s. */
export const INPUT_SCALES: readonly number[] = INPUT_NAMES.map((name) => {
  if (name.startsWith("offset")) return 0.3;
  return name.startsWith("turn") ? 3 : 1;
});

export const MOTOR_NAMES: readonly string[] = ["front right", "back right", "back left", "front left"].map(
  (place, motor) => `motor ${motor + 1}, ${place}`,
);
