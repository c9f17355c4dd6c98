#pragma once
#include <stdbool.h>
#include <stdint.h>

void uart1Init(const uint32_t baudrate);
bool uart1GetDataWithTimeout(uint8_t *c, const uint32_t timeoutTicks);
void uart1SendDataDmaBlocking(uint32_t size, uint8_t *data);
