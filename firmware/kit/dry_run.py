"""What fly.py uses of cflib, without a drone: a script answers. Nothing is simulated: the estimate is the last setpoint,
and what happens is written below. The clock of the drone runs as fast as fly.py reads."""

import os
import signal
from types import SimpleNamespace

STEP_MS = 10
MAX_BLOCK_BYTES = 26
BYTES = {"float": 4, "uint8_t": 1, "uint16_t": 2, "uint32_t": 4, "int8_t": 1}

PARAMETERS = {
    "spikewing.enable": 0,
    "spikewing.mass": 0.029,
    "stabilizer.controller": 1,
    "kalman.resetEstimation": 0,
    "deck.bcLighthouse4": 0,
    "deck.bcLoco": 0,
    "deck.bcDWM1000": 0,
}

CAN_FLY, TUMBLED = 1 << 3, 1 << 5

# What happens, and how long after spikewing.enable was set: log variables that change, or something else. Codes are those
# of spikewing_codes.py.
TAKES_OVER = {20: {"spikewing.mode": 1}, 60: {"spikewing.mode": 2, "spikewing.flies": 1}}
SCRIPTS = {
    "flight": TAKES_OVER,
    "refused": {20: {"spikewing.mode": 4, "spikewing.refusal": 12}},
    "no-answer": {20: {"spikewing.mode": 1, "spikewing.refusal": 2}},
    "fallback": {**TAKES_OVER, 800: {"spikewing.mode": 3, "spikewing.refusal": 5, "spikewing.flies": 0}},
    "low-battery": {**TAKES_OVER, 800: {"pm.state": 3, "pm.vbat": 3.15}},
    "tumbled": {**TAKES_OVER, 800: {"spikewing.mode": 3, "spikewing.refusal": 9, "supervisor.info": TUMBLED}},
    "link-lost": {**TAKES_OVER, 800: "link lost"},
    "ctrl-c": {**TAKES_OVER, 800: "ctrl-c"},
    "ctrl-c-twice": {**TAKES_OVER, 800: "ctrl-c", 1200: "ctrl-c"},
}
# And what is so from the beginning.
GROUNDED = {
    "no-position": {"kalman.varPX": "grows"},
    "self-test": {"swPolicy.selfTest": 3, "swTeensy.status": 0},
    "not-armed": {"supervisor.info": 0},
    "clash": {"deck.bcLighthouse4": 1},
}


class Vehicle:
    def __init__(self, name):
        self.events = SCRIPTS.get(name, TAKES_OVER)
        self.ms, self.enabled_ms = 0, None
        self.parameters = dict(PARAMETERS)
        self.values = {"supervisor.info": CAN_FLY, "stateEstimate.qw": 1.0, "pm.vbat": 4.05, "swTeensy.status": 1}
        for variable, value in GROUNDED.get(name, {}).items():
            (self.parameters if variable in PARAMETERS else self.values)[variable] = value
        self.lost = False
        self.commands = []  # what was told, each kind once in a row

    def told(self, command):
        if self.commands[-1:] != [command]:
            self.commands.append(command)

    def step(self):
        self.ms += STEP_MS
        if self.enabled_ms is None:
            return
        event = self.events.get(self.ms - self.enabled_ms, {})
        if event == "link lost":
            self.lost = True
        elif event == "ctrl-c":
            os.kill(os.getpid(), signal.SIGINT)
        else:
            self.values.update(event)

    def value(self, variable):
        value = self.values.get(variable, 0)
        return self.ms / 1000 if value == "grows" else value


class Param:
    def __init__(self, vehicle):
        self.vehicle = vehicle

    def set_value(self, complete_name, value):
        if complete_name not in self.vehicle.parameters:
            raise KeyError(f"{complete_name} not in param TOC")
        if complete_name == "spikewing.enable":
            if value:
                self.vehicle.enabled_ms = self.vehicle.ms
            else:
                self.vehicle.values["spikewing.mode"] = 0
            self.vehicle.told(f"enable {value}")
        self.vehicle.parameters[complete_name] = value

    def get_value(self, complete_name, timeout=60):
        return str(self.vehicle.parameters[complete_name])


class Commander:
    def __init__(self, vehicle):
        self.vehicle = vehicle

    def send_position_setpoint(self, x, y, z, yaw):
        for name, value in {"x": x, "y": y, "z": z, "yaw": yaw}.items():
            self.vehicle.values[f"stateEstimate.{name}"] = value
        self.vehicle.told("setpoints")

    def send_stop_setpoint(self):
        self.vehicle.told(f"stop at {self.vehicle.values['stateEstimate.z']:.2f} m")

    def send_notify_setpoint_stop(self, remain_valid_milliseconds=0):
        pass


class Supervisor:
    def __init__(self, vehicle):
        self.vehicle = vehicle

    def send_arming_request(self, do_arm):
        self.vehicle.told("arm" if do_arm else "disarm")

    def send_emergency_stop(self):
        self.vehicle.told("emergency stop")


class Crazyflie:
    def __init__(self, vehicle):
        self.vehicle = vehicle
        self.param = Param(vehicle)
        self.commander = Commander(vehicle)
        self.supervisor = Supervisor(vehicle)


class SyncCrazyflie:
    def __init__(self, link_uri, cf=None):
        self.cf = cf

    def __enter__(self):
        return self

    def __exit__(self, exc_type, exc_val, exc_tb):
        print("dry run: " + ", ".join(self.cf.vehicle.commands))

    def wait_for_params(self):
        pass


class LogConfig:
    def __init__(self, name, period_in_ms):
        self.name, self.period_in_ms, self.variables, self.bytes = name, period_in_ms, [], 0

    def add_variable(self, name, fetch_as=None):
        self.bytes += BYTES[fetch_as]
        self.variables.append(name)


class SyncLogger:
    def __init__(self, crazyflie, log_config):
        self.vehicle, self.log_config, self.waiting = crazyflie.cf.vehicle, log_config, []

    def __enter__(self):
        for block in self.log_config:
            if block.bytes > MAX_BLOCK_BYTES:
                raise AttributeError("The log configuration is too large or has an invalid parameter")
        return self

    def __exit__(self, exc_type, exc_val, exc_tb):
        pass

    def __iter__(self):
        return self

    def __next__(self):
        while not self.waiting:
            self.vehicle.step()
            self.waiting = [block for block in self.log_config if self.vehicle.ms % block.period_in_ms == 0]
        if self.vehicle.lost:
            raise StopIteration
        block = self.waiting.pop(0)
        return self.vehicle.ms, {name: self.vehicle.value(name) for name in block.variables}, block


def link(name):
    """cflib's names, for fly.py."""
    known = [*SCRIPTS, *GROUNDED]
    if name not in known:
        raise ValueError(f"--dry-run: {name}; expected one of {', '.join(known)}")
    return SimpleNamespace(
        Crazyflie=lambda: Crazyflie(Vehicle(name)),
        LogConfig=LogConfig,
        SyncCrazyflie=SyncCrazyflie,
        SyncLogger=SyncLogger,
        init_drivers=lambda: None,
    )
