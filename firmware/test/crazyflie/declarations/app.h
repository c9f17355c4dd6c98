#pragma once

void appMain();
