import { Box3, MathUtils, PerspectiveCamera, Vector3, type WebGLRenderer } from "three";
import { OrbitControls } from "three/addons/controls/OrbitControls.js";

/** Where the picture is seen from. It stands still while the target is near its middle; turning and zooming are the viewer's. */
export interface Viewpoint {
  readonly camera: PerspectiveCamera;
  readonly orbit: OrbitControls;
  /** Unit vectors of the view on the ground: to the right and away from the viewer. */
  axes(): { readonly right: readonly [number, number]; readonly away: readonly [number, number] };
  /** How far in front of the viewer a point lies, m. */
  depthOf(point: Vector3): number;
  /** Where a point is seen, CSS pixels of the window. */
  locate(point: Vector3): readonly [number, number];
  /** A flight begins: the middle of the target's path, or of where it stands, is looked at, all of it where that is new. */
  frame(path: Float32Array, target: ArrayLike<number>): void;
  reset(): void;
  /** Turns about the target, rad, and comes nearer by a factor. */
  turn(angle: number, nearer: number): void;
  follow(target: Vector3): void;
  /** Gives the picture the canvas' size. */
  fit(renderer: WebGLRenderer): void;
}

/** The view is centred a little below the target: there is more to see there. */
const BELOW_TARGET = new Vector3(0, 0, -0.04);
const DIRECTION = new Vector3(-1.15, -0.9, 0.66).normalize();
/** From here a drone that hovers is seen well, m. */
const NEAR_M = 1.25;
/** The view stays while the target is this near to its middle, m. */
const STILL_M = 0.35;
const FIELD_DEG = 32;
/** Width over height of a picture whose field of view is that. */
const WIDE = 1.25;

/** Up and down, degrees: from a wide picture on it is the same, and a narrow one shows no less from side to side. */
export function fieldOfView(aspect: number): number {
  const half = Math.tan(MathUtils.degToRad(FIELD_DEG / 2)) * Math.max(WIDE / aspect, 1);
  return 2 * MathUtils.radToDeg(Math.atan(half));
}

export function createViewpoint(canvas: HTMLCanvasElement): Viewpoint {
  const camera = new PerspectiveCamera(FIELD_DEG, 1, 0.02, 30);
  camera.up.set(0, 0, 1);
  const orbit = new OrbitControls(camera, canvas);
  orbit.enableDamping = true;
  orbit.enablePan = false;
  orbit.minDistance = 0.3;
  orbit.maxDistance = 6;

  const middle = new Vector3();
  let radius = Number.NaN;

  function reset(): void {
    orbit.enableDamping = false; // forgets what is left of the viewer's last turn
    orbit.update();
    orbit.enableDamping = true;
    orbit.target.copy(middle).add(BELOW_TARGET);
    camera.position.copy(orbit.target).addScaledVector(DIRECTION, NEAR_M + 1.3 * radius);
  }

  return {
    camera,
    orbit,
    reset,

    turn(angle, nearer) {
      const arm = camera.position.clone().sub(orbit.target).applyAxisAngle(camera.up, angle);
      const { minDistance, maxDistance } = orbit;
      arm.setLength(Math.min(Math.max(arm.length() / nearer, minDistance), maxDistance));
      camera.position.copy(orbit.target).add(arm);
    },

    frame(path, target) {
      const box = new Box3();
      if (path.length > 0) box.setFromArray(path);
      else box.setFromArray([target[0]!, target[1]!, target[2]!]);
      const size = box.getSize(new Vector3()).length() / 2;
      const isNew = size !== radius;
      radius = size;
      box.getCenter(middle);
      if (isNew) reset();
    },

    axes() {
      const ahead = camera.getWorldDirection(new Vector3()).setZ(0).normalize();
      return { right: [ahead.y, -ahead.x], away: [ahead.x, ahead.y] };
    },

    depthOf(point) {
      return point.clone().sub(camera.position).dot(camera.getWorldDirection(new Vector3()));
    },

    locate(point) {
      const at = point.clone().project(camera);
      const { left, top, width, height } = canvas.getBoundingClientRect();
      return [left + ((at.x + 1) / 2) * width, top + ((1 - at.y) / 2) * height];
    },

    follow(target) {
      const gap = target.clone().add(BELOW_TARGET).sub(orbit.target);
      const beyond = gap.length() - Math.max(STILL_M, radius);
      if (!(beyond > 1e-3)) return;
      gap.setLength(0.05 * beyond);
      orbit.target.add(gap);
      camera.position.add(gap);
    },

    fit(renderer) {
      const { clientWidth: width, clientHeight: height } = canvas;
      const ratio = Math.min(devicePixelRatio, 2);
      if (canvas.width === Math.floor(width * ratio) && canvas.height === Math.floor(height * ratio)) return;
      renderer.setPixelRatio(ratio);
      renderer.setSize(width, height, false);
      camera.aspect = width / Math.max(height, 1);
      camera.fov = fieldOfView(camera.aspect);
      camera.updateProjectionMatrix();
    },
  };
}
