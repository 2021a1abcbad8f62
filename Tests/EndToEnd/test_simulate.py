"""`weir simulate`, as docs/simulate.md has it."""

import json
import re

import lab
import pytest
from lab import ROOT, run

PAGE = (ROOT / "docs" / "simulate.md").read_text()
[COMMAND] = re.findall(r"^weir simulate .*$", PAGE, re.M)


def simulate(*words, check=True):
    return run(lab.BINARY, "simulate", *words, check=check, cwd=ROOT, within=120)


def report(*words):
    told = json.loads(simulate(*words, "--format", "json").stdout)
    told.pop("wall_s")
    return told


def test_the_command_of_the_page():
    words = COMMAND.split()[2:]
    told = simulate(*words).stdout
    shown = re.search(r"^```\n(group .*?)\n```$", PAGE, re.M | re.S)[1]
    assert told.startswith(shown)
    assert re.search(r"^cost +\d+\.\d\d$", told, re.M)
    assert re.search(r"^jobs +249327, 249327 completed$", told, re.M)
    assert re.search(r"^scale-in .*; 0 ended at work$", told, re.M)


def test_the_report_for_programs(tmp_path):
    trace = tmp_path / "trace.csv"
    trace.write_text("submit_s,service_s\n" + "".join(f"{second},40\n" for second in range(0, 3600, 7)))
    words = ["policies/thumbnails.yaml", "--trace", trace, "--failure-rate", "0.1"]
    words += ["--startup-time", "exponential(20s)"]
    again = report(*words, "--seed", "7")
    assert again == report(*words, "--seed", "7"), "the same seed says the same"
    assert again != report(*words, "--seed", "8")
    assert again["jobs"] == again["completed"] == 515
    assert again["failed_attempts"] > 20
    for field in [
        *("trace", "seed", "jobs", "completed", "span_s", "wait_s", "worker_hours", "utilisation", "peak_instances"),
        *("launches", "terminations", "protected_delays", "busy_terminations", "alarm_transitions", "max_backlog"),
        "events",
    ]:
        assert field in again
    assert set(again["wait_s"]) >= {"p50", "p95", "p99", "mean", "max"}


def test_every_policy_that_weir_ships_can_be_simulated(tmp_path):
    trace = tmp_path / "trace.csv"
    trace.write_text("submit_s,service_s\n" + "".join(f"{second},4\n" for second in range(0, 7200, 3)))
    for path in sorted((ROOT / "policies").glob("*.yaml")):
        told = report(path, "--trace", trace)
        # A group that scales by what its own source tells, such as a status page, does not see these jobs.
        assert told["completed"] <= told["jobs"] == 2400, path


@pytest.mark.parametrize(
    "words, complaint",
    [
        (["--trace", "none.csv", "--service-time", "1s"], "none.csv: cannot be opened: No such file or directory"),
        (["--trace", "examples/traces/elb-requests.csv"], "name it with --service-time, such as 20s"),
        (["--trace", "x", "--failure-rate", "2"], "--failure-rate takes a share from 0 to 1"),
        (["--trace", "x", "--poison-rate", "0.1"], "name --max-receive-count as well"),
        (["--trace", "x", "--startup-time", "soon"], "startup-time"),
    ],
)
def test_a_mistake_is_told(words, complaint):
    done = simulate("policies/thumbnails.yaml", *words, check=False)
    assert done.returncode == 2
    assert done.stdout == "" and complaint in done.stderr
