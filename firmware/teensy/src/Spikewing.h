// A spiking policy that flies a Crazyflie over a serial port of a Teensy 4. This is the Arduino face of sw_controller.h;
// the policy itself is generated C (policy.c) with weights in flash (sw_policy_data.c).
//
//   #include <Spikewing.h>
//   void setup() { Spikewing.begin(Serial1); }
//   void loop() { Spikewing.update(); }

#ifndef SPIKEWING_H
#define SPIKEWING_H

#include <Arduino.h>

extern "C" {
#include "sw_protocol.h"
}

using SpikewingPort = decltype(Serial1);

class SpikewingPilot {
public:
  // Opens the port at SW_BAUD, tests the policy (some milliseconds) and starts the watchdog: unless update() is called
  // at least every half second from here on, the board restarts.
  void begin(SpikewingPort &port);

  // Takes in what has arrived, answers it, and watches the time. Call it as often as possible: an answer may take 5 ms.
  void update();

  uint8_t status() const;   // SW_STATUS_...
  uint8_t reason() const;   // SW_REASON_..., why it does not fly
  uint8_t selfTest() const; // SW_SELF_TEST_...
  uint32_t steps() const;   // of the policy, since power-on
  uint32_t frames() const;  // received whole
  uint32_t dropped() const; // frames that were not: CRC, version or type
  const uint8_t *policyId() const; // 8 bytes, as in HELLO
};

// There is one: the memory of the policy is static.
extern SpikewingPilot Spikewing;

#endif
