#pragma once

struct param_s {
  int type;
  const char *name;
  void *address;
};
enum { PARAM_UINT8, PARAM_FLOAT };
#define PARAM_GROUP_START(NAME) static struct param_s __params_##NAME[] __attribute__((used)) = {
#define PARAM_ADD(TYPE, NAME, ADDRESS) {.type = TYPE, .name = #NAME, .address = (void *)(ADDRESS)},
#define PARAM_GROUP_STOP(NAME) };
