// What both ends of the serial link agree on. Written from src/protocol/table.ts by `npm run protocol`; do not edit.
// All numbers on the wire are little-endian.

#ifndef SW_PROTOCOL_H
#define SW_PROTOCOL_H

#define SW_BAUD 460800u // 8N1

// A frame: sync (2), version u8, type u8, sequence u16, payload, CRC-32 u32 over version to payload.
#define SW_PROTOCOL_VERSION 3u
#define SW_SYNC_0 0xA5u
#define SW_SYNC_1 0x5Au
#define SW_SYNC_BYTES 2u
#define SW_VERSION_AT 2u
#define SW_TYPE_AT 3u
#define SW_SEQUENCE_AT 4u
#define SW_HEADER_BYTES 6u
#define SW_CRC_BYTES 4u
#define SW_LONGEST_FRAME_BYTES 52u

// Numbers of the policy
#define SW_OBSERVATION_WORDS 18u
#define SW_MOTORS_WORDS 4u
#define SW_MOTORS_STOPPED -16384 // in a MOTORS frame

// STATE, Crazyflie ->: the state estimate, every control period. Offsets are in the payload.
#define SW_TYPE_STATE 1u
#define SW_STATE_PAYLOAD_BYTES 42u
#define SW_STATE_FRAME_BYTES 52u
#define SW_STATE_TIME_US_AT 0u // u32, us: clock of the estimate; wraps
#define SW_STATE_FLAGS_AT 4u // u16, bits: bit 0 ARM; the others are zero
#define SW_STATE_POSITION_ERROR_AT 6u // i16 x 3, 2^-12 m: estimate minus target, world x y z
#define SW_STATE_ROTATION_AT 12u // i16 x 9, 2^-14: rotation matrix body to world, row by row
#define SW_STATE_VELOCITY_AT 30u // i16 x 3, 2^-11 m/s: world x y z
#define SW_STATE_ANGULAR_VELOCITY_AT 36u // i16 x 3, 2^-9 rad/s: body x y z

// MOTORS, Teensy ->: answers a STATE, with its sequence number. Offsets are in the payload.
#define SW_TYPE_MOTORS 2u
#define SW_MOTORS_PAYLOAD_BYTES 12u
#define SW_MOTORS_FRAME_BYTES 22u
#define SW_MOTORS_STATUS_AT 0u // u8, code: see status codes
#define SW_MOTORS_REASON_AT 1u // u8, code: see reason codes
#define SW_MOTORS_STEP_US_AT 2u // u16, us: from the arrival of the STATE to this answer; 65,535 for more, 0 without a step
#define SW_MOTORS_MOTORS_AT 4u // i16 x 4, 2^-14: rotors M1 .. M4, -1 stopped, 1 full; -1 unless ARMED

// HELLO_REQUEST, Crazyflie ->: asks who flies. Offsets are in the payload.
#define SW_TYPE_HELLO_REQUEST 3u
#define SW_HELLO_REQUEST_PAYLOAD_BYTES 0u
#define SW_HELLO_REQUEST_FRAME_BYTES 10u

// HELLO, Teensy ->: answers a HELLO_REQUEST, with its sequence number. Offsets are in the payload.
#define SW_TYPE_HELLO 4u
#define SW_HELLO_PAYLOAD_BYTES 22u
#define SW_HELLO_FRAME_BYTES 32u
#define SW_HELLO_SELF_TEST_AT 0u // u8, code: see self-test codes
#define SW_HELLO_STATUS_AT 1u // u8, code: see status codes
#define SW_HELLO_WIDTHS_AT 2u // u16 x 6, neurons: of each hidden layer; 0 behind the last
#define SW_HELLO_POLICY_ID_AT 14u // u8 x 8, bytes: the first 8 of the SHA-256 of the policy image

#define SW_FLAG_ARM 1u // STATE flags, bit 0: motors may run

// STATUS
#define SW_STATUS_FAULT 0u // the self-test refused; for ever
#define SW_STATUS_STANDBY 1u // waits for ARM
#define SW_STATUS_ARMED 2u // flies
#define SW_STATUS_FAILSAFE 3u // a guard refused; until a valid STATE without ARM
#define SW_STATUS_NAMES {"FAULT", "STANDBY", "ARMED", "FAILSAFE"} // by code

// REASON
#define SW_REASON_NONE 0u // no fault
#define SW_REASON_SELF_TEST 1u // see HELLO's selfTest
#define SW_REASON_LINK_LOST 2u // no new valid STATE for linkTimeoutUs
#define SW_REASON_STALE_STATE 3u // staleFrames STATEs in a row were no newer than the one before, or equal to it
#define SW_REASON_NOT_FINITE 4u // a NaN or an infinity; in a STATE -32768 stands for them
#define SW_REASON_OUT_OF_RANGE 5u // a value outside its range
#define SW_REASON_DEADLINE_MISSED 6u // the answer came later than deadlineUs
#define SW_REASON_SEQUENCE 7u // a sequence number ran backwards or left out more than maxLostFrames
#define SW_REASON_NAMES {"NONE", "SELF_TEST", "LINK_LOST", "STALE_STATE", "NOT_FINITE", "OUT_OF_RANGE", "DEADLINE_MISSED", "SEQUENCE"} // by code

// SELF_TEST
#define SW_SELF_TEST_PASSED 0u // image and example are whole, and the policy gives the example's actions bit for bit
#define SW_SELF_TEST_CHECKSUM 1u // image or example differ from their CRC-32
#define SW_SELF_TEST_MEMORY 2u // the core's linear memory is too small for this policy
#define SW_SELF_TEST_EXAMPLE 3u // the policy gives other actions
#define SW_SELF_TEST_NAMES {"PASSED", "CHECKSUM", "MEMORY", "EXAMPLE"} // by code

// Limits of the fail-safes
#define SW_LINK_TIMEOUT_US 50000u // without a new valid STATE, then LINK_LOST
#define SW_DEADLINE_US 5000u // from the arrival of a STATE to its answer
#define SW_STALE_FRAMES 3u // stale STATEs in a row, then STALE_STATE
#define SW_MAX_LOST_FRAMES 3u // missing sequence numbers that are flown over; at 100 Hz one more would be LINK_LOST

// The observation's groups in the order of training: {values, lowest, highest} that are accepted
#define SW_OBSERVATION_RANGES \
  { \
    {3u, -4.0f, 4.0f}, /* positionError, m */ \
    {9u, -1.0625f, 1.0625f}, /* rotation, 1 */ \
    {3u, -8.0f, 8.0f}, /* velocity, m/s */ \
    {3u, -35.0f, 35.0f}, /* angularVelocity, rad/s */ \
  }
#define SW_OBSERVATION_GROUPS 4u

// The frames of the paper's authors: start byte, payload, sum of the payload's bytes modulo 256
#define SW_LEGACY_START 0x9Au
#define SW_LEGACY_STATE_FRAME_BYTES 74u
#define SW_LEGACY_STATE_PAYLOAD_BYTES 72u
#define SW_LEGACY_STATE_POSITION_ERROR_AT 0u // f32 x 3, m: estimate minus target, world x y z
#define SW_LEGACY_STATE_VELOCITY_AT 12u // f32 x 3, m/s: world x y z
#define SW_LEGACY_STATE_ROTATION_AT 24u // f32 x 9, 1: rotation matrix body to world, row by row
#define SW_LEGACY_STATE_GYRO_AT 60u // f32 x 3, deg/s: body x y z
#define SW_LEGACY_MOTORS_FRAME_BYTES 18u
#define SW_LEGACY_MOTORS_PAYLOAD_BYTES 16u
#define SW_LEGACY_MOTORS_MOTORS_AT 0u // f32 x 4, 1: rotors M1 .. M4, -1 stopped, 1 full; -1 unless ARMED

#endif
