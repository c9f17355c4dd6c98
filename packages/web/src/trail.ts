import { BufferAttribute, BufferGeometry, type Color, Line, LineBasicMaterial } from "three";

/** The last places of a drone, fading out. */
export interface Trail {
  readonly line: Line;
  add(position: ArrayLike<number>): void;
  clear(): void;
  paint(colour: Color): void;
}

const POINTS = 500;

export function createTrail(opacity: number): Trail {
  const positions = new BufferAttribute(new Float32Array(3 * POINTS), 3);
  const colours = new BufferAttribute(new Float32Array(4 * POINTS), 4);
  const geometry = new BufferGeometry().setAttribute("position", positions).setAttribute("color", colours);
  const line = new Line(geometry, new LineBasicMaterial({ vertexColors: true, transparent: true }));
  line.frustumCulled = false;
  geometry.setDrawRange(0, 0);
  let count = 0;

  return {
    line,
    add(position) {
      if (count === POINTS) {
        positions.array.copyWithin(0, 3);
        count--;
      }
      positions.array.set([position[0]!, position[1]!, position[2]!], 3 * count);
      count++;
      positions.needsUpdate = true;
      geometry.setDrawRange(0, count);
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
