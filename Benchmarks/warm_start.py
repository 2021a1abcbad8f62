"""From sending a message to an empty group to a boto3 worker that has received it: cold, and from a warm pool.

Real containers on an engine of one's own. The worker is the one of the tests: it loads boto3, looks up its queue and
asks for work. A container of a stopped pool was made before; one of a hibernated pool was started, and has loaded all.
"""

import os
import statistics
import sys
import time
from pathlib import Path

from bench import Report, home, lab

sys.path.insert(0, str(Path(lab.__file__).parent))
from containers import Engine, launcher, told  # noqa: E402

STARTS = 8
POOLS = {
    "cold": {},
    "from a stopped pool": {"warm_pool": {"state": "stopped", "max_prepared_capacity": 1}},
    "from a hibernated pool": {
        "warm_pool": {"state": "hibernated", "max_prepared_capacity": 1, "preparation_time": "3s"}
    },
}


def measure(number, settings, engine_address):
    """Seconds from each send to its receipt, one message at a time, the group back at zero before each."""
    group, folder = f"warm{number}", home("warm")
    notes = folder / "notes"
    notes.mkdir()
    engine = Engine(engine_address, group, folder)
    workers = launcher(engine_address, group, notes, work_seconds=0)
    text = lab.policy(group, workers, max_size=1, into=(lab.alarm("outstanding", "<=", 0), lab.exactly(0)), **settings)
    weir, took = lab.Weir(folder / "weir", text).start(), []
    ready = f"Warmed:{settings['warm_pool']['state'].capitalize()}" if settings else None
    try:
        queue = weir.queue(group)
        for count in range(1, STARTS + 1):
            lab.until(lambda: not weir.in_service(group), 60, "nobody is in service")
            if ready:
                lab.until(lambda: weir.instances(group, ready), 60, "one is ready in the pool")
            time.sleep(1)
            sent = time.time()
            queue.send(str(count))
            lab.until(lambda count=count: len(told(weir_notes(notes), "received")) == count, 60, "received", every=0.01)
            took.append(max(noted["at"] for noted in told(weir_notes(notes), "received")) - sent)
        return took
    finally:
        weir.end()
        engine.end()


class weir_notes:
    """As `told` wants it: something with notes."""

    def __init__(self, notes):
        self.notes = notes


def main():
    report = Report(f"From a message to its receipt by a container ({STARTS} each, medians)")
    engine = os.environ["WEIR_TEST_DOCKER"]
    medians = {}
    for number, (name, settings) in enumerate(POOLS.items()):
        medians[name] = statistics.median(measure(number, settings, engine))
        report.figure(name, medians[name] * 1000, "ms")
    report.figure("hibernated, as a share of cold", medians["from a hibernated pool"] / medians["cold"], "", most=0.5)
    report.end()


if __name__ == "__main__":
    main()
