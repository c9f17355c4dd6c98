"""A Crazyflie as fly.py sees it: what its log says, and the setpoint that stands."""

import signal

from spikewing_codes import LOW_POWER, REFUSALS

CAN_FLY, TUMBLED, LOCKED, CRASHED = 1 << 3, 1 << 5, 1 << 6, 1 << 7  # bits of supervisor.info
VERTICAL_M_PER_S = 0.3


class Ended(Exception):
    """The flight is over before its time; the drone can be brought down."""

    exit_code = 1


class Interrupted(Ended):
    exit_code = 130


class Fallen(Ended):
    """The drone is down already."""


class LinkLost(Exception):
    exit_code = 3


class MotorsOff(Exception):
    exit_code = 1


class Drone:
    """What is known of it, by its log; every row of the block `pilot` sends the setpoint that stands."""

    def __init__(self, cf, rows, table, presses):
        self.cf, self.rows, self.table, self.presses = cf, rows, table, presses
        self.seen = {}  # the last value of each variable
        self.ms = None  # of the drone's clock
        self.setpoint = None  # x, y, z (m), yaw (degrees)
        self.ground_m = None
        self.records = False
        self.coming_down = False

    def watch(self):
        """Waits for the next row of `pilot`. Raises what ends the flight."""
        for self.ms, values, block in self.rows:
            self.seen.update(values)
            if self.records and self.table:
                self.table.add(self.ms, block.name, values)
            if block.name == "pilot":
                break
        else:
            raise LinkLost("the link is lost: the drone levels out after 0.5 s and stops its motors after 2 s")
        if self.setpoint:
            self.cf.commander.send_position_setpoint(*self.setpoint)
        if self.presses.count > 1:
            self.cf.supervisor.send_emergency_stop()
            raise MotorsOff("motors off")
        if not self.coming_down:
            self.must_fly_on()

    def must_fly_on(self):
        if self.presses.count:
            raise Interrupted("ended by Ctrl-C")
        if self.seen["pm.state"] == LOW_POWER:
            raise Ended(f"the battery is low: {self.seen['pm.vbat']:.2f} V")
        if self.seen["supervisor.info"] & (TUMBLED | LOCKED | CRASHED):
            raise Fallen("the supervisor says that it tumbled, crashed or is locked")

    def watch_for(self, seconds):
        """Seconds that have passed, at every row, until so many have."""
        begin = self.ms
        while self.ms - begin < 1000 * seconds:
            self.watch()
            yield (self.ms - begin) / 1000

    def stay(self, seconds):
        for _ in self.watch_for(seconds):
            pass

    def wait(self, seconds, done, otherwise):
        for _ in self.watch_for(seconds):
            if done():
                return
        raise Ended(otherwise())

    def go_to_height(self, z):
        x, y, begin, yaw = self.setpoint
        seconds = abs(z - begin) / VERTICAL_M_PER_S
        for elapsed in self.watch_for(seconds):
            self.setpoint = (x, y, begin + (z - begin) * min(elapsed / seconds, 1.0), yaw)

    def why(self):
        meaning, remedy = REFUSALS[self.seen["spikewing.refusal"]]
        return f"{meaning} ({remedy})" if remedy else meaning


class Presses:
    """Of Ctrl-C. Counted, and looked at between two rows: an exception would leave cflib's locks taken."""

    def __init__(self):
        self.count = 0
        signal.signal(signal.SIGINT, self.press)
        signal.signal(signal.SIGTERM, self.press)

    def press(self, *_):
        self.count += 1
        if self.count > 1:
            signal.signal(signal.SIGINT, signal.default_int_handler)
