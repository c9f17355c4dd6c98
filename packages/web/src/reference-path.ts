import { BufferGeometry, type Color, Float32BufferAttribute, LineBasicMaterial, LineLoop } from "three";

/** The whole round that the target flies. */
export interface ReferencePath {
  readonly line: LineLoop;
  /** Points of a round, x y z after x y z, m; none where the target stands. */
  show(points: Float32Array): void;
  paint(colour: Color): void;
}

export function createReferencePath(): ReferencePath {
  const material = new LineBasicMaterial({ transparent: true, opacity: 0.7 });
  const line = new LineLoop(new BufferGeometry(), material);
  line.frustumCulled = false;
  return {
    line,
    show(points) {
      line.visible = points.length > 0;
      line.geometry.dispose();
      line.geometry = new BufferGeometry().setAttribute("position", new Float32BufferAttribute(points, 3));
    },
    paint: (colour) => void material.color.copy(colour),
  };
}
