#pragma once

#define CONFIG_CONTROLLER_OOT 1
