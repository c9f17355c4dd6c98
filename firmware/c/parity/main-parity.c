// Flies a closed loop of policy and physics and prints hashes of it. The same loop, step for step and byte for byte,
// is flyClosedLoop in packages/core-wasm/src/closed-loop.ts. All arithmetic that a state or an action depends on is in
// the generated C; here are calls, addresses and the hash.
//
// Command line: fly EPISODE STEPS [FLIGHTS]    one flight after another, each with the next episode
//               trap              reads far out of bounds, to see that this is noticed

#include <stdint.h>
#include <string.h>

#include "layout.h"
#include "policy.h"
#include "sw_flight_data.h"
#include "sw_machine.h"

enum { BATCH = 4, HASH_INTERVAL_STEPS = 100 };

static Z_policy_instance_t core;
static uint32_t allocated_bytes;

// --- linear memory -----------------------------------------------------------------------------------------------

static uint8_t *at(uint32_t address) { return Z_policyZ_memory(&core)->data + address; }

// Zeroed bytes of linear memory, 64-byte aligned, for good: Core.allocate of packages/core-wasm/src/core.ts.
static uint32_t allocate(uint32_t bytes) {
  wasm_rt_memory_t *memory = Z_policyZ_memory(&core);
  const uint32_t address = (allocated_bytes + 63u) & ~63u;
  allocated_bytes = address + bytes;
  while (allocated_bytes > memory->size) {
    if (wasm_rt_grow_memory(memory, 1) == UINT32_MAX) {
      sw_write("linear memory is too small\n");
      sw_exit(SW_EXIT_MEMORY);
    }
  }
  return address;
}

// Where kernels find a constant block. With bounds checks it must be inside linear memory. Without them it stays in
// flash: a kernel adds its 32-bit address to the base of linear memory, and the sum wraps to where the block is.
static uint32_t place(sw_block_t block) {
#if SW_CHECKED
  const uint32_t address = allocate(block.count);
  memcpy(at(address), block.bytes, block.count);
  return address;
#else
  return (uint32_t)block.bytes - (uint32_t)at(0);
#endif
}

// --- the hash: FNV-1a, 32 bits -----------------------------------------------------------------------------------

static uint32_t hash_bytes(uint32_t hash, uint32_t address, uint32_t count) {
  for (const uint8_t *byte = at(address), *end = byte + count; byte < end; byte++) hash = (hash ^ *byte) * 0x01000193u;
  return hash;
}

static uint32_t hash_body(uint32_t hash, uint32_t body, uint32_t step) {
  for (uint32_t word = 0; word < CORE_BODY_WORDS; word++) {
    const uint32_t address = body + 4 * BATCH * word;
    uint32_t bits;
    memcpy(&bits, at(address), sizeof bits);
    if ((bits & 0x7F800000u) == 0x7F800000u) {
      sw_write("body word ");
      sw_write_u32(word);
      sw_write(" is not finite after step ");
      sw_write_u32(step);
      sw_write("\n");
      sw_exit(SW_EXIT_NOT_FINITE);
    }
    hash = hash_bytes(hash, address, 4);
  }
  return hash;
}

// --- the closed loop ---------------------------------------------------------------------------------------------

static struct {
  uint32_t pilot, environments, gusts;
} loop;

static sw_pilot_t *pilot(void) { return (sw_pilot_t *)at(loop.pilot); }

static sw_environments_t *environments(void) { return (sw_environments_t *)at(loop.environments); }

static void set_up(void) {
  Z_policy_init_module();
  Z_policy_instantiate(&core);
  allocated_bytes = Z_policyZ_heapBase(&core);

  const uint32_t airframe = place(sw_airframe), start = place(sw_start), noise = place(sw_sensor_noise);
  const uint32_t reward = place(sw_reward), bounds = place(sw_bounds);
  loop.pilot = allocate(sizeof(sw_pilot_t));
  *pilot() = (sw_pilot_t){.image = place(sw_image)};
  Z_policyZ_pilotLayout(&core, loop.pilot, allocate(Z_policyZ_pilotLayout(&core, loop.pilot, 0)));
  loop.environments = allocate(sizeof(sw_environments_t));
  *environments() = (sw_environments_t){.n = BATCH,
                                        .seed = sw_seed,
                                        .airframe = airframe,
                                        .start = start,
                                        .noise = noise,
                                        .reward = reward,
                                        .bounds = bounds};
  Z_policyZ_environmentsLayout(&core, loop.environments,
                               allocate(Z_policyZ_environmentsLayout(&core, loop.environments, 0)));
  pilot()->observation = environments()->observation;
  pilot()->motors = environments()->action;
  if (sw_gust.count) {
    loop.gusts = allocate(sizeof(sw_gusts_t));
    *(sw_gusts_t *)at(loop.gusts) = (sw_gusts_t){.environments = loop.environments, .gust = place(sw_gust)};
    Z_policyZ_gustsLayout(&core, loop.gusts, allocate(Z_policyZ_gustsLayout(&core, loop.gusts, 0)));
  }
}

static void start_episode(uint32_t episode) {
  for (uint32_t i = 0; i < BATCH; i++) {
    Z_policyZ_environmentReset(&core, loop.environments, i, episode);
    if (sw_gust.count) Z_policyZ_gustsHold(&core, loop.gusts, i);
  }
  Z_policyZ_pilotReset(&core, loop.pilot);
}

static void write_line(const char *name, uint32_t x) {
  sw_write(name);
  sw_write_u32(x);
  sw_write("\n");
}

static uint32_t instructions_per_step(uint64_t ticks, uint32_t steps) {
  return (uint32_t)(ticks * SW_INSTRUCTIONS_PER_TICK / steps);
}

// What a step of the policy takes of the stack of whoever calls it.
static uint32_t measure_stack(void) {
  start_episode(0);
  sw_stack_paint();
  Z_policyZ_pilotStep(&core, loop.pilot);
  return sw_stack_used();
}

static void fly(uint32_t episode, uint32_t steps) {
  const uint32_t state_bytes = ((const sw_network_image_t *)at(pilot()->image))->state_bytes;
  const uint32_t body = environments()->body, terminated = environments()->terminated;

  const uint32_t stack_bytes = measure_stack();
  uint32_t hash = 0x811C9DC5u, episodes = 0, spikes = 0;
  uint64_t policy_ticks = 0, environment_ticks = 0;
  start_episode(episode + episodes++);
  sw_ticks_start();
  for (uint32_t step = 1; step <= steps; step++) {
    if (*at(terminated)) start_episode(episode + episodes++);
    const uint32_t t0 = sw_ticks();
    Z_policyZ_environmentsObserve(&core, loop.environments);
    const uint32_t t1 = sw_ticks();
    spikes += Z_policyZ_pilotStep(&core, loop.pilot);
    const uint32_t t2 = sw_ticks();
    if (sw_gust.count) Z_policyZ_gustsStep(&core, loop.gusts);
    Z_policyZ_environmentsStep(&core, loop.environments);
    const uint32_t t3 = sw_ticks();
    policy_ticks += (t2 - t1) & SW_TICK_MASK;
    environment_ticks += ((t1 - t0) & SW_TICK_MASK) + ((t3 - t2) & SW_TICK_MASK);

    hash = hash_bytes(hash, pilot()->action, 2 * CORE_ACTION_WORDS);
    hash = hash_bytes(hash, pilot()->state, state_bytes);
    hash = hash_body(hash, body, step);
    if (step % HASH_INTERVAL_STEPS == 0) {
      sw_write("step ");
      sw_write_u32(step);
      sw_write(" hash ");
      sw_write_hex(hash);
      sw_write("\n");
    }
  }
  sw_write("hash ");
  sw_write_hex(hash);
  sw_write("\n");
  write_line("episodes ", episodes);
  write_line("spikes ", spikes);
  write_line("policy_instructions ", instructions_per_step(policy_ticks, steps));
  write_line("environment_instructions ", instructions_per_step(environment_ticks, steps));
  write_line("stack_bytes ", stack_bytes);
  write_line("linear_bytes ", allocated_bytes);
}

// An image at 0xF0000000: outside linear memory, and outside every memory of the chip.
static void trap(void) {
  pilot()->image = 0xF0000000u - (uint32_t)at(0);
  Z_policyZ_pilotStep(&core, loop.pilot);
}

// Reads " NUMBER" and moves on; false where there is none.
static bool next_number(const char **text, uint32_t *number) {
  const char *p = *text;
  if (*p++ != ' ' || *p < '0' || *p > '9') return false;
  for (*number = 0; *p >= '0' && *p <= '9'; p++) *number = *number * 10 + (uint32_t)(*p - '0');
  *text = p;
  return true;
}

int main(void) {
  char line[80];
  sw_command_line(line, sizeof line);
  set_up();
  uint32_t episode, steps, flights = 1;
  const char *arguments = line + 3;
  if (!strncmp(line, "fly", 3) && next_number(&arguments, &episode) && next_number(&arguments, &steps) && steps &&
      (!*arguments || next_number(&arguments, &flights)) && !*arguments) {
    for (uint32_t flight = 0; flight < flights; flight++) fly(episode + flight, steps);
    return SW_EXIT_OK;
  }
  if (!strcmp(line, "trap")) {
    trap();
    return SW_EXIT_OK;
  }
  sw_write("expected: fly EPISODE STEPS [FLIGHTS], or: trap\n");
  return SW_EXIT_ARGUMENTS;
}
