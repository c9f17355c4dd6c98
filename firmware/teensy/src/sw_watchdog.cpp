#include "sw_settings.h"

#include "sw_watchdog.h"

#include <Arduino.h>

void sw_watchdog_start() {
  CCM_CCGR3 |= CCM_CCGR3_WDOG1(CCM_CCGR_ON);
  WDOG1_WMCR = 0; // no power-down counter
  // WT 0: half a second. SRS and WDA: a zero would reset at once. WDE: enable.
  WDOG1_WCR = WDOG_WCR_WT(0) | WDOG_WCR_SRS | WDOG_WCR_WDA | WDOG_WCR_WDE;
  sw_watchdog_feed();
}

void sw_watchdog_feed() {
  WDOG1_WSR = 0x5555;
  WDOG1_WSR = 0xAAAA;
}
