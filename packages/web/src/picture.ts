import { createNoPicture } from "./no-picture.js";
import { byId } from "./page.js";
import { createFlightScene, type FlightScene, type SceneEvents } from "./scene.js";

/** The scene, or what stands in for it where there is no WebGL. */
export function createPicture(events: SceneEvents): FlightScene {
  try {
    return createFlightScene(byId("scene"), events);
  } catch (error) {
    const { message } = error as Error;
    const more = /Error creating WebGL context/.test(message) ? "" : ` (${message})`; // which says no more
    return createNoPicture(`this browser offers no WebGL${more}`);
  }
}
