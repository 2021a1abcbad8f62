"""What kinds of scaling policies cost and how long work waits under them, over recorded loads, in weir's own simulator.

Prints the table of docs/evidence.md as Markdown. Further loads are taken from the folder in WEIR_BENCH_LOADS.
"""

import concurrent.futures
import csv
import json
import os
import subprocess
import sys
from pathlib import Path

from bench import ROOT, Report, home, lab

LOADS = ROOT / "examples/traces"
POLICIES = ROOT / "Benchmarks/policies"
STARTUP = "60s"
# What the counts leave open.
ASSUMED = {"elb-requests": 20.0, "nasa-http-1995-07": 10.0}
TARGET, PERCENTILE = 60.0, "p95"


def loads():
    files = sorted(LOADS.glob("*.csv"))
    if further := os.environ.get("WEIR_BENCH_LOADS"):
        known = {file.name for file in files} | {"elb-requests-2014.csv"}
        files += [file for file in sorted(Path(further).glob("*.csv")) if file.name not in known]
    return files


def work(file):
    """How many jobs there are, and how long they take in all, in seconds."""
    assumed = ASSUMED.get(file.stem)
    with file.open() as lines:
        rows = list(csv.DictReader(lines))
    if "arrivals" in rows[0]:
        jobs = sum(int(row["arrivals"]) for row in rows)
        return jobs, jobs * assumed
    return len(rows), sum(float(row["service_s"]) for row in rows)


def kinds(file):
    """The name of each kind, and its policy file, as it is for this load."""
    jobs, seconds = work(file)
    texts = {path.stem: path.read_text() for path in sorted(POLICIES.glob("*.yaml"))}
    tuned = f"tuned-{file.stem}"
    for name in ("step-example", "target-tracking", "tuned", "backlog-tracking", "wait-target"):
        text = texts.get(tuned if name == "tuned" else name)
        if text:
            yield name, text.replace("SECONDS_PER_MESSAGE", f"{seconds / jobs:.6g}")


def simulate(file, name, text, folder):
    policy = folder / f"{file.stem}-{name}.yaml"
    policy.write_text(text)
    words = [lab.BINARY, "simulate", policy, "--trace", file, "--startup-time", STARTUP, "--format", "json"]
    if file.stem in ASSUMED:
        words += ["--service-time", f"{ASSUMED[file.stem]:g}s"]
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{policy}: {done.stderr}")
    return json.loads(done.stdout)


def short(seconds):
    for unit, length in (("h", 3600), ("min", 60)):
        if seconds >= 10 * length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:.0f} s"


def main():
    folder = home("policies")
    report = Report("Kinds of scaling policies over recorded loads, instances that start in 60 s")
    print("| load | policy | worker-hours | of the work | wait p50 | p95 | p99 |\n|---|---|---:|---:|---:|---:|---:|")
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        runs = {
            (file, name): pool.submit(simulate, file, name, text, folder)
            for file in loads()
            for name, text in kinds(file)
        }
    for file in loads():
        hours = work(file)[1] / 3600
        print(f"| {file.stem} | the work itself | {hours:,.1f} | 1.00 | | | |")
        for (of, name), run in runs.items():
            if of == file:
                told = run.result()
                cost, wait = told["worker_hours"], told["wait_s"]
                waits = " | ".join(short(wait[name]) for name in ("p50", "p95", "p99"))
                print(f"| | {name} | {cost:,.1f} | {cost / hours:.2f} | {waits} |")
    report.end()


if __name__ == "__main__":
    main()
