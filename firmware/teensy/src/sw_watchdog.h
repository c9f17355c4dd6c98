// WDOG1 of the i.MX RT1062 (reference manual IMXRT1060RM, chapter 57): restarts a board whose loop stands still.

#ifndef SW_WATCHDOG_H
#define SW_WATCHDOG_H

void sw_watchdog_start(); // for good; from here on feed it within half a second, its shortest time
void sw_watchdog_feed();

#endif
