"""How fast `weir tune` searches a month of counts, and how long it takes until it is nearly as good as it gets."""

import json
import math
import os
import random
import subprocess
import time

from bench import HOME, ROOT, Report, processor_seconds

MINUTES = 30 * 1440
LONG, SHORT, SEEDS = 3000, 500, (1, 2, 3, 4, 5)
NEAR = 1.02
# All but the wait target, which decides at each arrival: one simulation of it takes as long as hundreds of the others.
KINDS = "given,step,simple,target_tracking,backlog_tracking"


def month():
    """Counts each minute of a month: a daily cycle, calmer weekends, and a burst now and then."""
    HOME.mkdir(exist_ok=True)
    path = HOME / "month.csv"
    chance = random.Random(7)
    lines = ["timestamp,arrivals"]
    for minute in range(MINUTES):
        day, clock = divmod(minute, 1440)
        rate = 12 * (1 + 0.8 * math.sin((clock / 1440 - 0.375) * 2 * math.pi)) * (0.4 if day % 7 in (5, 6) else 1)
        rate += 60 if chance.random() < 0.002 else 0
        count = int(rate) + (chance.random() < rate % 1)
        lines.append(f"2026-06-{day + 1:02}T{clock // 60:02}:{clock % 60:02}:00Z,{count}")
    path.write_text("\n".join(lines) + "\n")
    return path


def tune(trace, simulations, seed):
    """What it told, and how many seconds it took: by the clock, and of all processors."""
    words = ["tune", "Benchmarks/policies/step-example.yaml", "--trace", trace, "--service-time", "20s"]
    words += ["--startup-time", "60s", "--kinds", KINDS, "--simulations", simulations, "--seed", seed]
    command = [os.environ["WEIR_TEST_BINARY"], *map(str, words), "--format", "json"]
    began, used = time.perf_counter(), processor_seconds()
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    return json.loads(done.stdout), time.perf_counter() - began, processor_seconds() - used


def simulations_a_second(trace, kinds=("step-example", "tuned-step-elb-requests", "backlog-tracking")):
    """Simulations of the whole month, each to its end, in a second of one core: what a search consists of."""
    command = [os.environ["WEIR_TEST_BINARY"], "compare", "--trace", trace, "--service-time", "20s"]
    command += ["--startup-time", "60s"]

    def seconds(times):
        used = processor_seconds()
        policies = [f"Benchmarks/policies/{kind}.yaml" for kind in kinds] * times
        subprocess.run(command[:2] + policies + command[2:], check=True, capture_output=True, cwd=ROOT)
        return processor_seconds() - used

    # The load is read once in each.
    return len(kinds) * 20 / (seconds(21) - seconds(1))


def first_near(told, best):
    """How many had been tried when one was within 2 % of the best."""
    for step in told["improvements"]:
        if step["keeps_condition"] and step["objective"] <= NEAR * best:
            return step["tried"]
    return None


def main():
    report = Report("Searching for a policy")
    trace = month()
    told, seconds, used = tune(trace, LONG, SEEDS[0])
    best = told["improvements"][-1]["objective"]
    jobs = told["after"]["whole"][0]["jobs"]
    before = told["before"]["searched"]
    report.note(f"{MINUTES:,} counts, {jobs:,} jobs")
    report.note(f"as given {before['worker_hours']:.0f} h, 95 % within {before['wait_s']['p95']:.0f} s")
    whole = told["tried_to_the_end"]
    report.note(f"{LONG:,} policies tried, {whole:,} of them to the end: {best:.1f} h ({told['kind']})")
    report.figure("simulations of all of it in a second of one core", simulations_a_second(trace), "a second")
    report.figure("policies tried a second, all cores", LONG / seconds, "a second")
    report.figure("policies tried in a second of one core", LONG / used, "a second")
    report.note("until one is within 2 % of the best of that search, for each of several seeds:")
    found = []
    for seed in SEEDS:
        told, _, used = tune(trace, SHORT, seed)
        near = first_near(told, best)
        last = told["improvements"][-1]["objective"]
        if near is None:
            report.note(f"seed {seed}: not in {SHORT} policies, which come within {last / best - 1:.1%}")
        else:
            report.figure(f"seed {seed}", near, f"policies, {used * near / SHORT:.0f} s of one core")
        found.append((near or math.inf, used * (near or SHORT) / SHORT))
    near, used = sorted(found)[len(found) // 2]
    report.figure("the median", near, f"policies, {used:.0f} s of one core")
    report.end()


if __name__ == "__main__":
    main()
