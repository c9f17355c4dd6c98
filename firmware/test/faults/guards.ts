// The guards of the firmware, one line each: what removes it, and the faults whose tests must then fail.
import type { Change } from "./builds.js";

export interface Guard extends Change {
  /** Names in FAULTS, FLASH_FAULTS or LEGACY_FAULTS. */
  readonly faults: readonly string[];
}

const LINK = "link/sw_link.c";
const SUPERVISOR = "controller/sw_supervisor.c";
const CONTROLLER = "controller/sw_controller.c";
const POLICY = "controller/sw_policy.c";
const LEGACY = "controller/sw_legacy.c";

export const GUARDS: Readonly<Record<string, Guard>> = {
  "the CRC": {
    file: LINK,
    from: "if (sw_get_u32(link->bytes + crc_at) != crc) {",
    to: "if (false && crc) {",
    faults: ["a wrong CRC", "noise on the line", "a frame cut short"],
  },
  "the search inside a rejected frame": {
    file: LINK,
    from: "drop(link, SW_SYNC_BYTES);",
    to: "drop(link, link->count);",
    faults: ["a frame cut short"],
  },
  "the search for a sync": {
    file: LINK,
    from: "if (first && second) break;",
    to: "if (first || second) break;",
    faults: ["noise on the line"],
  },
  "the version": {
    file: LINK,
    from: "if (link->bytes[SW_VERSION_AT] != SW_PROTOCOL_VERSION) {",
    to: "if (false) {",
    faults: ["another protocol version"],
  },
  "the direction of a type": {
    file: LINK,
    from: "|| !(link->types >> type & 1u)",
    to: "",
    faults: ["an echo of its own answers"],
  },
  "the gap of sequence numbers": {
    file: SUPERVISOR,
    from: "if (step > 1 + SW_MAX_LOST_FRAMES) return refuse(supervisor, SW_REASON_SEQUENCE);",
    to: "",
    faults: ["one lost frame too many", "frames out of order"],
  },
  "the frames that are flown over": {
    file: SUPERVISOR,
    from: "if (step > 1 + SW_MAX_LOST_FRAMES)",
    to: "if (step > 1)",
    faults: ["as many lost frames as are flown over"],
  },
  "the repeated sequence number": {
    file: SUPERVISOR,
    from: "if (step == 0) return armed ? SW_SAME_ANSWER : SW_ANSWER;",
    to: "",
    faults: ["a repeated frame"],
  },
  "the count of stale frames not to rise with a repeated frame": {
    file: SUPERVISOR,
    from: "const bool repeated = supervisor->has_state && sequence_step(supervisor, state) == 0;",
    to: "const bool repeated = false;",
    faults: ["a repeated frame without ARM"],
  },
  "the link time-out not to start anew with a repeated frame": {
    file: SUPERVISOR,
    from: "if (step == 0) return",
    to: "if (step == 0) supervisor->heard_us = now_us;\n  if (step == 0) return",
    faults: ["a sender that repeats one frame for ever"],
  },
  "the link time-out": {
    file: SUPERVISOR,
    from: "if (supervisor->status == SW_STATUS_ARMED) fail(supervisor, SW_REASON_LINK_LOST);",
    to: "",
    faults: ["a lost link", "a sender that repeats one frame for ever"],
  },
  "the link time-out when the loop is idle": {
    file: CONTROLLER,
    from: "  controller->idle_us = now_us;\n  sw_supervisor_check_link(&controller->supervisor, now_us);",
    to: "  controller->idle_us = now_us;",
    faults: ["a lost link"],
  },
  "the link time-out when a byte comes": {
    file: CONTROLLER,
    from: "  sw_supervisor_check_link(&controller->supervisor, now_us);\n  sw_link_push(",
    to: "  sw_link_push(",
    faults: ["a lost link that a loop, held up, did not see"],
  },
  "the loss of ARM's right with the link": {
    file: SUPERVISOR,
    from: "  supervisor->may_arm = false;\n  if (supervisor->status == SW_STATUS_ARMED)",
    to: "  if (supervisor->status == SW_STATUS_ARMED)",
    faults: ["a link lost on standby, and ARM when it comes back"],
  },
  "the loss of ARM's right with a fault": {
    file: SUPERVISOR,
    from: "  supervisor->reason = reason;\n  supervisor->may_arm = false;",
    to: "  supervisor->reason = reason;",
    faults: ["ARM held after a fault", "a number that is not finite"],
  },
  "the STATE without ARM before one with it": {
    file: SUPERVISOR,
    from: "if (!supervisor->may_arm) return SW_ANSWER;",
    to: "",
    faults: ["a reboot in flight", "a link lost on standby, and ARM when it comes back"],
  },
  "the clock of the estimate": {
    file: SUPERVISOR,
    from: "const bool newer = (int32_t)(state->time_us - supervisor->time_us) > 0;",
    to: "const bool newer = true;",
    faults: ["a clock that stands still"],
  },
  "the comparison of estimates": {
    file: SUPERVISOR,
    from: "return !newer || memcmp(state->observation, supervisor->observation, SW_OBSERVATION_BYTES) == 0;",
    to: "return !newer;",
    faults: ["an estimate that stands still"],
  },
  "the count of stale estimates": {
    file: SUPERVISOR,
    from: "if (supervisor->stale >= SW_STALE_FRAMES) return refuse(supervisor, SW_REASON_STALE_STATE);",
    to: "",
    faults: ["a clock that stands still", "an estimate that stands still"],
  },
  "the patience with a stale estimate": {
    file: SUPERVISOR,
    from: "if (supervisor->stale >= SW_STALE_FRAMES)",
    to: "if (supervisor->stale > 0)",
    faults: ["a clock that stands still", "an estimate that stands still"],
  },
  "the test for numbers that are not finite": {
    file: SUPERVISOR,
    from: "return (bits & 0x7F800000u) != 0x7F800000u;",
    to: "return bits | 1u;",
    faults: ["a number that is not finite"],
  },
  "the lowest value": {
    file: SUPERVISOR,
    from: "x < groups[group].lowest || ",
    to: "",
    faults: [
      "positionError below its range",
      "rotation below its range",
      "velocity below its range",
      "angularVelocity below its range",
    ],
  },
  "the highest value": {
    file: SUPERVISOR,
    from: " || x > groups[group].highest",
    to: "",
    faults: [
      "positionError above its range",
      "rotation above its range",
      "velocity above its range",
      "angularVelocity above its range",
    ],
  },
  "the refusal of a bad observation": {
    file: SUPERVISOR,
    from: "  if (fault) return refuse(supervisor, fault);\n  if (!supervisor->may_arm)",
    to: "  if (!supervisor->may_arm)",
    faults: ["a number that is not finite", "velocity above its range"],
  },
  "the refusal of a bad observation without ARM": {
    file: SUPERVISOR,
    from: "    if (fault) return refuse(supervisor, fault);\n    const bool repeated",
    to: "    const bool repeated",
    faults: ["a bad observation without ARM"],
  },
  "the deadline": {
    file: SUPERVISOR,
    from: "if (elapsed_us > SW_DEADLINE_US) fail(supervisor, SW_REASON_DEADLINE_MISSED);",
    to: "(void)supervisor, (void)elapsed_us;",
    faults: ["a policy step that takes too long", "a loop that was held up"],
  },
  "the deadline from the arrival, not from the reading": {
    file: CONTROLLER,
    from: "  sw_link_push(&controller->link, byte);",
    to: "  controller->idle_us = now_us;\n  sw_link_push(&controller->link, byte);",
    faults: ["a loop that was held up"],
  },
  "the motors of an answer that is not ARMED": {
    file: CONTROLLER,
    from: "if (controller->supervisor.status == SW_STATUS_ARMED) {",
    to: "if (motors) {",
    faults: ["a policy step that takes too long"],
  },
  "ARM cleared": {
    file: SUPERVISOR,
    from: "    supervisor->status = SW_STATUS_STANDBY;\n",
    to: "",
    faults: ["ARM withdrawn, and given again", "ARM held after a fault"],
  },
  "the zero membranes of a new flight": {
    file: CONTROLLER,
    from: "sw_policy_reset(&controller->policy);",
    to: "",
    faults: ["ARM withdrawn, and given again"],
  },
};

export const FLASH_GUARDS: Readonly<Record<string, Guard>> = {
  "the checksum of the policy": {
    file: POLICY,
    from: "if (checksum(data) != data->crc) return SW_SELF_TEST_CHECKSUM;",
    to: "(void)checksum;",
    faults: [
      "a flipped bit in the weights that the example does not reveal",
      "a flipped bit in the sizes of the layers",
      "a flipped bit in the observations of the example",
      "a flipped bit in the actions of the example",
    ],
  },
  "the size of the linear memory": {
    file: POLICY,
    from: "if (!set_up(policy, data)) return SW_SELF_TEST_MEMORY;",
    to: "set_up(policy, data);",
    faults: ["a linear memory that is too small"],
  },
  "the comparison with the example": {
    file: POLICY,
    from: "if (memcmp(at(pilot_of(policy)->action), data->example_actions + MOTORS * i, 2 * MOTORS)) return false;",
    to: "",
    faults: ["a policy core that gives another action in the last step of the example"],
  },
  "the refusal of an empty example": {
    file: POLICY,
    from: "return data->example_steps > 0;",
    to: "return true;",
    faults: ["an example without a step"],
  },
  "FAULT for ever": {
    file: SUPERVISOR,
    from: "if (supervisor->status == SW_STATUS_FAULT) return SW_ANSWER;",
    to: "",
    faults: ["a policy core that gives another action in the last step of the example"],
  },
  "the self-test's word": {
    file: SUPERVISOR,
    from: "supervisor->status = passed ? SW_STATUS_STANDBY : SW_STATUS_FAULT;",
    to: "supervisor->status = SW_STATUS_STANDBY;",
    faults: ["a policy core that gives another action in the last step of the example"],
  },
};

/** Guards of the supervisor are in both lists: the authors' frames reach it another way. */
export const LEGACY_GUARDS: Readonly<Record<string, Guard>> = {
  "the sum": {
    file: LEGACY,
    from: "if (sum(payload, SW_LEGACY_STATE_PAYLOAD_BYTES) == payload[SW_LEGACY_STATE_PAYLOAD_BYTES]) {",
    to: "if (true) {",
    faults: ["a wrong sum", "a frame cut short"],
  },
  "the search inside a rejected frame": {
    file: LEGACY,
    from: "drop(legacy, 1);",
    to: "legacy->count = 0;",
    faults: ["a frame cut short"],
  },
  "the refusal of a bad first frame": {
    file: LEGACY,
    from: "if (sw_observation_fault(observation) != SW_REASON_NONE) return;",
    to: "",
    faults: ["a bad first frame"],
  },
  "the refusal of a bad observation": {
    file: SUPERVISOR,
    from: "  if (fault) return refuse(supervisor, fault);\n  if (!supervisor->may_arm)",
    to: "  if (!supervisor->may_arm)",
    faults: ["a number that is not finite", "a value out of its range"],
  },
  "the count of stale estimates": {
    file: SUPERVISOR,
    from: "if (supervisor->stale >= SW_STALE_FRAMES) return refuse(supervisor, SW_REASON_STALE_STATE);",
    to: "",
    faults: ["an estimate that stands still"],
  },
  "the link time-out when the loop is idle": {
    file: LEGACY,
    from: "  legacy->idle_us = now_us;\n  sw_supervisor_check_link(&legacy->supervisor, now_us);",
    to: "  legacy->idle_us = now_us;",
    faults: ["a lost link"],
  },
  "the link time-out when a byte comes": {
    file: LEGACY,
    from: "  sw_supervisor_check_link(&legacy->supervisor, now_us);\n  legacy->bytes[",
    to: "  legacy->bytes[",
    faults: ["a lost link that a loop, held up, did not see"],
  },
  "the silence of a late answer": {
    file: LEGACY,
    from: "if (supervisor->status == SW_STATUS_ARMED) answer(motors);",
    to: "answer(motors);",
    faults: ["a policy step that takes too long"],
  },
  "the deadline": {
    file: LEGACY,
    from: "sw_supervisor_check_deadline(supervisor, sw_port_now_us() - legacy->idle_us);",
    to: "",
    faults: ["a policy step that takes too long"],
  },
};
