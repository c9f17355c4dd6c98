"""The CSV of a flight for spikewing identify: one row for every sample of the block that has attitude and motors.

Blocks come one after another, up to a period apart. What the others say at the time of a row lies on a line between their
samples before and after it.
"""

import collections
import csv

LEADING, FOLLOWING = "attitude", ("position", "turning")
LONGEST_GAP_MS = 60  # what spikewing identify puts in relation


class LogTable:
    def __init__(self, file, names):
        self.rows = csv.DictWriter(file, ["Timestamp", *names])
        self.rows.writeheader()
        self.names = names
        self.waiting = collections.deque()
        self.samples = {block: collections.deque() for block in FOLLOWING}
        self.held = {}  # of slower blocks: what they said last

    def add(self, ms, block, values):
        if block == LEADING:
            self.waiting.append((ms, values))
        elif block in FOLLOWING:
            self.samples[block].append((ms, values))
        else:
            self.held.update(values)
        while self.waiting and all(seen and seen[-1][0] >= self.waiting[0][0] for seen in self.samples.values()):
            self.write(*self.waiting.popleft())

    def write(self, ms, values):
        others = [between(seen, ms) for seen in self.samples.values()]
        if None in others:
            return
        row = {"Timestamp": ms, **self.held, **values}
        for other in others:
            row.update(other)
        if len(row) == 1 + len(self.names):
            self.rows.writerow(row)


def between(samples, ms):
    """The last is not before ms."""
    while len(samples) > 1 and samples[1][0] <= ms:
        samples.popleft()
    first_ms, first = samples[0]
    if first_ms == ms:
        return first
    if first_ms > ms or samples[1][0] - first_ms > LONGEST_GAP_MS:
        return None
    second_ms, second = samples[1]
    share = (ms - first_ms) / (second_ms - first_ms)
    return {name: value + share * (second[name] - value) for name, value in first.items()}
