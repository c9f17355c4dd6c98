import { byId } from "./page.js";
import type { FlightScene } from "./scene.js";

/** Stands in where the browser has no WebGL: the flight goes on, the page says why nobody sees it. */
export function createNoPicture(reason: string): FlightScene {
  const message = byId("no-picture");
  message.textContent = `No picture: ${reason}. The flight, its signals, training and firmware go on without it.`;
  message.hidden = false;
  let frames = 0;
  return {
    show() {},
    extendTrail() {},
    blow() {},
    hold() {},
    resetView() {},
    turnView() {},
    begin() {},
    showPush() {},
    paint() {},
    viewAxes: () => ({ right: [0, -1], away: [1, 0] }),
    render() {
      frames++;
    },
    whereIs: () => [0, 0],
    isStill: true,
    get frames() {
      return frames;
    },
  };
}
