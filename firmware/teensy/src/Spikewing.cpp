#include "sw_settings.h"

#include "Spikewing.h"

extern "C" {
#include "sw_controller.h"
#include "sw_legacy.h"
#include "sw_port.h"
}
#include "sw_watchdog.h"

SpikewingPilot Spikewing;

// --- the port that sw_port.h asks for ----------------------------------------------------------------------------

static SpikewingPort *port;
static uint8_t read_memory[256], write_memory[128]; // beside the 64 and 40 bytes of the core library

uint32_t sw_port_now_us(void) { return micros(); }

// An answer that does not fit is one that nobody reads: dropped, as the loop must not wait.
void sw_port_send(const uint8_t *bytes, uint32_t count) {
  if (port->availableForWrite() >= (int)count) port->write(bytes, count);
}

// The watchdog restarts the board.
void sw_port_trap(uint32_t trap) {
  (void)trap;
  for (;;) {
  }
}

// --- the controller, by protocol ---------------------------------------------------------------------------------

#if SW_AUTHORS_FRAMES
static sw_legacy_t controller;
#define sw_start sw_legacy_start
#define sw_receive sw_legacy_receive
#define sw_poll sw_legacy_poll
uint32_t SpikewingPilot::frames() const { return controller.counts.frames; }
uint32_t SpikewingPilot::dropped() const { return controller.counts.bad_sum; }
#else
static sw_controller_t controller;
#define sw_start sw_controller_start
#define sw_receive sw_controller_receive
#define sw_poll sw_controller_poll
uint32_t SpikewingPilot::frames() const { return controller.link.counts.frames; }
uint32_t SpikewingPilot::dropped() const {
  const sw_link_counts_t &counts = controller.link.counts;
  return counts.bad_version + counts.bad_type + counts.bad_crc;
}
#endif

void SpikewingPilot::begin(SpikewingPort &link) {
  port = &link;
  port->addMemoryForRead(read_memory, sizeof read_memory);
  port->addMemoryForWrite(write_memory, sizeof write_memory);
  port->begin(SW_BAUD);
  sw_start(&controller, &sw_policy_data);
  sw_watchdog_start();
}

void SpikewingPilot::update() {
  while (port->available() > 0) sw_receive(&controller, (uint8_t)port->read(), sw_port_now_us());
  sw_poll(&controller, sw_port_now_us());
  sw_watchdog_feed();
}

uint8_t SpikewingPilot::status() const { return controller.supervisor.status; }
uint8_t SpikewingPilot::reason() const { return controller.supervisor.reason; }
uint8_t SpikewingPilot::selfTest() const { return controller.self_test; }
uint32_t SpikewingPilot::steps() const { return controller.steps; }
const uint8_t *SpikewingPilot::policyId() const { return sw_policy_data.id; }
