import { AFTER } from "./reactions.js";
import type { Session } from "./session.js";

/** Slows the flight after a push, for as long as reactions are looked at and a little longer. */
export interface SlowMotion {
  pushed(): void;
  /** A step has been flown. */
  look(): void;
}

const STEPS = 2 * AFTER;

/** @param rate of the flight after a push; 1: as before */
export function createSlowMotion(session: Session, rate: () => number): SlowMotion {
  let back: { readonly speed: number; readonly step: number } | undefined;
  return {
    pushed() {
      if (rate() === 1 || session.isPaused) return;
      back = { speed: back?.speed ?? session.speed, step: session.step + STEPS };
      session.hasten(rate());
    },
    look() {
      if (!back || session.step < back.step - STEPS) back = undefined;
      else if (session.step >= back.step) {
        const { speed } = back;
        back = undefined;
        session.hasten(speed);
      }
    },
  };
}
