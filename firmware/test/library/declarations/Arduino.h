// Declarations of the little that library and sketch use of the Teensy core library (PaulStoffregen/cores, teensy4,
// commit 7f107ee): what the compile test needs where its sources are not at hand.
#pragma once
#include <stddef.h>
#include <stdint.h>

#define LED_BUILTIN 13
#define OUTPUT 1

extern "C" {
uint32_t micros(void);
uint32_t millis(void);
void pinMode(uint8_t pin, uint8_t mode);
void digitalWrite(uint8_t pin, uint8_t val);
}

class HardwareSerialIMXRT {
public:
  void begin(uint32_t baud);
  int available();
  int read();
  int availableForWrite();
  size_t write(const uint8_t *buffer, size_t size);
  void addMemoryForRead(void *buffer, size_t length);
  void addMemoryForWrite(void *buffer, size_t length);
};
extern HardwareSerialIMXRT Serial1;

class usb_serial_class {
public:
  void begin(long baud);
  int availableForWrite();
  operator bool();
  size_t print(const char *text);
  size_t print(uint32_t number);
  size_t println(uint32_t number);
};
extern usb_serial_class Serial;

typedef struct {
  volatile uint16_t offset000, offset002, offset004, offset006, offset008;
} IMXRT_REGISTER16_t;
#define IMXRT_WDOG1 (*(IMXRT_REGISTER16_t *)0x400B8000)
#define WDOG1_WCR (IMXRT_WDOG1.offset000)
#define WDOG1_WSR (IMXRT_WDOG1.offset002)
#define WDOG1_WMCR (IMXRT_WDOG1.offset008)
#define WDOG_WCR_WDE ((uint16_t)(1 << 2))
#define WDOG_WCR_SRS ((uint16_t)(1 << 4))
#define WDOG_WCR_WDA ((uint16_t)(1 << 5))
#define WDOG_WCR_WT(n) ((uint16_t)(((n) & 0xFF) << 8))
#define CCM_CCGR3 (*(volatile uint32_t *)0x400FC074)
#define CCM_CCGR_ON 3
#define CCM_CCGR3_WDOG1(n) ((uint32_t)(((n) & 0x03) << 16))
