import {
  BoxGeometry,
  CircleGeometry,
  type Color,
  CylinderGeometry,
  DoubleSide,
  Group,
  Mesh,
  MeshBasicMaterial,
  MeshLambertMaterial,
  RingGeometry,
} from "three";

/** Half the distance of neighbouring motors, m; M1 .. M4: front right, back right, back left, front left. */
const MOTOR_M = 0.0325;
const MOTORS = [
  [MOTOR_M, -MOTOR_M, 1],
  [-MOTOR_M, -MOTOR_M, -1],
  [-MOTOR_M, MOTOR_M, 1],
  [MOTOR_M, MOTOR_M, -1],
] as const;
const PROPELLER_RADIUS_M = 0.0225;
const RING_SEGMENTS = 48;

/** A Crazyflie in true size, x forward, z up. Rings around the rotors show their speed, a full ring the highest. */
export interface CrazyflieModel {
  readonly group: Group;
  /** speeds in 0 .. 1 of the range; turns the propellers by `seconds`. */
  spin(speeds: readonly number[], seconds: number): void;
  paint(body: Color, accent: Color): void;
}

export function createCrazyflieModel(opacity = 1): CrazyflieModel {
  const look = { transparent: opacity < 1, opacity };
  const body = new MeshLambertMaterial(look);
  const metal = new MeshLambertMaterial({ color: 0x5f6669, ...look });
  const accent = new MeshLambertMaterial(look);
  const ringMaterial = new MeshBasicMaterial({ side: DoubleSide, ...look });
  const discMaterial = new MeshBasicMaterial({
    side: DoubleSide,
    transparent: true,
    opacity: 0.12 * opacity,
    depthWrite: false,
  });
  const group = new Group();
  const add = (mesh: Mesh, x: number, y: number, z: number) => {
    mesh.position.set(x, y, z);
    group.add(mesh);
    return mesh;
  };

  add(new Mesh(new BoxGeometry(0.034, 0.03, 0.0016), body), 0, 0, 0); // circuit board
  add(new Mesh(new BoxGeometry(0.03, 0.017, 0.0062), metal), 0, 0, 0.0045); // battery
  add(new Mesh(new BoxGeometry(0.012, 0.004, 0.004), accent), 0.017, 0, 0.002); // front
  const armGeometry = new BoxGeometry(0.044, 0.0065, 0.0016);
  const motorGeometry = new CylinderGeometry(0.0035, 0.0035, 0.016, 16).rotateX(Math.PI / 2);
  const footGeometry = new CylinderGeometry(0.0012, 0.0026, 0.012, 8).rotateX(-Math.PI / 2);
  const bladeGeometry = new BoxGeometry(2 * PROPELLER_RADIUS_M, 0.0042, 0.0007);
  const hubGeometry = new CylinderGeometry(0.0022, 0.0022, 0.003, 12).rotateX(Math.PI / 2);
  const propellers = MOTORS.map(([x, y]) => {
    const arm = add(new Mesh(armGeometry, body), x / 2, y / 2, 0);
    arm.rotation.z = Math.atan2(y, x);
    add(new Mesh(motorGeometry, metal), x, y, 0.002);
    add(new Mesh(footGeometry, body), x, y, -0.011);
    const propeller = add(new Mesh(bladeGeometry, x > 0 ? accent : body), x, y, 0.0115);
    propeller.add(new Mesh(hubGeometry, body));
    add(new Mesh(new CircleGeometry(PROPELLER_RADIUS_M, 32), discMaterial), x, y, 0.012);
    return propeller;
  });
  const rings = MOTORS.map(([x, y]) => {
    const { x: inner, y: outer } = { x: PROPELLER_RADIUS_M + 0.0006, y: PROPELLER_RADIUS_M + 0.0028 };
    const ring = new Mesh(new RingGeometry(inner, outer, RING_SEGMENTS, 1, Math.PI / 2), ringMaterial);
    return add(ring, x, y, 0.012);
  });

  return {
    group,
    spin(speeds, seconds) {
      for (const [i, propeller] of propellers.entries()) {
        const speed = speeds[i]!;
        propeller.rotation.z += MOTORS[i]![2] * speed * 40 * seconds; // far slower than real, to be seen
        rings[i]!.geometry.setDrawRange(0, 6 * Math.round(RING_SEGMENTS * Math.min(Math.max(speed, 0), 1)));
      }
    },
    paint(bodyColour, accentColour) {
      body.color = bodyColour;
      accent.color = accentColour;
      ringMaterial.color = accentColour;
      discMaterial.color = bodyColour;
    },
  };
}
