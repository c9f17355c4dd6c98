import {
  CircleGeometry,
  type Color,
  Mesh,
  MeshBasicMaterial,
  type Object3D,
  Quaternion,
  Vector3,
} from "three";
import { createCrazyflieModel } from "./crazyflie-model.js";
import { FLOOR_M } from "./floor.js";
import type { DronePose } from "./messages.js";
import { createTrail } from "./trail.js";

/** A drone in the picture: its model, its shadow on the floor and its trail. It glides from pose to pose. */
export interface DroneView {
  readonly objects: readonly Object3D[];
  /** As drawn last. */
  readonly position: Vector3;
  /** A new flight, in which the drone is or is not. */
  begin(isThere: boolean): void;
  /** Is to reach this pose, from where it is after `amount` (0 to 1) of the way to the last one. */
  aim(pose: DronePose, amount: number): void;
  /** Is where it was to arrive. */
  arrive(): void;
  extendTrail(position: ArrayLike<number>): void;
  /** After `amount` of the way; `rotorRange` are the rotors' least and greatest state. */
  draw(amount: number, rotorRange: readonly [number, number], seconds: number): void;
  paint(body: Color, accent: Color): void;
}

/** The first is the largest, in colours of its own. */
export function createDroneViews(n: number): readonly DroneView[] {
  const shadowMaterial = new MeshBasicMaterial({
    color: 0,
    transparent: true,
    opacity: 0.14,
    depthWrite: false,
  });
  return Array.from({ length: n }, (_, i) => createDroneView(i === 0, shadowMaterial));
}

function createDroneView(isFirst: boolean, shadowMaterial: MeshBasicMaterial): DroneView {
  const model = createCrazyflieModel(isFirst ? 1 : 0.55);
  const trail = createTrail(isFirst ? 0.95 : 0.45);
  const shadow = new Mesh(new CircleGeometry(0.045, 32), shadowMaterial);
  const from = new Vector3();
  const to = new Vector3();
  const fromTurn = new Quaternion();
  const toTurn = new Quaternion();
  let rotors: ArrayLike<number> = [0, 0, 0, 0];
  const { position } = model.group;

  return {
    objects: [model.group, trail.line, shadow],
    position,
    begin(isThere) {
      model.group.visible = trail.line.visible = shadow.visible = isThere;
      trail.clear();
    },
    aim(pose, amount) {
      from.lerp(to, amount);
      fromTurn.slerp(toTurn, amount);
      to.fromArray(pose.position);
      const [w, x, y, z] = pose.quaternion;
      toTurn.set(x!, y!, z!, w!);
      rotors = pose.rotors;
    },
    arrive() {
      from.copy(to);
      fromTurn.copy(toTurn);
    },
    extendTrail: trail.add,
    draw(amount, [least, most], seconds) {
      position.lerpVectors(from, to, amount);
      model.group.quaternion.slerpQuaternions(fromTurn, toTurn, amount);
      const speeds = Array.from(rotors, (r) => (r - least) / (most - least));
      model.spin(speeds, seconds);
      shadow.position.set(position.x, position.y, FLOOR_M + 0.001);
    },
    paint(body, accent) {
      model.paint(body, accent);
      trail.paint(accent);
    },
  };
}
