"""What a wait target costs and whether it is kept under other targets, start-ups and percentiles, in weir's simulator.

Prints the table of docs/wait-target.md as Markdown. Further loads are taken from the folder in WEIR_BENCH_LOADS.
"""

import concurrent.futures
import json
import os
import subprocess
from pathlib import Path

from bench import ROOT, Report, home, lab

FOLDERS = [ROOT / "examples/traces", *map(Path, filter(None, [os.environ.get("WEIR_BENCH_LOADS")]))]
RECORDED = {
    "azure-llm-conv-2023": [],
    "elb-requests": ["--service-time", "20s"],
    "bank-calls-1999-10": [],
    "nasa-ipsc-1993": [],
}
MADE_UP = {
    "ten a minute": ["poisson rate=10/min for=2d", "exponential(20s)"],
    "four an hour": ["poisson rate=4/h for=14d", "exponential(60s)"],
    "daily cycle": ["diurnal rate=0.3/s swing=95% for=4d", "lognormal(30s,30s)"],
    "heavy tail": ["poisson rate=0.05/s for=7d", "pareto(10s,1.2)"],
    "tenfold from one day on": ["poisson rate=0.1/s for=1d", "poisson rate=0.9/s for=1d from=1d", "exponential(20s)"],
    "10 min on, 50 min off": ["on-off rate=1/s on=10m off=50m for=7d", "exponential(15s)"],
    "500 at once every 6 h": ["bursts size=500 every=6h for=7d over=5s", "lognormal(20s,10s)"],
}
# Target, start-up, percentile.
SETTINGS = [
    (60, "60s", 95), (60, "10s", 95), (60, "300s", 95), (10, "60s", 95), (300, "60s", 95), (900, "60s", 95),
    (60, "60s", 50), (60, "60s", 99), (60, "lognormal(60s,15s)", 95), (60, "lognormal(50s,5s)", 95),
]  # fmt: skip


def loads():
    for name, words in RECORDED.items():
        file = next((folder / f"{name}.csv" for folder in FOLDERS if (folder / f"{name}.csv").exists()), None)
        if file:
            yield name, ["--trace", str(file), *words]
    for name, (*made, service) in MADE_UP.items():
        yield name, [word for load in made for word in ("--generate", load)] + ["--service-time", service]


def policy(target, percentile, folder):
    path = folder / f"{target}-{percentile}.yaml"
    text = (ROOT / "Benchmarks/policies/wait-target.yaml").read_text()
    path.write_text(text.replace("target: 60s", f"target: {target}s, percentile: {percentile}"))
    return path


def simulate(words, startup, policy):
    command = [lab.BINARY, "simulate", policy, *words, "--startup-time", startup, "--format", "json"]
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def cell(told, target, percentile):
    wait = told["wait_s"][f"p{percentile}"]
    mark = "" if wait < target + 0.0015 else " **late**"
    return f"{1 / told['utilisation']:.2f}, {wait:.0f} s{mark}"


def main():
    report = Report("A wait target: instance-hours beside the work itself, and the wait at the percentile")
    folder = home("wait-target")
    files = {setting: policy(setting[0], setting[2], folder) for setting in SETTINGS}
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        runs = {
            (name, setting): pool.submit(simulate, words, setting[1], files[setting])
            for name, words in loads()
            for setting in SETTINGS
        }
        heads = [f"{target} s, {startup}, {percentile} %" for target, startup, percentile in SETTINGS]
        print(f"| load | {' | '.join(heads)} |\n|---|{'---|' * len(heads)}")
        for name, _ in loads():
            cells = [cell(runs[name, setting].result(), setting[0], setting[2]) for setting in SETTINGS]
            print(f"| {name} | {' | '.join(cells)} |", flush=True)
    report.end()


if __name__ == "__main__":
    main()
