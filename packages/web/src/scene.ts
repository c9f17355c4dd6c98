import {
  Color,
  DirectionalLight,
  HemisphereLight,
  Mesh,
  MeshBasicMaterial,
  Scene,
  SphereGeometry,
  Vector3,
  WebGLRenderer,
} from "three";
import { createAxes } from "./axes.js";
import { createDroneViews, type DroneView } from "./drone-view.js";
import { createFloor } from "./floor.js";
import { letGrasp } from "./grasp.js";
import type { DronePose } from "./messages.js";
import { createPushArrow } from "./push-arrow.js";
import { createReferencePath } from "./reference-path.js";
import { createTargetMarker, RING_M } from "./target-marker.js";
import { DRONE_COLOURS, type Palette } from "./theme.js";
import { createTrail } from "./trail.js";
import { createViewpoint } from "./viewpoint.js";
import { createWindStreaks } from "./wind-streaks.js";

/** One for each colour. */
export const MAX_DRONES = DRONE_COLOURS.length;

/** The picture of the flight. It shows what the core computed; between two control periods it blends. */
export interface FlightScene {
  /** New poses, the first drone's first; they are reached after `blendMs`. */
  show(drones: readonly DronePose[], blendMs: number): void;
  /** Places of the first drone since the last show(). */
  extendTrail(positions: readonly ArrayLike<number>[]): void;
  /** Wind on the first drone, N. */
  blow(wind: readonly number[]): void;
  /** A new flight. `boundM`: half-width of the box that ends it; `path`: a round of the target. */
  begin(
    drones: readonly DronePose[],
    rotorRange: readonly [number, number],
    boundM: number,
    path: Float32Array,
  ): void;
  /** A steady force on the first drone, N: an arrow at it. */
  hold(force: readonly number[]): void;
  /** As it was seen when the flight began. */
  resetView(): void;
  /** The view turns about the target, rad, and comes nearer by a factor. */
  turnView(angle: number, nearer: number): void;
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

export function createFlightScene(canvas: HTMLCanvasElement, events: SceneEvents): FlightScene {
  const renderer = new WebGLRenderer({ canvas, antialias: true, preserveDrawingBuffer: true });
  renderer.debug.checkShaderErrors = false; // asking would wait for the compiler, and no shader here is our own
  const scene = new Scene();
  const viewpoint = createViewpoint(canvas);
  const { camera, orbit } = viewpoint;
  const sun = new DirectionalLight(0xffffff, 1.6);
  sun.position.set(-1, -2, 3);
  const floor = createFloor();
  const views = createDroneViews(MAX_DRONES);
  const [first] = views as [DroneView];
  const droneHandle = new Mesh(new SphereGeometry(0.06), new MeshBasicMaterial({ visible: false }));
  const target = createTargetMarker();
  const targetTrail = createTrail(0.5);
  const arrow = createPushArrow();
  const held = createPushArrow();
  const wind = createWindStreaks();
  const axes = createAxes();
  const reference = createReferencePath();
  scene.add(
    ...[new HemisphereLight(0xffffff, 0x8a9499, 2.2), sun, floor.group],
    ...views.flatMap(({ objects }) => objects),
    ...[targetTrail.line, target.group, arrow.object, held.object, droneHandle, wind.lines],
    ...[axes.group, reference.line],
  );

  let shown = 0;
  let range: readonly [number, number] = [0, 1];
  let beganAt = 0;
  let blend = 1;
  let last = 0;
  let frames = 0;
  let drawUntil = 0; // nothing moves: nothing is drawn
  let drawMs = 0; // counts from the next picture, however late that comes
  const draw = (ms: number) => {
    drawMs = Math.max(drawMs, ms);
  };
  orbit.addEventListener("change", () => draw(100));
  new ResizeObserver(() => draw(100)).observe(canvas);
  const blended = () => Math.min(Math.max((last - beganAt) / blend, 0), 1);

  letGrasp(
    canvas,
    viewpoint,
    {
      drone: { handle: droneHandle, position: first.position },
      target: { handle: target.handle, position: target.group.position },
    },
    {
      moveTarget: events.moveTarget,
      pull(force) {
        arrow.show(force, Number.POSITIVE_INFINITY);
        draw(100);
      },
      push: events.push,
      release() {
        arrow.end(last); // the push that follows shows its own
        draw(100);
      },
    },
  );

  return {
    get frames() {
      return frames;
    },

    get isStill() {
      return drawMs === 0 && last > drawUntil;
    },

    paint(palette) {
      const colour = (name: keyof Palette) => new Color(palette[name]);
      scene.background = colour("ground");
      for (const [i, view] of views.entries())
        view.paint(colour(i === 0 ? "body" : "soft"), colour(DRONE_COLOURS[i] ?? "soft"));
      targetTrail.paint(colour("target"));
      target.paint(colour("target"), colour("soft"));
      arrow.paint(colour("ink"));
      held.paint(colour("layer2"));
      axes.paint(colour("soft"));
      reference.paint(colour("target"));
      wind.paint(colour("soft"));
      floor.paint(colour("soft"), colour("grid"));
      draw(100);
    },

    blow: wind.blow,

    hold(force) {
      held.show(new Vector3(...force).multiplyScalar(1000), Number.POSITIVE_INFINITY);
    },

    resetView() {
      viewpoint.reset();
      draw(100);
    },

    turnView(angle, nearer) {
      viewpoint.turn(angle, nearer);
      draw(100);
    },

    begin(drones, rotorRange, boundM, path) {
      reference.show(path);
      viewpoint.frame(path, drones[0]?.target ?? [0, 0, 0]);
      wind.blow([0, 0, 0]);
      range = rotorRange;
      shown = Math.min(drones.length, MAX_DRONES);
      target.bound(boundM);
      for (const [i, view] of views.entries()) view.begin(i < shown);
      targetTrail.clear();
      this.show(drones, 1);
      for (const view of views) view.arrive();
    },

    show(drones, blendMs) {
      const amount = blended();
      for (const [i, pose] of drones.slice(0, shown).entries()) {
        views[i]!.aim(pose, amount);
        if (i > 0) views[i]!.extendTrail(pose.position);
      }
      if (drones[0]) {
        target.group.position.fromArray(drones[0].target);
        targetTrail.add(drones[0].target);
      }
      beganAt = last;
      blend = blendMs;
      draw(blendMs + 400);
    },

    extendTrail(positions) {
      for (const position of positions) first.extendTrail(position);
    },

    showPush(force, ms) {
      arrow.show(new Vector3(...force), last + ms);
      draw(ms + 100);
    },

    viewAxes: viewpoint.axes,

    whereIs(what) {
      if (what === "drone") return viewpoint.locate(droneHandle.position);
      const { right } = viewpoint.axes();
      const edge = new Vector3(right[0] * RING_M, right[1] * RING_M, 0);
      return viewpoint.locate(edge.add(target.group.position));
    },

    render(nowMs) {
      const seconds = Math.min((nowMs - last) / 1000, 0.1);
      last = nowMs;
      viewpoint.follow(target.group.position);
      orbit.update();
      drawUntil = Math.max(drawUntil, drawMs > 0 ? nowMs + drawMs : 0);
      drawMs = 0;
      if (nowMs > drawUntil) return;
      viewpoint.fit(renderer);
      wind.move(seconds, orbit.target);
      const amount = blended();
      for (const view of views.slice(0, shown)) view.draw(amount, range, seconds);
      target.stand();
      droneHandle.position.copy(first.position);
      arrow.draw(nowMs, first.position);
      held.draw(nowMs, first.position);
      renderer.render(scene, camera);
      frames++;
    },
  };
}
