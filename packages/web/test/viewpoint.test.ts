import { PerspectiveCamera, Vector3 } from "three";
import { expect, test } from "vitest";
import { fieldOfView } from "../src/viewpoint.js";

test.each([0.3, 390 / 844, 0.75, 1, 1.6, 3])(
  "a picture of aspect %d shows what one of 5 to 4 shows",
  (aspect) => {
    const edge = (camera: PerspectiveCamera) => {
      camera.updateMatrixWorld();
      return new Vector3(1, 1, 0.5)
        .unproject(camera)
        .divideScalar(new Vector3(1, 1, 0.5).unproject(camera).z);
    };
    const wide = edge(new PerspectiveCamera(fieldOfView(1.25), 1.25, 0.02, 30));
    const other = edge(new PerspectiveCamera(fieldOfView(aspect), aspect, 0.02, 30));
    expect(Math.abs(other.x)).toBeGreaterThanOrEqual(Math.abs(wide.x) - 1e-9);
    expect(Math.abs(other.y)).toBeGreaterThanOrEqual(Math.abs(wide.y) - 1e-9);
  },
);
