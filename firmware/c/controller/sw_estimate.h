// What a drone knows of itself and of its target, as the core takes it (assembly/link/pilot-observation.ts).

#ifndef SW_ESTIMATE_H
#define SW_ESTIMATE_H

// World frame, SI units, angles by quaternion; angular velocity in body axes, in the gyroscope's degrees per second.
typedef struct {
  float position[3], velocity[3];
  float quaternion[4]; // w, x, y, z: body to world, of norm 1
  float angular_velocity_deg[3];
  float target_position[3], target_velocity[3];
  float target_yaw_deg;
  float position_limit, velocity_limit; // what the errors to the target are clipped to, m and m/s; 0: they are not
} sw_estimate_t;

#endif
