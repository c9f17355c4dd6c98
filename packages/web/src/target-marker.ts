import {
  BoxGeometry,
  BufferGeometry,
  type Color,
  EdgesGeometry,
  Group,
  Line,
  LineBasicMaterial,
  LineSegments,
  Mesh,
  MeshBasicMaterial,
  TorusGeometry,
  Vector3,
} from "three";
import { FLOOR_M } from "./floor.js";

/** The ring around the target leaves room to grasp the drone within it. */
export const RING_M = 0.1;

/** The target: a ring and a cross on a stalk, and the box that the flight must not leave. */
export interface TargetMarker {
  readonly group: Group;
  /** What the pointer grasps it by. */
  readonly handle: Mesh;
  /** `halfWidthM` of the box; it is drawn if the picture has room for it. */
  bound(halfWidthM: number): void;
  /** Sets the stalk on the floor. */
  stand(): void;
  paint(target: Color, box: Color): void;
}

export function createTargetMarker(): TargetMarker {
  const group = new Group();
  const ringMaterial = new MeshBasicMaterial();
  const lineMaterial = new LineBasicMaterial({ transparent: true, opacity: 0.6 });
  const stalk = new Line(
    new BufferGeometry().setFromPoints([new Vector3(), new Vector3(0, 0, -1)]),
    lineMaterial,
  );
  const cross = [
    new Vector3(-0.02, 0, 0),
    new Vector3(0.02, 0, 0),
    new Vector3(0, -0.02, 0),
    new Vector3(0, 0.02, 0),
  ];
  const boxMaterial = new LineBasicMaterial({ transparent: true, opacity: 0.35 });
  const box = new LineSegments(new EdgesGeometry(new BoxGeometry(2, 2, 2)), boxMaterial);
  const handle = new Mesh(new TorusGeometry(RING_M, 0.026, 6, 32), new MeshBasicMaterial({ visible: false }));
  group.add(
    new Mesh(new TorusGeometry(RING_M, 0.0014, 8, 96), ringMaterial),
    new LineSegments(new BufferGeometry().setFromPoints(cross), lineMaterial),
    stalk,
    box,
    handle,
  );
  return {
    group,
    handle,
    bound(halfWidthM) {
      box.visible = halfWidthM < 1;
      box.scale.setScalar(halfWidthM);
    },
    stand() {
      stalk.scale.z = Math.max(group.position.z - FLOOR_M, 0.001);
    },
    paint(target, soft) {
      ringMaterial.color = target;
      lineMaterial.color = target;
      boxMaterial.color = soft;
    },
  };
}
