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
    "6 a minute, 20 s": ["poisson rate=0.1/s for=2d", "exponential(20s)"],
    "2 a second, 0.5 s": ["poisson rate=2/s for=12h", "exponential(0.5s)"],
    "4 an hour, 60 s": ["poisson rate=4/h for=14d", "exponential(60s)"],
    "daily cycle, 30 s": ["diurnal rate=0.3/s swing=95% for=4d", "lognormal(30s,30s)"],
    "3 a minute, heavy tail": ["poisson rate=0.05/s for=7d", "pareto(10s,1.2)"],
    "tenfold from day 2 on": ["poisson rate=0.1/s for=1d", "poisson rate=0.9/s for=1d from=1d", "exponential(20s)"],
    "1 min on, 1 min off": ["on-off rate=1/s on=60s off=60s for=1d", "exponential(10s)"],
    "10 min on, 50 min off": ["on-off rate=1/s on=10m off=50m for=7d", "exponential(15s)"],
    "500 at once, every 6 h": ["bursts size=500 every=6h for=7d over=5s", "lognormal(20s,10s)"],
    "100 at once, every 2 h or so": [
        "bursts size=100 every=exponential(2h) for=14d over=5s",
        "poisson rate=0.01/s for=14d",
        "exponential(15s)",
    ],
    "26 jobs in 10 min": ["poisson rate=0.05/s for=10m", "exponential(20s)"],
}
# Target, start-up, percentile.
SETTINGS = [
    (60, "60s", 95),
    (60, "10s", 95),
    (60, "300s", 95),
    (10, "60s", 95),
    (300, "60s", 95),
    (900, "60s", 95),
    (60, "60s", 50),
    (60, "60s", 99),
    (60, "lognormal(60s,15s)", 95),
    (60, "lognormal(50s,5s)", 95),
]


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
    digits = 0 if wait >= (100 if wait > target else 10) else 1
    # What is finer than a millisecond nobody measures.
    text = f"{wait:.{digits}f} s" if wait < target + 0.0015 else f"**{wait:.{digits}f} s**"
    return f"{1 / told['utilisation']:.2f}, {text}"


def head(target, startup, percentile):
    return f"{startup} for {target} s" + ("" if percentile == 95 else f", {percentile} %")


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
        heads = [head(*setting) for setting in SETTINGS]
        print(f"| load | {' | '.join(heads)} |\n|---|{'---|' * len(heads)}")
        for name, _ in loads():
            cells = [cell(runs[name, setting].result(), setting[0], setting[2]) for setting in SETTINGS]
            print(f"| {name} | {' | '.join(cells)} |", flush=True)
    report.end()


if __name__ == "__main__":
    main()
