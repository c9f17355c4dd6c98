// The policy's side of spikewing_app.h, where a Teensy on UART1 steps it.

#include "FreeRTOS.h"
#include "task.h"

#include "autoconf.h"
#include "log.h"
#include "uart1.h"

#include "spikewing_app.h"
#include "sw_link.h"
#include "sw_pilot_state.h"

#ifdef CONFIG_DEBUG_PRINT_ON_UART1
#error "The Teensy is on UART1; switch off CONFIG_DEBUG_PRINT_ON_UART1"
#endif

#define NO_STATUS 0xff          // no status of the protocol
#define STATUS_STALE_US 100000u // ten STATEs without an answer

// What has come and has not been read: written by the port's interrupt, read by the app's task. More than the frames of two
// requests, as the task is away while it sends one.
#define RECEIVED_BYTES 256u // a power of two

static sw_link_t link;
static uint8_t received[RECEIVED_BYTES];
static volatile uint32_t received_count, read_count; // since power-on; they wrap
static TaskHandle_t task;

// What the log shows.
static uint8_t status = NO_STATUS, reason;
static uint16_t step_us;
static uint32_t answered_us;
static uint32_t sent, answers;

static sw_request_t request; // the last

// The port's interrupt. A byte that finds no room is lost, and the CRC says so.
static void receive_byte(uint8_t byte, BaseType_t *higher_priority_task_woken) {
  if (received_count - read_count == RECEIVED_BYTES) return;
  received[received_count % RECEIVED_BYTES] = byte;
  received_count = received_count + 1;
  vTaskNotifyGiveFromISR(task, higher_priority_task_woken);
}

// Sends the STATE that waits, if one does. DMA reads the frame: not from the stack, which is in core-coupled memory.
static void send_state(void) {
  static uint8_t payload[SW_STATE_PAYLOAD_BYTES], frame[SW_STATE_FRAME_BYTES];
  if (!sw_app_take(&request)) return;
  int16_t state[SW_PILOT_STATE_WORDS];
  sw_pilot_state(&request.estimate, state);
  sw_put_u32(payload + SW_STATE_TIME_US_AT, request.time_us);
  sw_put_u16(payload + SW_STATE_FLAGS_AT, request.arm ? SW_FLAG_ARM : 0);
  for (uint32_t i = 0; i < SW_PILOT_STATE_WORDS; i++)
    sw_put_u16(payload + SW_STATE_POSITION_ERROR_AT + 2 * i, (uint16_t)state[i]);
  uart1SendDataDmaBlocking(sw_link_encode(frame, SW_TYPE_STATE, request.sequence, payload), frame);
  sent++;
}

static void receive_motors(const sw_frame_t *frame) {
  status = frame->payload[SW_MOTORS_STATUS_AT];
  reason = frame->payload[SW_MOTORS_REASON_AT];
  step_us = sw_get_u16(frame->payload + SW_MOTORS_STEP_US_AT);
  answers++;
  answered_us = sw_app_now_us();
  sw_pilot_answer_t answer = {.sequence = frame->sequence, .armed = status == SW_STATUS_ARMED};
  int16_t action[SW_PILOT_MOTORS];
  for (uint32_t i = 0; i < SW_PILOT_MOTORS; i++)
    action[i] = (int16_t)sw_get_u16(frame->payload + SW_MOTORS_MOTORS_AT + 2 * i);
  sw_pilot_motors(action, answer.motors);
  const sw_force_command_t command = {.trained = sw_trained, .mass_kg = request.mass_kg};
  sw_pilot_forces(&command, answer.motors, answer.forces);
  sw_app_answer(&answer);
}

// What the log shows is what the Teensy says now, or that it says nothing.
static void forget_stale_status(void) {
  if (status != NO_STATUS && sw_app_now_us() - answered_us > STATUS_STALE_US) status = NO_STATUS;
}

static void read_received(void) {
  while (read_count != received_count) {
    sw_link_push(&link, received[read_count % RECEIVED_BYTES]);
    read_count = read_count + 1;
    sw_frame_t frame;
    while (sw_link_next(&link, &frame)) receive_motors(&frame);
  }
}

// A request and a byte both wake the task: neither waits for a tick. What has come is read first, as it answers the request
// before; sending takes the task away for as long as the wire does.
void sw_pilot_run(void) {
  task = xTaskGetCurrentTaskHandle();
  if (sw_pilot_state_start()) sw_app_ready();
  sw_link_start(&link, 1u << SW_TYPE_MOTORS);
  uart1Init(SW_BAUD);
  uart1SetRxCallback(receive_byte);
  for (;;) {
    sw_app_wait();
    read_received();
    send_state();
    forget_stale_status();
  }
}

LOG_GROUP_START(swTeensy)
/**
 * @brief Status of the Teensy: 0 fault, 1 standby, 2 armed, 3 fail-safe, 255 no answer for 0.1 s
 */
LOG_ADD(LOG_UINT8, status, &status)
/**
 * @brief Why the Teensy does not fly; codes of the link protocol
 */
LOG_ADD(LOG_UINT8, reason, &reason)
/**
 * @brief Time of a step on the Teensy [us]
 */
LOG_ADD(LOG_UINT16, stepUs, &step_us)
/**
 * @brief STATE frames sent
 */
LOG_ADD(LOG_UINT32, sent, &sent)
/**
 * @brief MOTORS frames received
 */
LOG_ADD(LOG_UINT32, answers, &answers)
/**
 * @brief Frames dropped because their CRC was wrong
 */
LOG_ADD(LOG_UINT32, badCrc, &link.counts.bad_crc)
LOG_GROUP_STOP(swTeensy)
