#pragma once
#include <stdbool.h>

bool supervisorCanFly(void);
bool supervisorIsTumbled(void);
