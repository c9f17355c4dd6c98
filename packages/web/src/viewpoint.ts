import { PerspectiveCamera, Vector3, type WebGLRenderer } from "three";
import { OrbitControls } from "three/addons/controls/OrbitControls.js";

/** Where the picture is seen from: it glides after the target; turning and zooming are the viewer's. */
export interface Viewpoint {
  readonly camera: PerspectiveCamera;
  readonly orbit: OrbitControls;
  /** Unit vectors of the view on the ground: to the right and away from the viewer. */
  axes(): { readonly right: readonly [number, number]; readonly away: readonly [number, number] };
  /** How far in front of the viewer a point lies, m. */
  depthOf(point: Vector3): number;
  /** Where a point is seen, CSS pixels of the window. */
  locate(point: Vector3): readonly [number, number];
  follow(target: Vector3): void;
  /** Gives the picture the canvas' size. */
  fit(renderer: WebGLRenderer): void;
}

/** The view is centred a little below the target: there is more to see there. */
const BELOW_TARGET = new Vector3(0, 0, -0.04);

export function createViewpoint(canvas: HTMLCanvasElement): Viewpoint {
  const camera = new PerspectiveCamera(32, 1, 0.02, 30);
  camera.up.set(0, 0, 1);
  camera.position.set(-1.15, -0.9, 0.62);
  const orbit = new OrbitControls(camera, canvas);
  orbit.target.copy(BELOW_TARGET);
  orbit.enableDamping = true;
  orbit.enablePan = false;
  orbit.minDistance = 0.3;
  orbit.maxDistance = 6;

  return {
    camera,
    orbit,

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
      const gap = target.clone().add(BELOW_TARGET).sub(orbit.target).multiplyScalar(0.03);
      if (gap.length() < 1e-4) return;
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
      camera.fov = camera.aspect < 1 ? 44 : 32;
      camera.updateProjectionMatrix();
    },
  };
}
