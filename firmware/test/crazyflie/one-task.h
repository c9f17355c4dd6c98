// FreeRTOS as the drivers need it: the app's task and the stabilizer's are one program, and nothing ever waits. The app must
// be included before.

#include <stdlib.h>

static bool notified; // the app's task, since the driver looked
TaskHandle_t xTaskGetCurrentTaskHandle(void) { return 0; }
void xTaskNotifyGive(TaskHandle_t task) { (void)task, notified = true; }
void vTaskNotifyGiveFromISR(TaskHandle_t task, BaseType_t *woken) { (void)task, (void)woken, notified = true; }
uint32_t ulTaskNotifyTake(int clear, TickType_t ticks) { return (void)clear, (void)ticks, 1; }
void vTaskDelay(TickType_t ticks) { (void)ticks, exit(3); }
void vPortEnterCritical(void) {}
void vPortExitCritical(void) {}
