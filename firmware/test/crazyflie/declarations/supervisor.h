#pragma once
#include <stdbool.h>

bool supervisorCanFly(void);
bool supervisorIsFlying(void);
bool supervisorIsTumbled(void);
