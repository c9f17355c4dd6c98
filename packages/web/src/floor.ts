import { type Color, GridHelper, Group } from "three";

export const FLOOR_M = -0.6;

/** A grid below the flight. */
export interface Floor {
  readonly group: Group;
  paint(axes: Color, lines: Color): void;
}

export function createFloor(): Floor {
  const group = new Group();
  group.position.z = FLOOR_M;
  let grid: GridHelper | undefined;
  return {
    group,
    paint(axes, lines) {
      if (grid) group.remove(grid);
      grid = new GridHelper(4, 40, axes, lines); // its colours are part of its vertices
      grid.rotation.x = Math.PI / 2;
      group.add(grid);
    },
  };
}
