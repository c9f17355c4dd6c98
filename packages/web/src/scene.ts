import {
  ArrowHelper,
  BoxGeometry,
  BufferGeometry,
  CircleGeometry,
  Color,
  DirectionalLight,
  EdgesGeometry,
  GridHelper,
  Group,
  HemisphereLight,
  Line,
  LineBasicMaterial,
  LineSegments,
  Mesh,
  MeshBasicMaterial,
  PerspectiveCamera,
  Quaternion,
  Raycaster,
  Scene,
  SphereGeometry,
  TorusGeometry,
  Vector2,
  Vector3,
  WebGLRenderer,
} from "three";
import { OrbitControls } from "three/addons/controls/OrbitControls.js";
import { type CrazyflieModel, createCrazyflieModel } from "./crazyflie-model.js";
import type { DronePose } from "./messages.js";
import { DRONE_COLOURS, type Palette } from "./theme.js";
import { createTrail, type Trail } from "./trail.js";
import { createWindStreaks } from "./wind-streaks.js";

const FLOOR_M = -0.6;
/** One for each colour. */
export const MAX_DRONES = DRONE_COLOURS.length;
/** The ring around the target leaves room to grasp the drone within it. */
const RING_M = 0.1;

/** The picture of the flight. It shows what the core computed; between two control periods it blends. */
export interface FlightScene {
  /** New poses, the first drone's first; they are reached after `blendMs`. */
  show(drones: readonly DronePose[], blendMs: number): void;
  /** Places of the first drone since the last show(). */
  extendTrail(positions: readonly ArrayLike<number>[]): void;
  /** Wind on the first drone, N. */
  blow(wind: readonly number[]): void;
  /** A new flight. `boundM`: half-width of the box that ends it. */
  begin(drones: readonly DronePose[], rotorRange: readonly [number, number], boundM: number): void;
  /** An arrow at the drone while a push acts. */
  showPush(force: readonly [number, number, number], ms: number): void;
  paint(palette: Palette): void;
  /** Unit vectors of the view on the ground: to the right and away from the viewer. */
  viewAxes(): { readonly right: readonly [number, number]; readonly away: readonly [number, number] };
  render(nowMs: number): void;
  /** Where the drone and the right edge of the target's ring are seen, CSS pixels of the window. */
  whereIs(what: "drone" | "ring"): readonly [number, number];
  /** Frames drawn. */
  readonly frames: number;
  /** Nothing is left to draw: the picture stays as it is until something happens. */
  readonly isStill: boolean;
}

export interface SceneEvents {
  moveTarget(position: [number, number, number]): void;
  /** mN. */
  push(force: [number, number, number]): void;
}

interface DroneView {
  readonly model: CrazyflieModel;
  readonly trail: Trail;
  readonly shadow: Mesh;
  from: Vector3;
  to: Vector3;
  fromTurn: Quaternion;
  toTurn: Quaternion;
  rotors: ArrayLike<number>;
}

export function createFlightScene(canvas: HTMLCanvasElement, events: SceneEvents): FlightScene {
  const renderer = new WebGLRenderer({ canvas, antialias: true, preserveDrawingBuffer: true });
  renderer.debug.checkShaderErrors = false; // asking would wait for the compiler, and no shader here is our own
  const scene = new Scene();
  const camera = new PerspectiveCamera(32, 1, 0.02, 30);
  camera.up.set(0, 0, 1);
  camera.position.set(-1.15, -0.9, 0.62);
  const orbit = new OrbitControls(camera, canvas);
  orbit.target.set(0, 0, -0.04);
  orbit.enableDamping = true;
  orbit.enablePan = false;
  orbit.minDistance = 0.3;
  orbit.maxDistance = 6;
  scene.add(new HemisphereLight(0xffffff, 0x8a9499, 2.2));
  const sun = new DirectionalLight(0xffffff, 1.6);
  sun.position.set(-1, -2, 3);
  scene.add(sun);

  const floor = new Group();
  floor.position.z = FLOOR_M;
  scene.add(floor);
  const shadowMaterial = new MeshBasicMaterial({
    color: 0,
    transparent: true,
    opacity: 0.14,
    depthWrite: false,
  });
  const views = Array.from({ length: MAX_DRONES }, (_, i): DroneView => {
    const model = createCrazyflieModel(i === 0 ? 1 : 0.55);
    const trail = createTrail(i === 0 ? 0.95 : 0.45);
    const shadow = new Mesh(new CircleGeometry(0.045, 32), shadowMaterial);
    scene.add(model.group, trail.line, shadow);
    return {
      model,
      trail,
      shadow,
      from: new Vector3(),
      to: new Vector3(),
      fromTurn: new Quaternion(),
      toTurn: new Quaternion(),
      rotors: [0, 0, 0, 0],
    };
  });
  const [first] = views as [DroneView];

  const targetTrail = createTrail(0.5);
  scene.add(targetTrail.line);
  const targetMaterial = new MeshBasicMaterial();
  const targetLine = new LineBasicMaterial({ transparent: true, opacity: 0.6 });
  const target = new Group();
  const stalk = new Line(
    new BufferGeometry().setFromPoints([new Vector3(), new Vector3(0, 0, -1)]),
    targetLine,
  );
  const bearing = [
    new Vector3(-0.02, 0, 0),
    new Vector3(0.02, 0, 0),
    new Vector3(0, -0.02, 0),
    new Vector3(0, 0.02, 0),
  ];
  target.add(
    new Mesh(new TorusGeometry(RING_M, 0.0014, 8, 96), targetMaterial),
    new LineSegments(new BufferGeometry().setFromPoints(bearing), targetLine),
    stalk,
  );
  scene.add(target);
  const boxMaterial = new LineBasicMaterial({ transparent: true, opacity: 0.35 });
  const box = new LineSegments(new EdgesGeometry(new BoxGeometry(2, 2, 2)), boxMaterial);
  target.add(box);
  const arrow = new ArrowHelper(new Vector3(1, 0, 0), new Vector3(), 0.1, 0, 0.03, 0.018);
  arrow.visible = false;
  scene.add(arrow);
  const droneHandle = new Mesh(new SphereGeometry(0.06), new MeshBasicMaterial({ visible: false }));
  const targetHandle = new Mesh(
    new TorusGeometry(RING_M, 0.026, 6, 32),
    new MeshBasicMaterial({ visible: false }),
  );
  scene.add(droneHandle);
  const wind = createWindStreaks();
  scene.add(wind.lines);
  target.add(targetHandle);

  let shown = 0;
  let range: readonly [number, number] = [0, 1];
  let beganAt = 0;
  let blend = 1;
  let arrowUntil = 0;
  let last = 0;
  let frames = 0;
  let drawUntil = 0; // nothing moves: nothing is drawn
  const draw = (ms: number) => {
    drawUntil = Math.max(drawUntil, last + ms);
  };
  orbit.addEventListener("change", () => draw(100));
  new ResizeObserver(() => draw(100)).observe(canvas);
  let grid: GridHelper | undefined;

  function paint(palette: Palette): void {
    const colour = (name: keyof Palette) => new Color(palette[name]);
    scene.background = colour("ground");
    views.forEach(({ model, trail }, i) => {
      const accent = colour(DRONE_COLOURS[i] ?? "soft");
      model.paint(colour(i === 0 ? "body" : "soft"), accent);
      trail.paint(accent);
    });
    targetTrail.paint(colour("target"));
    targetMaterial.color = colour("target");
    targetLine.color = colour("target");
    boxMaterial.color = colour("soft");
    arrow.setColor(colour("ink"));
    wind.paint(colour("soft"));
    if (grid) floor.remove(grid);
    grid = new GridHelper(4, 40, colour("soft"), colour("grid"));
    grid.rotation.x = Math.PI / 2;
    floor.add(grid);
    draw(100);
  }

  function fit(): void {
    const { clientWidth: width, clientHeight: height } = canvas;
    const ratio = Math.min(devicePixelRatio, 2);
    if (canvas.width === Math.floor(width * ratio) && canvas.height === Math.floor(height * ratio)) return;
    renderer.setPixelRatio(ratio);
    renderer.setSize(width, height, false);
    camera.aspect = width / Math.max(height, 1);
    camera.fov = camera.aspect < 1 ? 44 : 32;
    camera.updateProjectionMatrix();
  }

  /** The view glides after the target; turning and zooming stay the viewer's. */
  function follow(): void {
    const gap = target.position
      .clone()
      .add(new Vector3(0, 0, -0.04))
      .sub(orbit.target)
      .multiplyScalar(0.03);
    if (gap.length() < 1e-4) return;
    orbit.target.add(gap);
    camera.position.add(gap);
  }

  const blended = () => Math.min(Math.max((last - beganAt) / blend, 0), 1);

  // Pointer: the ring moves the target in the plane of the view, the drone is pushed, anything else turns the view.
  const ray = new Raycaster();
  let drag:
    | { readonly kind: "target" | "drone"; readonly start: Vector3; readonly distance: number }
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
  const depthOf = (point: Vector3) =>
    point.clone().sub(camera.position).dot(camera.getWorldDirection(new Vector3()));
  const strike = (event: PointerEvent) => {
    aim(event);
    if (ray.intersectObject(droneHandle).length > 0) return "drone";
    return ray.intersectObject(targetHandle).length > 0 ? "target" : undefined;
  };
  const pull = (to: Vector3, start: Vector3) => to.sub(start).multiplyScalar(400).clampLength(0, 150); // mN
  canvas.addEventListener(
    "pointerdown",
    (event) => {
      canvas.focus({ preventScroll: true });
      const kind = strike(event);
      if (!kind) return;
      const start = (kind === "drone" ? first.model.group : target).position.clone();
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
    if (drag.kind === "target") {
      events.moveTarget([at.x, at.y, at.z]);
    } else {
      const force = pull(at, drag.start);
      pointArrow(force);
      arrowUntil = Number.POSITIVE_INFINITY;
      draw(100);
    }
  });
  const release = (event: PointerEvent) => {
    if (!drag) return;
    arrowUntil = Math.min(arrowUntil, last); // the push that follows shows its own
    if (drag.kind === "drone" && event.type === "pointerup") {
      aim(event);
      const { x, y, z } = pull(alongRay(drag.distance), drag.start);
      if (Math.hypot(x, y, z) > 2) events.push([x, y, z]);
    }
    draw(100);
    drag = undefined;
    orbit.enabled = true;
  };
  canvas.addEventListener("pointerup", release);
  canvas.addEventListener("pointercancel", release);

  function pointArrow(force: Vector3): void {
    const length = force.length();
    arrow.visible = length > 2;
    if (!arrow.visible) return;
    arrow.setDirection(force.clone().normalize());
    arrow.setLength(0.05 + length / 600, 0.03, 0.018);
  }

  return {
    paint,
    get frames() {
      return frames;
    },

    get isStill() {
      return last > drawUntil;
    },

    blow: wind.blow,

    begin(drones, rotorRange, boundM) {
      wind.blow([0, 0, 0]);
      range = rotorRange;
      shown = Math.min(drones.length, MAX_DRONES);
      box.visible = boundM < 1;
      box.scale.setScalar(boundM);
      views.forEach(({ model, trail, shadow }, i) => {
        model.group.visible = trail.line.visible = shadow.visible = i < shown;
        trail.clear();
      });
      targetTrail.clear();
      this.show(drones, 1);
      for (const view of views) {
        view.from.copy(view.to);
        view.fromTurn.copy(view.toTurn);
      }
    },

    show(drones, blendMs) {
      const amount = blended();
      for (const [i, { position, quaternion, rotors }] of drones.slice(0, shown).entries()) {
        const view = views[i]!;
        view.from.lerp(view.to, amount);
        view.fromTurn.slerp(view.toTurn, amount);
        view.to.fromArray(position);
        view.toTurn.set(quaternion[1]!, quaternion[2]!, quaternion[3]!, quaternion[0]!);
        view.rotors = rotors;
        if (i > 0) view.trail.add(position);
      }
      if (drones[0]) {
        target.position.fromArray(drones[0].target);
        targetTrail.add(drones[0].target);
      }
      beganAt = last;
      blend = blendMs;
      draw(blendMs + 400);
    },

    extendTrail(positions) {
      for (const position of positions) first.trail.add(position);
    },

    showPush(force, ms) {
      pointArrow(new Vector3(...force));
      arrowUntil = last + ms;
      draw(ms + 100);
    },

    viewAxes() {
      const ahead = camera.getWorldDirection(new Vector3()).setZ(0).normalize();
      return { right: [ahead.y, -ahead.x], away: [ahead.x, ahead.y] };
    },

    whereIs(what) {
      const at = droneHandle.position.clone();
      if (what === "ring") {
        const { right } = this.viewAxes();
        at.copy(target.position).add(new Vector3(right[0] * RING_M, right[1] * RING_M, 0));
      }
      at.project(camera);
      const { left, top, width, height } = canvas.getBoundingClientRect();
      return [left + ((at.x + 1) / 2) * width, top + ((1 - at.y) / 2) * height];
    },

    render(nowMs) {
      const seconds = Math.min((nowMs - last) / 1000, 0.1);
      last = nowMs;
      follow();
      orbit.update();
      if (nowMs > drawUntil) return;
      fit();
      wind.move(seconds, orbit.target);
      const amount = blended();
      for (const { model, shadow, from, to, fromTurn, toTurn, rotors } of views.slice(0, shown)) {
        model.group.position.lerpVectors(from, to, amount);
        model.group.quaternion.slerpQuaternions(fromTurn, toTurn, amount);
        const speeds = Array.from(rotors, (r) => (r - range[0]) / (range[1] - range[0]));
        model.spin(speeds, seconds);
        shadow.position.set(model.group.position.x, model.group.position.y, FLOOR_M + 0.001);
      }
      stalk.scale.z = Math.max(target.position.z - FLOOR_M, 0.001);
      droneHandle.position.copy(first.model.group.position);
      arrow.position.copy(first.model.group.position);
      if (nowMs > arrowUntil) arrow.visible = false;
      renderer.render(scene, camera);
      frames++;
    },
  };
}
