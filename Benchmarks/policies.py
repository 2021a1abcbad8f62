"""What kinds of scaling policies cost and how long work waits under them, over recorded loads, in weir's own simulator.

Prints the tables of docs/evidence.md as Markdown. Further loads are taken from the folder in WEIR_BENCH_LOADS.
With --tune the policies that are tuned for each load are looked for again, and their files written.
"""

import argparse
import concurrent.futures
import csv
import json
import math
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from bench import HOME, ROOT, home, lab

LOADS = ROOT / "examples/traces"
POLICIES = ROOT / "Benchmarks/policies"
# The same load under another name.
KNOWN_AS = {"elb-requests-2014": "elb-requests"}
# What the counts leave open.
ASSUMED = {"elb-requests": 20, "nasa-http-1995-07": 10}

STARTUP, STOP = 60, 1
# Nothing is deleted for its age, so that all policies do the same work.
WORLD = ["--startup-time", f"{STARTUP}s", "--stop-time", f"{STOP}s", "--retention", "365d"]
TARGET, SHARE = 60, 0.95
DEAREST = 1.10

SEED = 1
# How many policies are tried for a load: fewer where one simulation takes seconds.
TRIES = {"nasa-ipsc-1993": 100, "nasa-http-1995-07": 100, "lcg-grid-2005": 24}
OTHER_TRIES = 1000
# What is tuned: by name, the file that it begins with and the kinds among which it is looked for.
TUNED = {
    "tuned step": ("step-example", "given,step"),
    "tuned best": ("backlog-tracking", "step,simple,target_tracking,backlog_tracking"),
}
AS_THEY_ARE = {
    "step example": "step-example",
    "target tracking": "target-tracking",
    "backlog tracking": "backlog-tracking",
    "wait target": "wait-target",
}
ORDER = ("step example", "target tracking", "tuned step", "tuned best", "backlog tracking", "wait target")


class Load:
    """A recorded load, and its jobs as the simulator takes them from it."""

    def __init__(self, file):
        self.file = file
        self.name = KNOWN_AS.get(file.stem, file.stem)
        assumed = ASSUMED.get(self.name)
        self.words = ["--trace", file] + ([f"--service-time={assumed}s"] if assumed else [])

    def read(self, folder):
        """Nanoseconds, as sums of them are exact."""
        self.jobs_file = folder / f"{self.name}-jobs.csv"
        weir("simulate", POLICIES / "backlog-tracking.yaml", *self.words, *WORLD, "--write-trace", self.jobs_file)
        with self.jobs_file.open() as lines:
            rows = csv.reader(line for line in lines if not line.startswith("#"))
            next(rows)
            self.jobs = [(round(float(row[0]) * 1e9), round(float(row[1]) * 1e9)) for row in rows]
        self.work = sum(service for _, service in self.jobs)

    def policy_file(self, policy):
        if policy in TUNED:
            return POLICIES / f"{policy.replace(' ', '-')}-{self.name}.yaml"
        return POLICIES / f"{AS_THEY_ARE[policy]}.yaml"


class Result:
    """What a load cost, and how long its jobs waited."""

    def __init__(self, hours, p50, p95, p99, left=0):
        self.hours, self.p50, self.p95, self.p99, self.left = hours, p50, p95, p99, left

    def in_time(self):
        return self.p95 <= TARGET and not self.left


def loads():
    files = sorted(LOADS.glob("*.csv"))
    shipped = {file.stem for file in files}
    if further := os.environ.get("WEIR_BENCH_LOADS"):
        files += [file for file in Path(further).glob("*.csv") if KNOWN_AS.get(file.stem, file.stem) not in shipped]
    return sorted((Load(file) for file in files), key=lambda load: load.name)


def weir(*words):
    done = subprocess.run([lab.BINARY, *map(str, words)], capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode:
        raise RuntimeError(f"weir {' '.join(map(str, words))}:\n{done.stderr}")
    return done.stdout


def simulate(load, policy, folder):
    seconds = load.work / len(load.jobs) / 1e9
    file = folder / f"{load.name}-{policy.replace(' ', '-')}.yaml"
    file.write_text(load.policy_file(policy).read_text().replace("SECONDS_PER_MESSAGE", f"{seconds:.6g}"))
    told = json.loads(weir("simulate", file, *load.words, *WORLD, "--format", "json"))
    wait = told["wait_s"]
    left = told["jobs"] - told["completed"]
    return Result(told["worker_hours"], wait["p50"], wait["p95"], wait["p99"], left)


def clairvoyant(load, program, folder):
    """The schedule of somebody who knows all beforehand. What it costs and how long its jobs wait is counted here."""
    file = folder / f"{load.name}-schedule.csv"
    words = [program, load.jobs_file, file, TARGET, SHARE, STARTUP + STOP]
    subprocess.run([str(word) for word in words], check=True)
    waits, busy, present = [None] * len(load.jobs), 0, None
    with file.open() as lines:
        rows = csv.reader(lines)
        next(rows)
        for instance, job, begin in rows:
            job, begin = int(job), int(begin)
            submitted, service = load.jobs[job]
            if instance != present:
                busy += (STARTUP + STOP) * 10**9
                present, end = instance, begin
            if begin < max(submitted, end) or waits[job] is not None:
                raise RuntimeError(f"{file}: instance {instance} cannot begin with job {job} then")
            waits[job] = begin - submitted
            busy += begin + service - end
            end = begin + service
    if None in waits:
        raise RuntimeError(f"{file}: job {waits.index(None)} is not done")
    waits.sort()
    shares = (waits[math.ceil(share * len(waits)) - 1] / 1e9 for share in (0.5, SHARE, 0.99))
    return Result(busy / 3.6e12, *shares)


def build_yardstick():
    program = HOME / "clairvoyant"
    compiler = shutil.which("g++") or "clang++"
    subprocess.run([compiler, "-O2", "-std=c++17", "-o", program, POLICIES / "clairvoyant.cpp"], check=True)
    return program


def kind_found(file):
    """The kind of scaling in a file that `weir tune` wrote; it began with backlog tracking."""
    found = re.search(r"^#: found +another kind of scaling: (\w+)$", file.read_text(), re.M)
    return found[1] if found else "backlog_tracking"


def short(seconds):
    for unit, length in (("h", 3600), ("min", 60)):
        if seconds >= 10 * length:
            return f"{seconds / length:,.0f} {unit}"
    return f"{seconds:.0f} s"


def costs(load, runs, known):
    """Rows of one load, from its work itself to the policy that needs no tuning."""
    work = load.work / 3.6e12
    print(f"| {load.name} | the work itself | {work:,.1f} | 1.00 | | | | |")
    for name, result in [("clairvoyant", known), *runs.items()]:
        if name in TUNED:
            name += f": {kind_found(load.policy_file(name))}" if name == "tuned best" else ""
        cost = f"{result.hours:,.1f} | {result.hours / work:.2f} | {result.hours / known.hours:.3f}"
        waits = " | ".join(short(wait) for wait in (result.p50, result.p95, result.p99))
        print(f"| | {name} | {cost} | {waits} |", flush=True)


def promises(results):
    """A row for each promise, and whether all are kept. Results: by load, of the policies and of the clairvoyant."""
    rows, ratios = [], []
    for load, (runs, known) in results.items():
        ours = runs["wait target"]
        rows.append((f"{load}: 95 % wait at most", f"{ours.p95:.1f} s", f"{TARGET} s", ours.in_time()))
        others = {name: run.hours for name, run in runs.items() if name != "wait target" and run.in_time()}
        if others:
            name = min(others, key=others.get)
            share = ours.hours / others[name]
            rows.append((f"{load}: cost beside the cheapest other in time, {name}", f"{share:.3f}", "1", share <= 1))
        ratios.append(ours.hours / known.hours)
    mean = math.exp(sum(map(math.log, ratios)) / len(ratios))
    rows.append(("geometric mean: cost beside the clairvoyant's", f"{mean:.3f}", f"{DEAREST:.2f}", mean <= DEAREST))
    print("\n| wait target | is | at most | |\n|---|---:|---:|---|")
    for what, figure, limit, kept in rows:
        print(f"| {what} | {figure} | {limit} | {'kept' if kept else '**missed**'} |")
    return all(row[-1] for row in rows)


def compare():
    folder = home("policies")
    program = build_yardstick()
    every, results = loads(), {}
    for load in every:
        load.read(folder)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        runs = {
            (load.name, policy): pool.submit(simulate, load, policy, folder)
            for load in every
            for policy in ORDER
            if load.policy_file(policy).exists()
        }
        print("| load | policy | worker-hours | of the work | of the clairvoyant | wait p50 | p95 | p99 |")
        print("|---|---|---:|---:|---:|---:|---:|---:|")
        for load in every:
            known = clairvoyant(load, program, folder)
            told = {policy: run.result() for (name, policy), run in runs.items() if name == load.name}
            results[load.name] = told, known
            costs(load, told, known)
    kept = promises(results)
    for load, (told, _) in results.items():
        for policy, result in told.items():
            if result.left:
                print(f"\n{load}, {policy}: {result.left} jobs were never done.")
    sys.exit(0 if kept else 1)


def tune():
    for load in loads():
        tries = TRIES.get(load.name, OTHER_TRIES)
        for policy, (start, kinds) in TUNED.items():
            file = load.policy_file(policy)
            words = ["tune", f"Benchmarks/policies/{start}.yaml", *load.words, *WORLD, "--hold-out", "none"]
            words += ["--kinds", kinds, "--simulations", tries, "--seed", SEED, "--output", file]
            print(f"{load.name}, {policy}, {tries} policies", flush=True)
            weir(*words)
            # The header names the load; where it lies is nobody's business.
            file.write_text(file.read_text().replace(f"{load.file.parent}/", ""))


def main():
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--tune", action="store_true", help="look for the tuned policies again; takes hours")
    if words.parse_args().tune:
        tune()
    else:
        print("\nKinds of scaling policies over recorded loads, instances that start in 60 s\n", flush=True)
        compare()


if __name__ == "__main__":
    main()
