"""The simulator beside the same in C++ and in SimPy; what it needs for those that wait; and what a tick costs."""

import json
import shutil
import subprocess
import sys

from bench import HOME, ROOT, Report

PACKAGE = ROOT / "Benchmarks/Simulator"
SERVERS, LOAD = "100", "0.95"
ROUNDS = 5


def build():
    HOME.mkdir(exist_ok=True)
    # As what is released is built.
    swift = ["swift", "build", "--configuration", "release", "--static-swift-stdlib", "--package-path", str(PACKAGE)]
    subprocess.run(swift, check=True, stdout=subprocess.DEVNULL)
    folder = subprocess.run([*swift, "--show-bin-path"], check=True, capture_output=True, text=True).stdout.strip()
    compiler = shutil.which("g++") or "clang++"
    textbook = HOME / "mmc"
    subprocess.run([compiler, "-O2", "-std=c++17", "-o", textbook, PACKAGE / "yardstick/mmc.cpp"], check=True)
    return f"{folder}/SimulatorBenchmark", str(textbook)


def run(*words):
    return json.loads(subprocess.run([str(word) for word in words], check=True, capture_output=True, text=True).stdout)


def best(rounds, *words):
    return min((run(*words) for _ in range(rounds)), key=lambda result: result.get("cpu_seconds", result["seconds"]))


def beside_others(report, ours, textbook):
    jobs = 2_000_000
    pairs = [(run(ours, "mmc", jobs, SERVERS, LOAD), run(textbook, jobs, SERVERS, LOAD)) for _ in range(ROUNDS)]
    mine = min((pair[0] for pair in pairs), key=lambda result: result["seconds"])
    other = min((pair[1] for pair in pairs), key=lambda result: result["seconds"])
    for name in ("jobs", "events", "max", "p95", "p99"):
        if mine[name] != other[name]:
            raise RuntimeError(f"{name} is {mine[name]}, and {other[name]} in C++")
    if abs(mine["mean"] - other["mean"]) > 1e-11:
        raise RuntimeError(f"the mean wait is {mine['mean']}, and {other['mean']} in C++")
    report.note(f"M/M/{SERVERS} at load {LOAD}, {jobs:,} jobs, the best of {ROUNDS}; the same waits in both:")
    report.figure("million events a second, C++ -O2", other["events"] / other["seconds"] / 1e6, "M")
    report.figure("million events a second", mine["events"] / mine["seconds"] / 1e6, "M")
    report.figure("times as fast as C++ -O2", other["seconds"] / mine["seconds"], "times", least=1)
    few = 100_000
    simpy = best(2, sys.executable, PACKAGE / "yardstick/mmc.py", few, SERVERS, LOAD)
    ratio = (mine["jobs"] / mine["seconds"]) / (few / simpy["seconds"])
    report.figure("jobs a second, SimPy", few / simpy["seconds"], "jobs")
    report.figure("times as fast as SimPy", ratio, "times", least=130)


def growth(report, ours):
    few, many = 16_000_000, 24_000_000
    small, large = run(ours, "waiting", few), run(ours, "waiting", many)
    each = (large["bytes"] - small["bytes"]) / (large["max_backlog"] - small["max_backlog"])
    # Pages and lists of blocks are a thousandth.
    report.figure("memory for each job that waits", each, "bytes", most=16.1)
    linear(report, ours, "M/M/100", ("mmc", SERVERS, LOAD))
    linear(report, ours, "all of them wait", ("waiting",))


def linear(report, ours, name, words):
    """Time for each event, as the jobs become twice as many again and again."""
    kind, *further = words
    first = None
    for millions in (1, 2, 4, 8):
        result = best(3, ours, kind, millions * 1_000_000, *further)
        each = result["cpu_seconds"] / result["events"] * 1e9
        first = first or each
        report.figure(f"{name}, {millions} million jobs: for each event", each, "ns")
    report.figure("of the first, as a share: eight times the jobs", each / first, "times", most=1.25)

# A month of counts each minute, under a step policy with two alarms.
MONTHS = [
    ("example-month", "a month of counts, AWS's example", 50),
    ("embedded-month", "the same, on the embedded queue", 50),
    ("patient-month", "out for one message, after 3 minutes, in after 15", 50),
    ("month", "the same after 1 minute and after 5", 50),
]


def ticks(report, ours):
    for kind, name, most in MONTHS:
        month = best(ROUNDS, ours, kind)
        each = month["cpu_seconds"] * 1e6 / month["ticks"]
        report.note(f"43,200 counts, {month['jobs']:,} jobs, {month['ticks']:,} ticks of {each:.2f} µs with them:")
        report.figure(name, month["cpu_seconds"] * 1000, "ms", most=most)
    busy = best(ROUNDS, ours, "busy")
    report.note(f"27 days, {busy['jobs']:,} jobs, {busy['ticks']:,} ticks, up to {busy['peak_instances']} instances:")
    report.figure("two million jobs, alarms each minute", busy["cpu_seconds"] * 1000, "ms", most=500)
    trace = best(ROUNDS, ours, "trace", ROOT / "examples/traces/nasa-http-1995-07.csv")
    report.figure(f"nasa-http-1995-07, {trace['jobs']:,} jobs", trace["cpu_seconds"] * 1000, "ms", most=500)
    large = run(ours, "large")
    report.note(f"{large['ticks']:,} ticks of up to {large['peak_instances']:,} instances:")
    report.figure("a tick of a large fleet, in the mean", large["seconds"] * 1e6 / large["ticks"], "µs")
    report.note("10,000 groups of four instances, one core:")
    groups = best(ROUNDS, ours, "groups", 10_000)
    report.figure("evaluate and the record as a value", groups["seconds"] * 1000, "ms", most=100)
    loops = best(ROUNDS, ours, "loops", 10_000, "nothing")
    report.figure("a tick of the daemon's loops, nothing kept", loops["seconds"] * 1000, "ms", most=100)
    records = best(ROUNDS, ours, "loops", 10_000, "records")
    report.note(f"a record of {records['record_bytes']} bytes, as JSON:")
    report.figure("the same with a record of each", records["seconds"] * 1000, "ms", most=100)
    states = best(ROUNDS, ours, "loops", 10_000, "states")
    report.note(f"and with a state of {states['state_bytes']} bytes:")
    report.figure("the same with a record and a state of each", states["seconds"] * 1000, "ms")
    replay = best(2, ours, "replay", 50_000)
    if replay["alike"] != replay["records"]:
        raise RuntimeError(f"{replay['records'] - replay['alike']} records are decided otherwise")
    report.figure("records read and decided again, a second", replay["records"] / replay["seconds"], "records")


def main():
    report = Report("Simulating, and deciding")
    ours, textbook = build()
    beside_others(report, ours, textbook)
    growth(report, ours)
    ticks(report, ours)
    report.end()


if __name__ == "__main__":
    main()
