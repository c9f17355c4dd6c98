#pragma once

struct log_s {
  int type;
  const char *name;
  void *address;
};
enum { LOG_UINT8, LOG_UINT16, LOG_UINT32 };
#define LOG_GROUP_START(NAME) static const struct log_s __logs_##NAME[] __attribute__((used)) = {
#define LOG_ADD(TYPE, NAME, ADDRESS) {.type = TYPE, .name = #NAME, .address = (void *)(ADDRESS)},
#define LOG_GROUP_STOP(NAME) };
