import {
  BufferGeometry,
  type Color,
  DynamicDrawUsage,
  Float32BufferAttribute,
  LineBasicMaterial,
  LineSegments,
  Vector3,
} from "three";

const STREAKS = 70;
/** The box around the view's centre that the streaks drift through, m. */
const BOX_M = [2.4, 2.4, 1.1] as const;
/** How fast and how long a streak is at a force of one N. */
const SPEED_M_PER_S = 45;
const LENGTH_M = 3;
/** Weaker wind than this, N, is not shown. */
const CALM_N = 0.0005;

/** Streaks in the air that drift with the wind on the drone: longer and faster as it blows harder. */
export interface WindStreaks {
  readonly lines: LineSegments;
  /** Force, N, world. */
  blow(wind: readonly number[]): void;
  /** Moves the streaks on and keeps them around `centre`. */
  move(seconds: number, centre: Vector3): void;
  paint(colour: Color): void;
}

export function createWindStreaks(): WindStreaks {
  const positions = new Float32BufferAttribute(new Float32Array(6 * STREAKS), 3);
  positions.setUsage(DynamicDrawUsage);
  const material = new LineBasicMaterial({ transparent: true });
  const lines = new LineSegments(new BufferGeometry().setAttribute("position", positions), material);
  lines.frustumCulled = false;
  lines.visible = false;
  const wanted = new Vector3();
  const shown = new Vector3();
  const drift = new Vector3();
  // Additive recurrences fill the box evenly (Roberts 2018, "The unreasonable effectiveness of quasirandom sequences").
  const places = Array.from({ length: STREAKS }, (_, i) => [0.8192, 0.6711, 0.5497].map((step) => i * step));
  const wrap = (x: number) => x - Math.floor(x);

  return {
    lines,
    blow: (wind) => void wanted.fromArray(wind),
    move(seconds, centre) {
      shown.lerp(wanted, Math.min(1, 6 * seconds)); // gusts flicker at 100 Hz; the eye wants less
      const force = shown.length();
      lines.visible = force > CALM_N;
      if (!lines.visible) return;
      material.opacity = Math.min(0.45, 0.12 + force * 7);
      drift.addScaledVector(shown, seconds * SPEED_M_PER_S);
      const middle = centre.toArray();
      const travelled = drift.toArray();
      const along = shown.toArray();
      for (const [i, place] of places.entries()) {
        for (let axis = 0; axis < 3; axis++) {
          const size = BOX_M[axis]!;
          const at =
            middle[axis]! + size * (wrap(place[axis]! + (travelled[axis]! - middle[axis]!) / size) - 0.5);
          positions.array[6 * i + axis] = at;
          positions.array[6 * i + 3 + axis] = at - along[axis]! * LENGTH_M;
        }
      }
      positions.needsUpdate = true;
    },
    paint: (colour) => material.color.copy(colour),
  };
}
