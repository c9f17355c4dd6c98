import { ArrowHelper, type Color, Vector3 } from "three";

/** An arrow at the drone, as long as a force is strong. */
export interface PushArrow {
  readonly object: ArrowHelper;
  /** Shows a force (mN) until a time; one that no one would feel is not shown. */
  show(force: Vector3, untilMs: number): void;
  /** Nothing pushes any longer. */
  end(nowMs: number): void;
  draw(nowMs: number, at: Vector3): void;
  paint(colour: Color): void;
}

/** mN. A pull of less is no push. */
export const LEAST_PUSH = 2;

export function createPushArrow(): PushArrow {
  const object = new ArrowHelper(new Vector3(1, 0, 0), new Vector3(), 0.1, 0, 0.03, 0.018);
  object.visible = false;
  let until = 0;
  return {
    object,
    show(force, untilMs) {
      until = untilMs;
      const strength = force.length();
      object.visible = strength > LEAST_PUSH;
      if (!object.visible) return;
      object.setDirection(force.clone().normalize());
      object.setLength(0.05 + strength / 600, 0.03, 0.018);
    },
    end(nowMs) {
      until = Math.min(until, nowMs);
    },
    draw(nowMs, at) {
      object.position.copy(at);
      if (nowMs > until) object.visible = false;
    },
    paint(colour) {
      object.setColor(colour);
    },
  };
}
