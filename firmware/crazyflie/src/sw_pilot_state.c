#include "sw_pilot_state.h"

static const float RAD_PER_DEG = 0.017453292519943295f;

void sw_pilot_state(const sw_pilot_estimate_t *e, float state[SW_PILOT_STATE_FLOATS]) {
  for (int i = 0; i < 3; i++) {
    state[i] = e->position[i] - e->target_position[i];
    state[12 + i] = e->velocity[i] - e->target_velocity[i];
    state[15 + i] = e->angular_velocity_deg[i] * RAD_PER_DEG;
  }
  // packages/core-wasm/assembly/task/observation.ts, observeExactly
  const float w = e->quaternion[0], x = e->quaternion[1], y = e->quaternion[2], z = e->quaternion[3];
  const float xx = x * x, yy = y * y, zz = z * z;
  const float xy = x * y, xz = x * z, yz = y * z;
  const float wx = w * x, wy = w * y, wz = w * z;
  float *r = state + 3;
  r[0] = 1.0f - 2.0f * (yy + zz);
  r[1] = 2.0f * (xy - wz);
  r[2] = 2.0f * (xz + wy);
  r[3] = 2.0f * (xy + wz);
  r[4] = 1.0f - 2.0f * (xx + zz);
  r[5] = 2.0f * (yz - wx);
  r[6] = 2.0f * (xz - wy);
  r[7] = 2.0f * (yz + wx);
  r[8] = 1.0f - 2.0f * (xx + yy);
}
