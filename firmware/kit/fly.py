#!/usr/bin/env python3
"""Takes a Crazyflie off, lets the policy fly, watches it, takes it back and lands.

The stock controller takes off and lands; between, spikewing.enable is 1. Setpoints are streamed, so that a drone whose
link is lost levels out after 0.5 s and stops its motors after 2 s, by its own supervisor. Ctrl-C: take back and land.
Ctrl-C again: motors off at once.

Needs cflib (pip install cflib); --dry-run needs nothing, and flies a script (dry_run.py) instead of a drone.

Exit code: 0 it flew as asked; 1 refused or ended early, and landed; 3 the link was lost; 130 Ctrl-C, and landed.
"""

import argparse
import contextlib
import json
import pathlib
import sys
from types import SimpleNamespace

from drone import CAN_FLY, Drone, Ended, Fallen, LinkLost, MotorsOff, Presses
from log_table import LogTable
from spikewing_codes import (
    CANNOT_FLY,
    MODE_FLYING,
    MODE_WAITING,
    MODES,
    REFUSALS,
    SELF_TESTS,
    STATUS_STANDBY,
    STATUSES,
)

LOG_BLOCKS = pathlib.Path(__file__).resolve().parent / "log" / "Spikewing"
OUT_OF_TREE_CONTROLLER = 6
CLASHING_DECKS = {"deck.bcLighthouse4": "Lighthouse", "deck.bcLoco": "Loco", "deck.bcDWM1000": "Loco"}
LANDED_M = 0.05  # above where it took off
AT_HEIGHT_M = 0.1
SQUARE_M = [(0.2, 0.0, 0.0), (0.2, 0.2, 0.1), (0.0, 0.2, 0.0), (0.0, 0.0, 0.1)]
HOVER_S = 2.0  # the stock controller's, before and after the policy's flight
SETTLED_VARIANCE, SAMPLES, SAMPLE_S = 0.001, 10, 0.5  # as cflib's reset_estimator waits
LONGEST_S = {"self-test": 5.0, "estimate": 15.0, "arming": 5.0, "climb": 15.0, "take-over": 1.0}


def prepare(drone, options):
    """On the ground: nothing moves. Raises Ended."""
    cf, seen = drone.cf, drone.seen
    cf.param.set_value("spikewing.enable", 0)
    cf.param.set_value("stabilizer.controller", OUT_OF_TREE_CONTROLLER)
    if options.mass is not None:
        cf.param.set_value("spikewing.mass", options.mass)
    drone.watch()
    drone.stay(SAMPLE_S)  # a row of every block
    if "swTeensy.status" in seen:
        require_teensy(drone)
    else:
        drone.wait(
            LONGEST_S["self-test"],
            lambda: seen["swPolicy.selfTest"] == 0,
            lambda: f"the policy's self-test: {SELF_TESTS.get(seen['swPolicy.selfTest'], 'has not ended')}",
        )
    settle_estimate(drone)
    cf.supervisor.send_arming_request(True)
    drone.wait(LONGEST_S["arming"], lambda: seen["supervisor.info"] & CAN_FLY, lambda: f"cannot fly: {REFUSALS[CANNOT_FLY][1]}")
    print(f"ready: battery {seen['pm.vbat']:.2f} V")


def require_teensy(drone):
    seen = drone.seen
    for name, deck in CLASHING_DECKS.items():
        if has_deck(drone.cf, name):
            raise Ended(f"a {deck} deck is on board; it and the Teensy cannot share UART1")
    drone.wait(
        LONGEST_S["self-test"],
        lambda: seen["swTeensy.status"] == STATUS_STANDBY,
        lambda: f"the Teensy is not on standby: {STATUSES.get(seen['swTeensy.status'], 'it does not answer')}",
    )


def has_deck(cf, name):
    try:
        return int(cf.param.get_value(name)) != 0
    except KeyError:  # built without its driver
        return False


def settle_estimate(drone):
    """Starts the estimator anew where the drone stands, and waits until it is sure of its place."""
    drone.cf.param.set_value("kalman.resetEstimation", 1)
    drone.stay(0.1)
    drone.cf.param.set_value("kalman.resetEstimation", 0)
    history = []
    while len(history) * SAMPLE_S < LONGEST_S["estimate"]:
        drone.stay(SAMPLE_S)
        history.append([drone.seen[f"kalman.varP{axis}"] for axis in "XYZ"])
        last = history[-SAMPLES:]
        if len(last) == SAMPLES and all(max(axis) - min(axis) < SETTLED_VARIANCE for axis in zip(*last)):
            return
    raise Ended("the position estimate does not settle: is there a positioning system?")


def take_off(drone, height):
    seen = drone.seen
    drone.ground_m = seen["stateEstimate.z"]
    drone.setpoint = tuple(seen[f"stateEstimate.{name}"] for name in ("x", "y", "z", "yaw"))
    top = drone.ground_m + height
    print("taking off")
    drone.go_to_height(top)
    drone.wait(
        LONGEST_S["climb"],
        lambda: abs(seen["stateEstimate.z"] - top) < AT_HEIGHT_M,
        lambda: f"is at {seen['stateEstimate.z']:.2f} m and does not reach {top:.2f} m",
    )
    drone.records = True
    drone.stay(HOVER_S)


def fly_policy(drone, options):
    seen = drone.seen
    drone.cf.param.set_value("spikewing.enable", 1)
    for _ in drone.watch_for(LONGEST_S["take-over"]):
        mode = seen["spikewing.mode"]
        if mode == MODE_FLYING:
            break
        if mode > MODE_WAITING:
            raise Ended(f"refused: {drone.why()}")
    else:
        raise Ended(f"the policy did not take over: {MODES[seen['spikewing.mode']]}; {drone.why()}")
    print(f"the policy flies, {options.seconds:g} s")
    x, y, z, yaw = drone.setpoint
    drone.setpoint = (x + options.target_x, y + options.target_y, z, yaw)
    for _ in drone.watch_for(options.seconds):
        if seen["spikewing.mode"] != MODE_FLYING:
            raise Ended(f"the stock controller took over: {drone.why()}")
    drone.cf.param.set_value("spikewing.enable", 0)
    drone.stay(HOVER_S)


def fly_stock(drone, options):
    """A square of steps, a second each, that shakes the drone enough for spikewing identify."""
    print(f"the stock controller flies, {options.seconds:g} s")
    x, y, z, yaw = drone.setpoint
    for elapsed in drone.watch_for(options.seconds):
        step = SQUARE_M[int(elapsed) % len(SQUARE_M)]
        drone.setpoint = (x + step[0], y + step[1], z + step[2], yaw)
    drone.setpoint = (x, y, z, yaw)
    drone.stay(HOVER_S)


def land(drone, fallen):
    """Whatever happened, as long as there is a link."""
    drone.coming_down = True
    drone.cf.param.set_value("spikewing.enable", 0)
    if drone.setpoint:
        drone.records = False
        if not fallen:
            print("landing")
            drone.go_to_height(drone.ground_m + LANDED_M)
        drone.setpoint = None
        drone.cf.commander.send_stop_setpoint()
        drone.cf.commander.send_notify_setpoint_stop()
        print("down")
    drone.cf.supervisor.send_arming_request(False)


def fly(drone, options):
    """The exit code."""
    reachable, fallen = True, False
    try:
        prepare(drone, options)
        take_off(drone, options.height)
        (fly_stock if options.stock else fly_policy)(drone, options)
        return 0
    except Ended as end:
        fallen = isinstance(end, Fallen)
        complain(end)
        return end.exit_code
    except (LinkLost, MotorsOff):
        reachable = False
        raise
    finally:
        if reachable:
            land(drone, fallen)


def declared_blocks():
    """Those that cfclient reads too."""
    paths = sorted(LOG_BLOCKS.glob("*.json"))
    return [json.loads(path.read_text())["logconfig"]["logblock"] for path in paths]


def log_config(link, declared):
    block = link.LogConfig(declared["name"], declared["period"])
    for variable in declared["variables"]:
        block.add_variable(variable["name"], variable["fetch_as"])
    return block


def link_to(dry_run):
    if dry_run:
        import dry_run as script

        return script.link(dry_run)
    try:
        import cflib.crtp
    except ImportError as missing:
        raise ImportError("cflib is missing; install it: pip install cflib") from missing
    from cflib.crazyflie import Crazyflie
    from cflib.crazyflie.log import LogConfig
    from cflib.crazyflie.syncCrazyflie import SyncCrazyflie
    from cflib.crazyflie.syncLogger import SyncLogger

    return SimpleNamespace(
        Crazyflie=Crazyflie,
        LogConfig=LogConfig,
        SyncCrazyflie=SyncCrazyflie,
        SyncLogger=SyncLogger,
        init_drivers=cflib.crtp.init_drivers,
    )


class Parser(argparse.ArgumentParser):
    def error(self, message):
        sys.exit(f"error: {message.removeprefix('argument ')}")


def within(low, high, unit):
    def read(text):
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        if low <= value <= high:
            return value
        raise argparse.ArgumentTypeError(f"{text}; expected {low:g} to {high:g} {unit}")

    return read


def options_of(arguments):
    parser = Parser(description=__doc__.split("\n")[0])
    parser.add_argument("--uri", default="radio://0/80/2M/E7E7E7E7E7", help="of the Crazyflie (%(default)s)")
    parser.add_argument("--height", type=within(0.4, 2, "m"), default=0.5, help="above where it stands, m (0.5)")
    parser.add_argument("--seconds", type=within(1, 300, "s"), default=5.0, help="of the flight between (5)")
    for axis in "xy":
        help_text = "of the target from where it took off, m (0)"
        parser.add_argument(f"--target-{axis}", type=within(-2, 2, "m"), default=0.0, help=help_text)
    parser.add_argument("--stock", action="store_true", help="the policy does not fly: a flight for spikewing identify")
    parser.add_argument("--mass", type=within(0.01, 0.1, "kg"), help="of the drone with all on it, kg")
    parser.add_argument("--log", metavar="FILE", help="new CSV of the flight, for spikewing identify")
    help_text = "no drone: flight, or what dry_run.py has else"
    parser.add_argument("--dry-run", nargs="?", const="flight", metavar="SCRIPT", help=help_text)
    return parser.parse_args(arguments)


def complain(end):
    print(f"error: {' '.join(str(end).split()) or type(end).__name__}", file=sys.stderr, flush=True)


def main(arguments):
    options = options_of(arguments)
    presses = Presses()
    try:
        blocks = declared_blocks()
        link = link_to(options.dry_run)
        with contextlib.ExitStack() as stack:
            file = stack.enter_context(open(options.log, "x", newline="")) if options.log else None
            names = [variable["name"] for block in blocks for variable in block["variables"]]
            table = LogTable(file, names) if file else None
            link.init_drivers()
            scf = stack.enter_context(link.SyncCrazyflie(options.uri, cf=link.Crazyflie()))
            scf.wait_for_params()
            rows = stack.enter_context(link.SyncLogger(scf, [log_config(link, block) for block in blocks]))
            return fly(Drone(scf.cf, rows, table, presses), options)
    except Exception as end:  # cflib raises plain ones
        complain(end)
        return getattr(end, "exit_code", 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
