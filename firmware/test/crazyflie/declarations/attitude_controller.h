#pragma once

void attitudeControllerResetAllPID(float rollActual, float pitchActual, float yawActual); // deg
