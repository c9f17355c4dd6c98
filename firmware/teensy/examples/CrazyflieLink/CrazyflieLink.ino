// Flies a Crazyflie. Pins 0 (RX1) and 1 (TX1) of the Teensy to TX1 and RX1 of the Crazyflie's deck, ground to ground.
//
// LED: slow blinking, it waits (STANDBY); steady, it flies (ARMED); fast blinking, a fail-safe (FAILSAFE); off with a
// flash a second, the self-test refused (FAULT). USB prints the same in words, twice a second.

#include <Spikewing.h>

static const char *const STATUS[] = SW_STATUS_NAMES;
static const char *const REASON[] = SW_REASON_NAMES;

static bool ledIsOn(uint8_t status, uint32_t ms) {
  switch (status) {
  case SW_STATUS_ARMED: return true;
  case SW_STATUS_STANDBY: return ms % 1000 < 500;
  case SW_STATUS_FAILSAFE: return ms % 200 < 100;
  default: return ms % 1000 < 50;
  }
}

static void printStatus() {
  if (!Serial || Serial.availableForWrite() < 128) return; // nobody listens: never wait
  Serial.print(STATUS[Spikewing.status() & 3]);
  Serial.print(" ");
  Serial.print(REASON[Spikewing.reason() & 7]);
  Serial.print(" steps ");
  Serial.print(Spikewing.steps());
  Serial.print(" frames ");
  Serial.print(Spikewing.frames());
  Serial.print(" dropped ");
  Serial.println(Spikewing.dropped());
}

void setup() {
  pinMode(LED_BUILTIN, OUTPUT);
  Serial.begin(115200);
  Spikewing.begin(Serial1);
}

void loop() {
  Spikewing.update();

  static uint32_t printedMs;
  const uint32_t ms = millis();
  digitalWrite(LED_BUILTIN, ledIsOn(Spikewing.status(), ms));
  if (ms - printedMs >= 500) {
    printedMs = ms;
    printStatus();
  }
}
