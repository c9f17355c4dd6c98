// From a command of the policy to the force that it meant in training, as the core takes it (assembly/link/pilot-forces.ts).

#ifndef SW_FORCE_H
#define SW_FORCE_H

// Of the drone that the policy was trained on: what -1 and 1 set a rotor to, in what the thrust curve takes, and that curve,
// N of one rotor: thrust0 + thrust1 r + thrust2 r^2.
typedef struct {
  float rotor_min, rotor_max;
  float thrust0, thrust1, thrust2;
  float mass_kg;
} sw_trained_t;

typedef struct {
  sw_trained_t trained;
  float mass_kg; // of the drone that flies
} sw_force_command_t;

// The bytes are generated: sw_trained.c.
extern const sw_trained_t sw_trained;

#endif
