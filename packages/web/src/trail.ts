import { BufferAttribute, BufferGeometry, type Color, Line, LineBasicMaterial } from "three";

/** The last places of a drone, fading out. */
export interface Trail {
  readonly line: Line;
  add(position: ArrayLike<number>): void;
  clear(): void;
  paint(colour: Color): void;
}

/** As many control periods as the longest trajectory takes for a round. */
const POINTS = 1600;

export function createTrail(opacity: number): Trail {
  const positions = new BufferAttribute(new Float32Array(3 * POINTS), 3); // the newest stands last
  const colours = new BufferAttribute(new Float32Array(4 * POINTS), 4);
  const geometry = new BufferGeometry().setAttribute("position", positions).setAttribute("color", colours);
  const line = new Line(geometry, new LineBasicMaterial({ vertexColors: true, transparent: true }));
  line.frustumCulled = false;
  geometry.setDrawRange(0, 0);
  let count = 0;

  return {
    line,
    add(position) {
      positions.array.copyWithin(0, 3);
      positions.array.set([position[0]!, position[1]!, position[2]!], 3 * (POINTS - 1));
      count = Math.min(count + 1, POINTS);
      positions.needsUpdate = true;
      geometry.setDrawRange(POINTS - count, count);
    },
    clear() {
      count = 0;
      geometry.setDrawRange(0, 0);
    },
    paint({ r, g, b }) {
      for (let i = 0; i < POINTS; i++)
        colours.array.set([r, g, b, opacity * Math.sqrt((i + 1) / POINTS)], 4 * i);
      colours.needsUpdate = true;
    },
  };
}
