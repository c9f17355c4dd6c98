#pragma once
#include <stdbool.h>
#include <stdint.h>

typedef uint32_t stabilizerStep_t;
typedef struct {
  float x, y, z;
} Axis3f;
typedef struct {
  uint32_t timestamp;
  float x, y, z;
} vector_t;
typedef struct {
  float x, y, z, w;
} quaternion_t;
typedef struct {
  Axis3f gyro; // deg/s
  uint64_t interruptTimestamp;
} sensorData_t;
typedef struct {
  uint32_t timestamp;
  float roll, pitch, yaw; // deg
} attitude_t;
typedef struct {
  attitude_t attitude;
  quaternion_t attitudeQuaternion;
  vector_t position; // m
  vector_t velocity; // m/s
} state_t;

#define STABILIZER_NR_OF_MOTORS 4
typedef enum { controlModeLegacy = 0, controlModeForceTorque = 1, controlModeForce = 2 } control_mode_t;
typedef struct {
  union {
    struct { // controlModeLegacy
      int16_t roll, pitch, yaw;
      float thrust;
    };
    float normalizedForces[STABILIZER_NR_OF_MOTORS]; // controlModeForce, 0.0 ... 1.0
  };
  control_mode_t controlMode;
} control_t;

typedef enum { modeDisable = 0, modeAbs, modeVelocity } stab_mode_t;
typedef struct {
  stab_mode_t x, y, z, roll, pitch, yaw, quat;
} setpoint_mode_t;
typedef struct {
  attitude_t attitude; // deg
  vector_t position;   // m
  vector_t velocity;   // m/s
  setpoint_mode_t mode;
} setpoint_t;

#define RATE_100_HZ 100
#define RATE_500_HZ 500
#define RATE_MAIN_LOOP 1000
#define RATE_DO_EXECUTE(RATE_HZ, TICK) ((TICK % (RATE_MAIN_LOOP / RATE_HZ)) == 0)
