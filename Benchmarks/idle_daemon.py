"""What a weir costs that has nothing to do: ten groups at zero, each measured at its default interval."""

import os
import time
from pathlib import Path

from bench import Report, home, lab

GROUPS = 10
SETTLE_SECONDS = 10
WATCH_SECONDS = 60


def cpu_seconds(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_megabytes(pid):
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("no VmRSS")


def main():
    report = Report(f"An idle weir with {GROUPS} groups, watched for {WATCH_SECONDS} s")
    policies = [
        lab.policy(f"idle-{n}", lab.sleeping_worker(), poll_interval="10s", **lab.as_usual(4)) for n in range(GROUPS)
    ]
    weir = lab.Weir(home("idle"), *policies).start()
    try:
        time.sleep(SETTLE_SECONDS)
        before, began, highest = cpu_seconds(weir.process.pid), time.monotonic(), 0.0
        while time.monotonic() - began < WATCH_SECONDS:
            highest = max(highest, resident_megabytes(weir.process.pid))
            time.sleep(1)
        share = (cpu_seconds(weir.process.pid) - before) / (time.monotonic() - began)
        report.figure("resident memory, highest", highest, "MB", most=40)
        report.figure("processor time, of one core", share * 100, "%", most=0.5)
    finally:
        weir.end()
    report.end()


if __name__ == "__main__":
    main()
