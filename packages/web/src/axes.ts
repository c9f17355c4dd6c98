import { ArrowHelper, CanvasTexture, type Color, Group, Sprite, SpriteMaterial, Vector3 } from "three";
import { FLOOR_M } from "./floor.js";

const LENGTH_M = 0.5;
const DIRECTIONS = { x: new Vector3(1, 0, 0), y: new Vector3(0, 1, 0), z: new Vector3(0, 0, 1) } as const;

/** The axes of the world, on the floor below the start, each half a metre long and named. */
export interface Axes {
  readonly group: Group;
  paint(colour: Color): void;
}

export function createAxes(): Axes {
  const group = new Group();
  group.position.z = FLOOR_M + 0.002;
  const arrows = Object.values(DIRECTIONS).map(
    (direction) => new ArrowHelper(direction, new Vector3(), LENGTH_M, 0, 0.03, 0.018),
  );
  const labels = Object.entries(DIRECTIONS).map(([name, direction]) => {
    const label = new Sprite(
      new SpriteMaterial({ map: write(`${name} ${LENGTH_M} m`), depthTest: false, sizeAttenuation: false }),
    );
    label.scale.set(0.11, 0.0275, 1);
    label.position.copy(direction).multiplyScalar(LENGTH_M + 0.07);
    return label;
  });
  group.add(...arrows, ...labels);
  return {
    group,
    paint(colour) {
      for (const arrow of arrows) arrow.setColor(colour);
      for (const { material } of labels) material.color = colour;
    },
  };
}

/** White text, which the material colours. */
function write(text: string): CanvasTexture {
  const canvas = document.createElement("canvas");
  canvas.width = 256;
  canvas.height = 64;
  const context = canvas.getContext("2d")!;
  context.font = "40px ui-monospace, monospace";
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillStyle = "#fff";
  context.fillText(text, 128, 32);
  return new CanvasTexture(canvas);
}
