// One fault of what the app sees of the Crazyflie, or of the policy's side, for app-guards.test.ts: the app with its own loop, for the
// Teensy (TEENSY) or the policy on board, where a stand-in steps instead of the policy. The stabilizer's cycles pass while the app's
// task waits.
//
// Arguments: the fault, the cycle in which it begins, and that in which it ends. `enable` is 1 from cycle 100 to 399. Prints at
// cycle 400 "MODE REFUSAL", and "policy", "stock" or "neither" for whose output the motors have; then the status of the policy's
// side, noise on the Teensy's link, and requests before the policy was ready; and the thrust in cycle 401.

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "spikewing_app.c"
#ifdef TEENSY
#include "sw_pilot_teensy.c"
#else
#include "sw_pilot_onboard.c"
#endif

enum { ENABLED = 100, LAST = 400 };

const sw_trained_t sw_trained = {.mass_kg = 0.027f};

static const char *fault = "";
static long cycle, fault_from, fault_until;
static bool is(const char *name) { return cycle >= fault_from && cycle < fault_until && !strcmp(fault, name); }

// --- the Crazyflie -----------------------------------------------------------------------------------------------

static uint64_t time_us = 5000000;
uint64_t usecTimestamp(void) { return time_us; }
bool supervisorCanFly(void) { return !is("cannot fly"); }
bool supervisorIsFlying(void) { return !is("not flying"); }
bool supervisorIsTumbled(void) { return is("tumbled"); }
void controllerPidInit(void) {}
bool controllerPidTest(void) { return true; }
// At 100 Hz it thinks; what it said last stands in its output until then.
void controllerPid(control_t *control, const setpoint_t *setpoint, const sensorData_t *sensors, const state_t *state,
                   const stabilizerStep_t step) {
  (void)setpoint, (void)sensors, (void)state;
  control->controlMode = controlModeLegacy;
  if (step % 10 == 0) control->thrust = 36000;
}
void positionControllerResetAllPID(float x, float y, float z) { (void)x, (void)y, (void)z; }
void positionControllerResetAllfilters() {}
void attitudeControllerResetAllPID(float roll, float pitch, float yaw) { (void)roll, (void)pitch, (void)yaw; }

static bool notified;
static uint32_t early; // requests for an app that is not there
TaskHandle_t xTaskGetCurrentTaskHandle(void) { return 0; }
void xTaskNotifyGive(TaskHandle_t to) { (void)to, notified = true, early += !ready; }
void vTaskNotifyGiveFromISR(TaskHandle_t to, BaseType_t *woken) { (void)to, (void)woken, notified = true; }
void vPortEnterCritical(void) {}
void vPortExitCritical(void) {}

#ifdef TEENSY
#define LINK_STATUS status
#define LINK_NOISE link.counts.noise_bytes
#else
#define LINK_STATUS supervisor.status
#define LINK_NOISE 0u
#endif

static void stabilize(void) {
  static control_t control = {.controlMode = 99};
  static char flown[64];
  const float wander = is("the same estimate") ? 0 : 0.001f * (float)(cycle % 7);
  const state_t state = {.position = {.x = wander, .z = is("low") ? 0.29f : 1},
                         .attitudeQuaternion = {.w = is("on its side") ? 0.5f : 1, .x = is("on its side") ? 0.8660254f : 0}};
  setpoint_t setpoint = {.position = {.z = 1}, .mode = {.x = modeAbs, .y = modeAbs, .z = modeAbs, .yaw = modeAbs}};
  if (is("a velocity ahead")) setpoint.mode.x = modeVelocity;
  if (is("a velocity aside")) setpoint.mode.y = modeVelocity;
  if (is("a velocity up")) setpoint.mode.z = modeVelocity;
  if (is("a yaw rate")) setpoint.mode.yaw = modeVelocity;
  mass_kg = is("too light") ? 0.0134f : is("too heavy") ? 0.0545f : is("too heavy for its motors") ? 0.0409f : 0.03f;
  enable = cycle >= ENABLED && cycle < LAST ? (is("enable is 2") ? 2 : 1) : 0;
  const sensorData_t sensors = {.interruptTimestamp = time_us};
  if (cycle == LAST) printf("%s %u %u %u\n", flown, LINK_STATUS, LINK_NOISE, early);
  control.thrust = -1;
  control.controlMode = 99;
  controllerOutOfTree(&control, &setpoint, &sensors, &state, (stabilizerStep_t)cycle);
  const char *whose = control.controlMode == controlModeForce ? "policy" : control.controlMode == controlModeLegacy ? "stock" : "neither";
  snprintf(flown, sizeof flown, "%d %d %s", guard.mode, guard.refusal, whose);
  if (cycle > LAST) printf("%g\n", control.thrust), exit(0);
  cycle++;
  time_us += 1000;
}

uint32_t ulTaskNotifyTake(int clear, TickType_t ticks) {
  (void)clear;
  for (TickType_t i = 0; i < ticks && (!notified || is("held up")); i++) stabilize();
  notified = false;
  return 1;
}
void vTaskDelay(TickType_t ticks) {
  for (TickType_t i = 0; i < ticks; i++) stabilize();
}

// --- the policy's side -------------------------------------------------------------------------------------------

#ifdef TEENSY

bool sw_pilot_state_start(void) { return strcmp(fault, "no memory"); }
void sw_pilot_state(const sw_estimate_t *estimate, int16_t words[SW_PILOT_STATE_WORDS]) {
  (void)estimate;
  memset(words, 0, SW_PILOT_STATE_WORDS * sizeof *words);
}
void sw_pilot_motors(const int16_t action[4], float motors[4]) {
  for (int i = 0; i < 4; i++) motors[i] = action[i] / 16384.0f;
}
void sw_pilot_forces(const sw_force_command_t *command, const float motors[4], float forces[4]) {
  for (int i = 0; i < 4; i++) forces[i] = command->mass_kg * (1 + motors[i]);
}

void uart1Init(const uint32_t baudrate) { (void)baudrate; }
void uart1SetRxCallback(uart1RxCallback_t callback) { (void)callback; }

static void hear(const uint8_t *bytes, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) receive_byte(bytes[i], NULL);
}

// The Teensy answers at once.
void uart1SendDataDmaBlocking(uint32_t size, uint8_t *data) {
  static const uint8_t zeros[2 * RECEIVED_BYTES];
  if (is("an echo")) hear(data, size);
  if (is("silence")) return;
  if (is("a flood")) hear(zeros, sizeof zeros);
  const uint8_t payload[SW_MOTORS_PAYLOAD_BYTES] = {
      [SW_MOTORS_STATUS_AT] = is("not armed") ? SW_STATUS_STANDBY : SW_STATUS_ARMED,
  };
  uint8_t frame[SW_MOTORS_FRAME_BYTES];
  hear(frame, sw_link_encode(frame, SW_TYPE_MOTORS, sw_get_u16(data + SW_SEQUENCE_AT), payload));
}

#else

const sw_policy_data_t sw_policy_data;
static float observation[SW_OBSERVATION_WORDS];
static const float motors_said[SW_PILOT_MOTORS];

uint8_t sw_policy_start(sw_policy_t *one, const sw_policy_data_t *data) {
  (void)one, (void)data;
  return strcmp(fault, "self-test") ? SW_SELF_TEST_PASSED : SW_SELF_TEST_EXAMPLE;
}
static bool is_reset;
void sw_policy_reset(sw_policy_t *one) { (void)one, is_reset = true; }
uint8_t *sw_policy_observation(const sw_policy_t *one) { return (void)one, (uint8_t *)observation; }
void sw_policy_observe(sw_policy_t *one, const sw_estimate_t *estimate) {
  (void)one;
  static float sway;
  sway = is("the same estimate") ? sway : 1 - sway;
  for (int i = 0; i < 3; i++) observation[i] = 0.01f * sway + estimate->position[0];
  if (is("no number")) observation[0] = NAN;
}
const uint8_t *sw_policy_step(sw_policy_t *one) {
  (void)one;
  if (is("late")) time_us += 5001;
  if (is("a trap")) sw_port_trap(1);
  return (const uint8_t *)motors_said;
}
// Without zeroed membranes nothing is what it should be.
void sw_policy_forces(sw_policy_t *one, const sw_force_command_t *command, float forces[4]) {
  (void)one;
  for (int i = 0; i < 4; i++) forces[i] = is_reset ? command->mass_kg : NAN;
}

#endif

int main(int argc, char **argv) {
  if (argc != 4) return 1;
  fault = argv[1], fault_from = atol(argv[2]), fault_until = atol(argv[3]);
  controllerOutOfTreeInit();
  while (cycle < 20) stabilize(); // the app's task begins after the stabilizer's
  appMain();
  return 1;
}
