#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "FreeRTOS.h"

typedef void (*uart1RxCallback_t)(uint8_t byte, BaseType_t *higher_priority_task_woken);
void uart1Init(const uint32_t baudrate);
void uart1SetRxCallback(uart1RxCallback_t callback);
void uart1SendDataDmaBlocking(uint32_t size, uint8_t *data);
