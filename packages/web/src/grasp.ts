import { type Mesh, Raycaster, Vector2, Vector3 } from "three";
import { LEAST_PUSH } from "./push-arrow.js";
import type { Viewpoint } from "./viewpoint.js";

/** What a pointer can take hold of, and what follows. */
export interface GraspEvents {
  moveTarget(position: [number, number, number]): void;
  /** The drone is pulled, mN; nothing acts on it yet. */
  pull(force: Vector3): void;
  /** The drone was let go, mN. */
  push(force: [number, number, number]): void;
  release(): void;
}

interface Graspable {
  readonly handle: Mesh;
  /** Where it is. */
  readonly position: Vector3;
}

/** The ring moves the target in the plane of the view, the drone is pulled and pushed, anything else turns the view. */
export function letGrasp(
  canvas: HTMLCanvasElement,
  { camera, orbit, depthOf }: Viewpoint,
  things: { readonly drone: Graspable; readonly target: Graspable },
  events: GraspEvents,
): void {
  const ray = new Raycaster();
  let drag:
    | { readonly kind: keyof typeof things; readonly start: Vector3; readonly distance: number }
    | undefined;
  const aim = (event: PointerEvent) => {
    const { left, top, width, height } = canvas.getBoundingClientRect();
    const x = (2 * (event.clientX - left)) / width - 1;
    const y = 1 - (2 * (event.clientY - top)) / height;
    ray.setFromCamera(new Vector2(x, y), camera);
  };
  const alongRay = (distance: number) => {
    const ahead = camera.getWorldDirection(new Vector3());
    return ray.ray.at(distance / ray.ray.direction.dot(ahead), new Vector3());
  };
  const strike = (event: PointerEvent) => {
    aim(event);
    return (["drone", "target"] as const).find((kind) => ray.intersectObject(things[kind].handle).length > 0);
  };
  const pull = (to: Vector3, start: Vector3) => to.sub(start).multiplyScalar(400).clampLength(0, 150); // mN

  canvas.addEventListener(
    "pointerdown",
    (event) => {
      canvas.focus({ preventScroll: true });
      const kind = strike(event);
      if (!kind) return;
      const start = things[kind].position.clone();
      drag = { kind, start, distance: depthOf(start) };
      orbit.enabled = false;
      canvas.setPointerCapture(event.pointerId);
    },
    { capture: true },
  );
  canvas.addEventListener("pointermove", (event) => {
    if (!drag) {
      if (event.pointerType === "mouse" && event.buttons === 0)
        canvas.style.cursor = strike(event) ? "grab" : "";
      return;
    }
    aim(event);
    const at = alongRay(drag.distance);
    if (drag.kind === "target") events.moveTarget([at.x, at.y, at.z]);
    else events.pull(pull(at, drag.start));
  });
  const release = (event: PointerEvent) => {
    if (!drag) return;
    events.release();
    if (drag.kind === "drone" && event.type === "pointerup") {
      aim(event);
      const { x, y, z } = pull(alongRay(drag.distance), drag.start);
      if (Math.hypot(x, y, z) > LEAST_PUSH) events.push([x, y, z]);
    }
    drag = undefined;
    orbit.enabled = true;
  };
  canvas.addEventListener("pointerup", release);
  canvas.addEventListener("pointercancel", release);
}
