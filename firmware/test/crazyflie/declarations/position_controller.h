#pragma once

void positionControllerResetAllPID(float xActual, float yActual, float zActual);
void positionControllerResetAllfilters();
