"""`weir simulate`, as docs/simulate.md has it."""

import json
import os
import re
import shlex
import shutil
import subprocess

import lab
import pytest
from lab import POLICIES, ROOT, run

PAGE = (ROOT / "docs" / "simulate.md").read_text()
ELB = "examples/traces/elb-requests.csv"
TWICE = ["--trace", ELB, "--trace", ELB, "--service-time", "1s"]
JOBS = ["--trace", "examples/traces/azure-llm-conv-2023.csv"]
COMMAND, MADE_UP, HANGING, OUTAGES, SHARED = re.findall(r"^weir simulate .*$", PAGE, re.M)


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


def test_every_figure_is_on_the_page_and_its_number_in_conditions():
    words = ["policies/thumbnails.yaml", "--generate", "constant rate=1/min for=10m taking=1s", "--price", "1"]
    told = json.loads(simulate(*words, "--format", "json").stdout)
    told |= {f"wait_s.{name}": figure for name, figure in told.pop("wait_s").items()}
    section = PAGE.split("## The figures in JSON\n")[1].split("\n## ")[0]
    names = [name for cell in re.findall(r"^\| (`.*?) \|", section, re.M) for name in re.findall(r"`(.*?)`", cell)]
    assert sorted(names) == sorted(told)
    done = run(lab.BINARY, "compare", *words[:1], *words, "--fail-if", "nothing > 1", check=False, cwd=ROOT)
    known = re.search(r"there are: (.*), and each with base\.", done.stderr)[1].split(", ")
    numbers = [name for name, figure in told.items() if not isinstance(figure, (bool, str))]
    assert sorted(known) == sorted(set(numbers) - {"seed", "wall_s"})


def test_every_policy_that_weir_ships_can_be_simulated(tmp_path):
    trace = tmp_path / "trace.csv"
    trace.write_text("submit_s,service_s\n" + "".join(f"{second},4\n" for second in range(0, 7200, 3)))
    for path in POLICIES:
        told = report(path, "--trace", trace)
        # A group that scales by what its own source tells, such as a status page, does not see these jobs.
        assert told["completed"] <= told["jobs"] == 2400, path


def test_a_load_that_is_made_up(tmp_path):
    words = shlex.split(MADE_UP)[2:]
    first = report(*words, "--write-trace", tmp_path / "first.csv")
    assert first["trace"] == "diurnal rate=90/h for=1d + bursts size=40 every=8h for=1d taking=5s"
    assert abs(first["jobs"] - (24 * 90 + 3 * 40)) < 4 * (24 * 90) ** 0.5
    assert report(*words, "--write-trace", tmp_path / "again.csv") == first, "the same seed says the same"
    assert (tmp_path / "first.csv").read_bytes() == (tmp_path / "again.csv").read_bytes()
    # What was written is the same load again.
    again = report("policies/thumbnails.yaml", "--trace", tmp_path / "first.csv")
    assert (again.pop("trace"), first.pop("trace")) and again == first
    lengths = tmp_path / "lengths.txt"
    lengths.write_text("5\n")
    drawn = ["--generate", "constant rate=6/min for=1h", "--service-time", f"drawn({lengths})"]
    told = report("policies/thumbnails.yaml", *drawn)
    assert told["jobs"] == 360 and abs(told["utilisation"] * told["worker_hours"] - 360 * 5 / 3600) < 1e-9


CLOUDWATCH = {
    "get-metric-statistics": {
        "Label": "NumberOfMessagesSent",
        "Datapoints": [
            {"Timestamp": "2026-03-01T00:10:00+00:00", "Sum": 5.0, "Unit": "Count"},
            {"Timestamp": "2026-03-01T00:00:00+00:00", "Sum": 3.0, "Unit": "Count"},
            {"Timestamp": "2026-03-01T00:01:00+00:00", "Sum": 4.0, "Unit": "Count"},
        ],
    },
    "get-metric-data": {
        "MetricDataResults": [
            {
                "Id": "sent",
                "Label": "NumberOfMessagesSent",
                "Timestamps": ["2026-03-01T00:10:00Z", "2026-03-01T00:01:00Z", "2026-03-01T00:00:00Z"],
                "Values": [5.0, 4.0, 3.0],
                "StatusCode": "Complete",
            },
            {"Id": "age", "Label": "Age", "Timestamps": [], "Values": [], "StatusCode": "Complete"},
        ],
        "Messages": [],
    },
}


def test_the_same_load_in_every_form(tmp_path):
    """CSV from a file, CloudWatch's two forms, and a workload from the standard input: four reports of one load."""
    counts = tmp_path / "counts.csv"
    minutes = {0: 3, 1: 4, 10: 5}
    counts.write_text(
        "timestamp,arrivals\n" + "".join(f"2026-03-01T00:{m:02}:00Z,{minutes.get(m, 0)}\n" for m in range(11))
    )
    words = ["--trace", counts]
    for name, document in CLOUDWATCH.items():
        path = tmp_path / f"{name}.json"
        path.write_text(json.dumps(document, indent=4))
        words += ["--trace", path]
    seconds = [60 * minute + (place + 0.5) * 60 / count for minute, count in minutes.items() for place in range(count)]
    workload = "; UnixStartTime: 1772323200\n" + "".join(
        f"{number} {second} -1 20 1 -1 -1 1 -1 -1 1 1 1 1 1 1 -1 -1\n" for number, second in enumerate(seconds)
    )
    workload += "99 700 -1 -1 1 -1 -1 1 -1 -1 5 1 1 1 1 1 -1 -1\n"
    words += ["--trace", "-", "--service-time", "20s", "--metric", "NumberOfMessagesSent", "--format", "json"]
    log = tmp_path / "log.swf"
    log.write_text(workload)
    command = [lab.BINARY, "simulate", "policies/thumbnails.yaml", *words]
    done = run("sh", "-c", 'exec "$@" <"$0"', log, *command)
    reports = [json.loads(line) for line in done.stdout.splitlines()]
    assert [told.pop("trace") for told in reports] == [str(word) for word in words[1:8:2]]
    for told in reports:
        told.pop("wall_s")
    assert reports[0]["jobs"] == reports[0]["completed"] == 12
    assert reports[1] == reports[0] and reports[2] == reports[0]
    assert reports[3]["jobs"] == 12
    assert done.stderr == "weir: note: -: 1 job has no run time, and is left out\n"


def test_what_policy_and_flags_say_of_the_world(tmp_path):
    trace = tmp_path / "trace.csv"
    trace.write_text("submit_s,service_s\n" + "".join(f"{second},30\n" for second in range(0, 1200, 40)))
    # Instances end after the first burst, and each waits for its hook.
    hooks = ["policies/lifecycle-hooks.yaml", "--generate", "bursts size=100 every=2h for=4h taking=30s"]
    assert report(*hooks, "--hook-time", "4m")["worker_hours"] > report(*hooks)["worker_hours"] + 0.1
    failing = ["--failure-rate", "0.3", "--visibility-timeout"]
    spans = [report("policies/thumbnails.yaml", "--trace", trace, *failing, time)["span_s"] for time in ("40s", "2h")]
    assert spans[1] > spans[0] + 3600
    stopped = tmp_path / "stopped.yaml"
    text = (ROOT / "policies" / "warm-pool.yaml").read_text()
    stopped.write_text("".join(line for line in text.splitlines(True) if not re.match(r"  (prep|reuse)", line)))
    stopped.write_text(stopped.read_text().replace("state: hibernated", "state: stopped"))
    # By then the pool is full.
    slow = [stopped, "--generate", "bursts size=1 every=1h for=2h from=20m taking=30s", "--startup-time", "90s"]
    fast = [*slow, "--warm-startup-time", "2s"]
    assert report(*slow)["wait_s"]["max"] > report(*fast)["wait_s"]["max"] + 60


def test_instances_that_hang_are_replaced():
    words = shlex.split(HANGING)[2:]
    told = report(*words)
    assert told["hung_instances"] > 5 and told["launches"] >= told["hung_instances"] - 2
    assert told["completed"] == told["jobs"] and not told["ended_early"]


def test_a_fallback_acts_while_the_source_does_not_answer():
    words = shlex.split(OUTAGES)[2:]
    told = report(*words)
    # Three outages; a source that fails is asked again after 10, 20, 40 s and so on, up to 5 min.
    assert told["failed_measurements"] == 3 * 8 and told["completed"] == told["jobs"]
    zero = report(*words[:-1], "1h..1h1m says=zero")
    assert 0 < zero["failed_measurements"] < 20


def test_groups_that_share_a_limit_are_simulated_together(tmp_path):
    words = shlex.split(SHARED)[2:]
    done = simulate(*words, "--format", "json", "--records", tmp_path / "records.jsonl", "--svg", tmp_path / "p.svg")
    bulk, urgent, total = [json.loads(line) for line in done.stdout.splitlines()]
    assert [bulk["group"], urgent["group"]] == ["bulk", "urgent"] == total["groups"]
    assert bulk["jobs"] == bulk["completed"] == 2 * 200 and urgent["jobs"] == urgent["completed"] > 2000
    assert total["jobs"] == bulk["jobs"] + urgent["jobs"]
    assert total["fleets"] == [{"name": "machine", "limit_units": 12, "peak_units": 12}]
    assert bulk["span_s"] == urgent["span_s"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["p-bulk.svg", "p-urgent.svg", "records.jsonl"]
    replayed = run(lab.BINARY, "replay", tmp_path / "records.jsonl", cwd=ROOT)
    assert replayed.returncode == 0, replayed.stdout
    text = simulate(*words).stdout
    assert re.search(r"^in all +2 groups: bulk, urgent$", text, re.M)
    assert re.search(r"^fleet +machine: at most 12 of 12 units at once$", text, re.M)


def test_the_rules_of_the_queue_are_those_of_the_file(tmp_path):
    trace = tmp_path / "trace.csv"
    trace.write_text("submit_s,service_s\n" + "0,100\n" * 20)
    text = (ROOT / "policies" / "thumbnails.yaml").read_text()
    path = tmp_path / "policy.yaml"
    rules = "retention: 1m, visibility_timeout: 7s, dead_letter_queue: dead, max_receive_count: 2"
    path.write_text(text.replace("embedded: thumbnails", f"embedded: {{ queue: thumbnails, {rules} }}"))
    words = [path, "--trace", trace, "--failure-rate", "1"]
    told = report(*words)
    assert told["expired"] > 0 and told["completed"] == 0
    assert told["expired"] + told["dead_letters"] == 20
    assert report(*words, "--retention", "4d")["dead_letters"] == 20
    assert report(*words, "--retention", "4d")["failed_attempts"] == 40
    assert report(*words, "--retention", "4d", "--max-receive-count", "3")["failed_attempts"] == 60


@pytest.mark.parametrize(
    "words, complaint",
    [
        (["--trace", "none.csv", "--service-time", "1s"], "none.csv: cannot be opened: No such file or directory"),
        (["--trace", ELB], "name it with --service-time, such as 20s"),
        (["--trace", "x", "--failure-rate", "2"], "--failure-rate takes a share from 0 to 1"),
        (["--trace", "x", "--poison-rate", "0.1"], "name --max-receive-count as well"),
        (["--trace", "x", "--startup-time", "soon"], "startup-time"),
        ([], "name the load: --trace FILE"),
        (["--generate", "poison rate=2/s for=1h"], "there is no load 'poison'; did you mean 'poisson'?"),
        (["--generate", "poisson rate=2/s for=1h"], "how long do its jobs take?"),
        (["--trace", "x", "--service-time", "drawn(none.txt)"], "none.txt: cannot be opened"),
        (["--trace", "scripts/lib.sh"], "the header is"),
        (["--trace", "x", "--period", "0s"], "--period has to be longer than nothing"),
        (["--generate", "poisson rate=2/s for=1h", "--period", "60s"], "--period is about a CloudWatch document"),
        (["--trace", "x", "--trace", "none.csv", "--metric", "x"], "x: cannot be opened"),
        ([*TWICE, "--metric", "x"], "weir: none of the traces is a CloudWatch document: leave out --metric\n"),
        ([*TWICE, "--period", "60s"], "this timestamp is 300s after the one before, and --period says 60s"),
        ([*JOBS, "--period", "60s"], "is not a CloudWatch document or a CSV file of counts: leave out --period"),
        ([*JOBS, *JOBS, "--period", "60s"], "none of the traces is a CloudWatch document or a CSV file"),
        (["--trace", ELB, "--metric", "x", "--service-time", "1s"], "is not a CloudWatch document: leave out --metric"),
        (["--trace", "x", "--billing", "hour"], "--billing says how a price is paid"),
        (["--trace", "x", "--price", "1e300"], "--price takes an amount from 0 to a thousand million"),
        (["--trace", "x", "--retention", "365000d"], "--retention takes a time of at most ten years, not 365000d"),
        (["--trace", "x", "--visibility-timeout", "365000d"], "--visibility-timeout takes a time of at most ten years"),
        (["--trace", "x", "--hook-time", "365000d"], "--hook-time takes a time of at most ten years, not 365000d"),
        (["--trace", "x", "--period", "365000d"], "--period takes a time of at most ten years, not 365000d"),
        (["--trace", "x", "--stop-time", "365000d"], "'365000d' is invalid for '--stop-time"),
        (["--trace", "x", "--service-time", "365000d"], "with times of at most ten years"),
        (["--trace", "x", "--source-outage", "2h..1h"], "'2h..1h' is no such time"),
        (["--trace", "x", "--source-outage", "every=1h for=1m says=one"], "says=one: expected failure, zero, stale"),
        (["--trace", "x", "--launcher-outage", "every=1h"], "has no for="),
        (["--trace", "x", "--retention", "0s"], "--retention takes a time from 1s"),
        (["--generate", "thumbs=poisson rate=2/s for=1h"], "there is no group 'thumbs'"),
        (["policies/demo.yaml", "--trace", "x"], "for which group? Name it, as in thumbnails=…"),
        (["policies/demo.yaml", "--trace", "thumbnials=x"], "did you mean 'thumbnails'?"),
    ],
)
def test_a_mistake_is_told(words, complaint):
    done = simulate("policies/thumbnails.yaml", *words, check=False)
    assert done.returncode == 2
    assert done.stdout == "" and complaint in done.stderr


def test_a_count_that_would_never_end_is_a_mistake(tmp_path):
    counts = tmp_path / "counts.csv"
    counts.write_text("timestamp,arrivals\n2026-01-05T10:00:00Z,60000000000\n")
    document = tmp_path / "counts.json"
    point = {"Timestamp": "2026-01-05T10:00:00+00:00", "Sum": 6e10, "Unit": "Count"}
    document.write_text(json.dumps({"Label": "NumberOfMessagesSent", "Datapoints": [point]}))
    for path, place in ((counts, f"{counts}:2: 60000000000"), (document, f"{document}: Datapoints[0]: 60000000000.0")):
        words = ["--trace", path, "--service-time", "1s"] + ["--period", "60s"]
        done = simulate("policies/thumbnails.yaml", *words, check=False)
        assert done.returncode == 2
        assert done.stderr == f"weir: {place} arrivals are too many: no interval has more than 100000000\n"


def test_who_is_there_for_no_time_is_there(tmp_path):
    two = tmp_path / "two.yaml"
    two.write_text((ROOT / "policies/thumbnails.yaml").read_text().replace("min_size: 0", "min_size: 2"))
    trace = tmp_path / "trace.csv"
    trace.write_text("submit_s,service_s\n7,0\n")
    told = report(two, "--trace", trace)
    assert told["span_s"] == 0 and told["peak_instances"] == 2


@pytest.mark.parametrize("kind", ["weekly rate=20/h for=4d from=30h taking=60s", "poisson rate=3/h for=9h taking=1s"])
def test_what_was_written_is_the_same_load_in_the_same_hours(tmp_path, kind):
    """Office hours, so that it matters when a job comes; and none comes at first."""
    written = tmp_path / "written.csv"
    first = report("policies/office-hours.yaml", "--generate", kind, "--write-trace", written)
    lines = written.read_text().splitlines()
    assert lines[:2] == ["# begins 2026-01-05T00:00:00Z", "submit_s,service_s"] and not lines[2].startswith("0,")
    again = report("policies/office-hours.yaml", "--trace", written)
    assert (again.pop("trace"), first.pop("trace")) and again == first
    # So it stays, however often it is written.
    report("policies/office-hours.yaml", "--trace", written, "--write-trace", tmp_path / "again.csv")
    assert (tmp_path / "again.csv").read_bytes() == written.read_bytes()


TRACE = "submit_s,service_s\n0,20\n60,20\n"


def test_no_file_is_written_over_what_is_read_or_written(tmp_path):
    trace, folder, link = tmp_path / "a.csv", tmp_path / "records", tmp_path / "link.csv"
    trace.write_text(TRACE)
    link.symlink_to(trace)
    folder.mkdir()
    records = folder / "thumbnails.00000001.jsonl"
    simulate("policies/thumbnails.yaml", "--trace", trace, "--records", records)
    recorded = records.read_bytes()
    policy = tmp_path / "policy.yaml"
    policy.write_text((ROOT / "policies/thumbnails.yaml").read_text())
    new = tmp_path / "new"
    for words, complaint in [
        (["--trace", trace, "--write-trace", trace], f"--write-trace {trace} would be written over --trace {trace}: "),
        (["--trace", f"thumbnails={trace}", "--records", link], f"{link} would be written over --trace {trace}: name"),
        (["--from-records", folder, "--records", records], f"would be written over --from-records {records}"),
        (["--trace", trace, "--html", new, "--svg", new], f"--html {new} and --svg {new} are one file: name two"),
        (["--trace", trace, "--html", new, "--records", tmp_path / ".." / tmp_path.name / "new"], "are one file"),
        (["--trace", trace, "--svg", policy], f"--svg {policy} would be written over {policy}: name another file"),
    ]:
        verbs = [["simulate", policy]] + ([] if "--records" in words else [["compare", policy, policy]])
        for verb in verbs:
            done = run(lab.BINARY, *verb, *words, check=False, cwd=ROOT)
            assert (done.returncode, done.stdout) == (2, "") and complaint in done.stderr, done
    assert trace.read_text() == TRACE and records.read_bytes() == recorded and not new.exists()
    # Nothing is lost there.
    simulate(policy, "--trace", trace, "--html", "/dev/null", "--svg", "/dev/null", "--records", "/dev/null")


def test_no_policy_and_no_fleet_is_written_over(tmp_path):
    for path in (ROOT / "policies/shared-machine").glob("*.yaml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    named = tmp_path / "html-bulk.yaml"
    shutil.copy(ROOT / "policies/thumbnails.yaml", named)
    alone = tmp_path / "alone"
    alone.mkdir()
    shutil.copy(ROOT / "policies/thumbnails.yaml", alone)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.yaml")}
    bulk, urgent, machine = (tmp_path / f"{name}.yaml" for name in ("bulk", "urgent", "machine"))
    load = ["--generate", "constant rate=6/h for=1h taking=20s"]
    both = ["--generate", "bulk=constant rate=6/h for=1h taking=20s"]
    objective = ["--objective", "min worker_hours", "--simulations", "2"]
    for words, lost in [
        (["simulate", bulk, urgent, machine, *both, "--records", machine], machine),
        (["simulate", bulk, named, machine, *both, "--html", tmp_path / "html.yaml"], named),
        (["simulate", alone, *load, "--html", alone / "thumbnails.yaml"], alone / "thumbnails.yaml"),
        (["compare", bulk, urgent, *load, "--html", machine], machine),
        (["compare", alone, bulk, *load, "--svg", alone / "thumbnails.yaml"], alone / "thumbnails.yaml"),
        (["tune", bulk, *load, *objective, "--output", machine], machine),
        (["tune", bulk, *load, *objective, "--output", bulk, "--html", machine], machine),
        (["tune", alone, *load, *objective, "--html", alone / "thumbnails.yaml"], alone / "thumbnails.yaml"),
        (["export", bulk, "--to", "terraform", "--output", machine], machine),
    ]:
        done = run(lab.BINARY, *words, check=False)
        assert (done.returncode, done.stdout) == (2, ""), done
        assert f" {lost} would be written over {lost}: name another file" in done.stderr, done.stderr
        assert {path: path.read_bytes() for path in before} == before
    # What is tuned may take the place of what it was, by whatever name.
    run(lab.BINARY, "tune", alone, *load, *objective, "--kinds", "given", "--output", alone / "thumbnails.yaml")
    assert (alone / "thumbnails.yaml").read_text().startswith("#: What weir tune made of ")


@pytest.mark.parametrize("option", ["--write-trace", "--records", "--html"])
def test_a_file_that_cannot_be_written_is_no_mistake_in_the_command(tmp_path, option):
    (tmp_path / "a.csv").write_text(TRACE)
    words = ["policies/thumbnails.yaml", "--trace", tmp_path / "a.csv", option]
    done = simulate(*words, tmp_path / "none" / "x", check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"weir: cannot write {tmp_path}/none/x: No such file or directory\n"
    done = simulate(*words, "/dev/full", check=False)
    assert done.returncode == 1 and "No space left on device" in done.stderr
    # What was there stays until there is anything to write.
    kept = tmp_path / "kept"
    kept.write_text("mine")
    done = simulate(*words[:2], tmp_path / "none.csv", option, kept, check=False)
    assert done.returncode == 2 and kept.read_text() == "mine"


def test_what_changes_nothing_is_told(tmp_path):
    (tmp_path / "a.csv").write_text(TRACE)
    words = ["policies/thumbnails.yaml", "--trace", tmp_path / "a.csv"]
    done = simulate(*words, "--unprotected", "--warm-startup-time", "5s")
    shared, warm = done.stderr.splitlines()
    assert shared.startswith("weir: note: --unprotected changes nothing about 'thumbnails': its queue is embedded")
    assert warm == "weir: note: --warm-startup-time changes nothing about 'thumbnails': it has no stopped warm pool"
    assert simulate(*words).stderr == ""


def test_a_century_is_too_long_and_not_the_end_of_numbers(tmp_path):
    trace = tmp_path / "a.csv"
    for text, complaint in [
        ("submit_s,service_s\n-8999999999,1\n8999999999,1\n", "a.csv:3: submit_s is too long after the first"),
        ("submit_s,service_s\n0,8999999999\n", "a.csv:2: service_s is too long"),
        ("timestamp,arrivals\n0001-01-01T00:00:00Z,1\n2026-01-01T00:00:00Z,1\n", "a.csv:3: '2026-01-01T00:00:00Z' is"),
        ("timestamp,arrivals,mean_service_s\n2026-01-01T00:00:00Z,1,-5\n", "a.csv:2: mean_service_s is negative"),
    ]:
        trace.write_text(text)
        done = simulate("policies/thumbnails.yaml", "--trace", trace, "--service-time", "1s", check=False)
        assert done.returncode == 2 and complaint in done.stderr
    datapoints = [{"Timestamp": f"{year}-01-01T00:00:00Z", "Sum": 1} for year in ("0001", 2026)]
    trace.write_text(json.dumps({"Label": "x", "Datapoints": datapoints}))
    done = simulate("policies/thumbnails.yaml", "--trace", trace, "--service-time", "1s", check=False)
    assert done.returncode == 2 and "Datapoints[1]: 2026-01-01T00:00:00Z is too long after 0001-01-01" in done.stderr


def test_jobs_that_were_never_begun_are_told_apart(tmp_path):
    """Nobody is there before their age is reached."""
    trace = tmp_path / "a.csv"
    trace.write_text(TRACE)
    words = ["policies/thumbnails.yaml", "--trace", trace, "--startup-time", "1h", "--retention", "10s"]
    told = report(*words)
    assert told["undone"] == told["expired"] == 2 and told["completed"] == 0
    text = simulate(*words, "--svg", tmp_path / "p.svg").stdout
    assert re.search(r"^jobs +2, 0 completed, 2 deleted for their age$", text, re.M)
    assert re.search(r"^wait +not known, as no job was begun$", text, re.M)
    assert "2 of them undone" in (tmp_path / "p.svg").read_text()


def test_records_of_a_queue_that_weir_does_not_hold_are_all_there(tmp_path):
    records = tmp_path / "records.jsonl"
    words = ["policies/sqs-workers.yaml", "--generate", "poisson rate=30/h for=6h taking=30s"]
    assert report(*words, "--records", records) == report(*words)
    ticks = [json.loads(line)["tick"] for line in records.read_text().splitlines()]
    assert ticks == list(range(1, len(ticks) + 1))
    assert "all are decided the same" in run(lab.BINARY, "replay", records).stdout


def test_lengths_that_are_drawn_are_not_written_over(tmp_path):
    lengths = tmp_path / "lengths"
    lengths.write_text("20\n30\n")
    made = ["--generate", "poisson rate=30/h for=1h"]
    for words in (
        [*made, "--service-time", f"drawn({lengths})"],
        ["--generate", f"poisson rate=30/h for=1h taking=drawn({lengths})"],
    ):
        done = simulate("policies/thumbnails.yaml", *words, "--html", lengths, check=False)
        assert done.returncode == 2 and f"would be written over {lengths}" in done.stderr
        assert lengths.read_text() == "20\n30\n"


def pipes(*texts):
    """Files that can be read only once."""
    ends = []
    for text in texts:
        end, begin = os.pipe()
        os.write(begin, text.encode())
        os.close(begin)
        ends.append(end)
    return ends


@pytest.mark.parametrize("verb", [["simulate"], ["compare", "policies/office-hours.yaml"]])
def test_an_option_about_none_of_the_traces_is_refused_for_pipes_too(verb):
    jobs, counts = "submit_s,service_s\n0,4\n9,4\n", "timestamp,arrivals\n2026-01-05T00:00:00Z,3\n"
    for texts, option, status in [
        ([jobs, jobs], ["--metric", "x"], 2),
        ([jobs, jobs], ["--period", "60s"], 2),
        ([counts, jobs], ["--period", "60s"], 0),
        ([jobs, counts], ["--period", "60s"], 0),
        ([jobs, counts], ["--metric", "x", "--period", "60s"], 2),
    ]:
        ends = pipes(*texts)
        traces = [word for end in ends for word in ("--trace", f"/dev/fd/{end}")]
        words = [*verb, "policies/thumbnails.yaml", *traces, *option, "--service-time", "20s"]
        command = [lab.BINARY, *words]
        done = subprocess.run(command, pass_fds=ends, cwd=ROOT, capture_output=True, text=True, timeout=60)
        for end in ends:
            os.close(end)
        assert done.returncode == status, done
        if status == 2:
            forms = "a CloudWatch document" + ("" if "--metric" in option else " or a CSV file of counts")
            problem = f"is the last of the traces, and none is {forms}: leave out {option[0]}"
            assert done.stderr.endswith(f"weir: /dev/fd/{ends[1]}: {problem}\n")


def test_an_option_that_takes_one_value_is_given_once():
    words = ["policies/thumbnails.yaml", "--generate", "poisson rate=30/h for=1h taking=20s"]
    for option, values in {"--seed": "12", "--html": "ab", "--service-time": ["20s", "30s"]}.items():
        for twice in ([option, values[0], option, values[1]], [f"{option}={values[0]}", option, values[1]]):
            done = simulate(*words, *twice, check=False)
            assert done.returncode == 2
            assert done.stderr == f"weir: {option} is given twice, and takes one value: leave out one\n"
    assert simulate(*words, *words[1:]).returncode == 0, "of loads there may be several"


@pytest.mark.parametrize(
    ("option", "value", "expected"),
    [
        ("--startup-time", "60", "expected a time with its unit, such as 60s, or drawn"),
        ("--startup-time", "60", "; did you mean '60s'?"),
        ("--hook-time", "60", "; did you mean '60s'?"),
        ("--retention", "4 days", "expected a time with its unit, such as 500ms, 60s or 1h30m"),
        ("--launcher-outage", "1h..2h says=zero", "'says' means nothing here: leave it out"),
    ],
)
def test_a_value_without_its_unit_is_told_what_is_expected(option, value, expected):
    done = simulate("policies/thumbnails.yaml", "--generate", "x", option, value, check=False)
    assert done.returncode == 2 and expected in done.stderr.splitlines()[0]


def test_where_nobody_was_served_no_wait_is_told(tmp_path):
    path = tmp_path / "policy.yaml"
    text = (ROOT / "policies" / "sqs-workers.yaml").read_text()
    text = re.sub(r"^(min_size|max_size): \d+", r"\1: 0", text, flags=re.M)
    path.write_text(re.sub(r"^desired_capacity: .*$", "", text, flags=re.M))
    trace = tmp_path / "trace.csv"
    trace.write_text("submit_s,service_s\n0,5\n")
    told = simulate(path, "--trace", trace).stdout
    assert re.search(r"^wait +not known, as no job was begun$", told, re.M)
    assert "1 jobs" not in told


@pytest.mark.parametrize("value", ["0x10", "inf", "nan"])
def test_only_decimal_numbers_are_times(tmp_path, value):
    trace = tmp_path / "trace.csv"
    trace.write_text(f"submit_s,service_s\n{value},5\n")
    done = simulate("policies/thumbnails.yaml", "--trace", trace, check=False)
    assert done.returncode == 2 and f"'{value}' is no number of seconds in submit_s" in done.stderr


def test_records_and_traces_are_told_apart(tmp_path):
    records, wrong = tmp_path / "records.jsonl", tmp_path / "wrong.csv"
    words = ["--generate", "poisson rate=30/h for=1h taking=20s"]
    simulate("policies/thumbnails.yaml", *words, "--records", records)
    done = simulate("policies/thumbnails.yaml", "--trace", records, check=False)
    assert done.returncode == 2
    assert done.stderr == f"weir: {records}: has records of weir in it: name it with --from-records\n"
    wrong.write_text("submit_s,service_s\n" + "0,1\n" * 1000)
    done = simulate("policies/thumbnails.yaml", "--from-records", wrong, check=False)
    assert done.returncode == 2 and len(done.stderr.splitlines()) < 10
    assert f"weir: {wrong}: 996 more lines were passed over" in done.stderr


def test_where_a_cloudwatch_document_ends_too_early_or_twice(tmp_path):
    page = {"Label": "x", "Datapoints": [{"Timestamp": "2026-01-05T00:00:00Z", "Sum": 1.0}]}
    text = json.dumps(page, indent=1) + "\n"
    path = tmp_path / "pages.json"
    for given, line, problem in [
        (text + text, text.count("\n") + 1, "another document begins here: put several together as a list, with jq -s"),
        (text[: text.index("Sum")], text[: text.index("Sum")].count("\n") + 1, "was it cut off?"),
    ]:
        path.write_text(given)
        done = simulate("policies/thumbnails.yaml", "--trace", path, "--service-time", "5s", check=False)
        assert done.returncode == 2 and done.stderr.startswith(f"weir: {path}:{line}: ") and problem in done.stderr


def test_whose_records_say_too_little_is_named(tmp_path):
    records = tmp_path / "records.jsonl"
    simulate("policies/thumbnails.yaml", "--generate", "poisson rate=30/h for=1h taking=20s", "--records", records)
    lines = [json.loads(line) for line in records.read_text().splitlines()]
    for line in lines:
        line["seen"].get("measurement", {}).pop("completionRate", None)
    records.write_text("".join(json.dumps(line) + "\n" for line in lines))
    done = simulate("policies/thumbnails.yaml", "--from-records", records, check=False)
    assert done.returncode == 2 and "the records of 'thumbnails' do not say how long a job takes" in done.stderr
