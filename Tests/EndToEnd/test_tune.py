"""`weir tune`, as docs/tune.md has it."""

import json
import os
import pty
import re
import select
import shlex
import signal
import subprocess
import time
import xml.etree.ElementTree as ElementTree

import lab
import pytest
from lab import BINARY, ROOT, clean_environment, run

PAGE = (ROOT / "docs" / "tune.md").read_text()
(COMMAND,) = re.findall(r"^weir tune .*$", PAGE, re.M)
THUMBNAILS = "policies/thumbnails.yaml"
# Ten hours with some bursts, and days with a peak each: a few hundred jobs.
LOAD = ["--generate", "poisson rate=20/h for=10h taking=90s"]
LOAD += ["--generate", "bursts size=15 every=2h for=10h taking=90s", "--startup-time", "30s", "--seed", "4"]
# A wait target decides at each arrival, which takes a while in a debug build.
QUICK = ["--kinds", "given,step,simple,target_tracking,backlog_tracking"]
DAYS = ["--generate", "diurnal rate=8/h for=4d taking=90s", "--startup-time", "30s", "--seed", "4"]


def tune(*words, check=True, cwd=ROOT):
    return run(BINARY, "tune", *words, check=check, cwd=cwd, within=120)


def simulated(path, *words):
    told = json.loads(run(BINARY, "simulate", path, *words, "--format", "json").stdout)
    told.pop("wall_s")
    return told


def test_the_command_of_the_page(tmp_path):
    words = shlex.split(COMMAND)[2:-1] + [tmp_path / "tuned.yaml", "--simulations", "4"]
    told = tune(*words).stdout
    assert told.startswith("objective  min worker_hours subject to wait_s.p95 <= 60\n")
    assert re.search(r"^held out +the last quarter$", told, re.M)
    assert re.search(r"^tried +4 policies, ", told, re.M)
    assert f"written to {tmp_path}/tuned.yaml" in told
    run(BINARY, "check", tmp_path / "tuned.yaml")


def test_figures_of_another_kind_are_told_as_the_file_has_them(tmp_path):
    words = [THUMBNAILS, "--generate", "poisson rate=60/h for=1h taking=90s", "--kinds", "simple", "--simulations", "6"]
    told = tune(*words, "--objective", "min wait_s.mean", "--output", tmp_path / "tuned.yaml").stdout
    (cooldown,) = re.findall(r"^in.cooldown +(\d+s)$", told, re.M)
    assert f"cooldown: {cooldown}\n" in (tmp_path / "tuned.yaml").read_text()


@pytest.fixture
def rare(tmp_path):
    """A policy that looks seldom, so that a simulation takes no time."""
    path = tmp_path / "rare.yaml"
    path.write_text((ROOT / THUMBNAILS).read_text().replace("poll_interval: 5s", "poll_interval: 60s"))
    return path


def test_a_better_policy_is_found_and_is_what_the_file_says(tmp_path, rare):
    files = {kind: tmp_path / f"plot.{kind}" for kind in ("html", "svg", "png")}
    flags = [word for kind, path in files.items() for word in (f"--{kind}", path)]
    output = tmp_path / "tuned.yaml"
    words = [rare, *DAYS, *QUICK, "--simulations", "40"]
    words += ["--objective", "min worker_hours subject to wait_s.p95 <= 5m"]
    told = json.loads(tune(*words, "--output", output, *flags, "--format", "json").stdout)
    assert told["tried"] == 40 and told["keeps_condition"] and not told["interrupted"]
    searched = told["after"]["searched"]
    assert searched["wait_s"]["p95"] <= 300
    assert searched["worker_hours"] < 0.95 * told["before"]["searched"]["worker_hours"]
    assert told["held_out"] == "every fourth day"
    assert searched["jobs"] + told["after"]["held_out"]["jobs"] == told["after"]["whole"][0]["jobs"]
    # What the report claims is what the file does.
    assert run(BINARY, "check", output).stderr == ""
    assert simulated(output, *DAYS) == told["after"]["whole"][0]
    assert simulated(rare, *DAYS) == told["before"]["whole"][0]
    # The rest of the file is there, its comments too.
    text = output.read_text()
    assert text.startswith(f"#: What weir tune made of {rare}\n")
    kept = rare.read_text().split("min_size")[0]
    assert kept.startswith("# Thumbnails: ") and kept in text
    # Nothing that was tried is better in both.
    edge = told["frontier"]
    assert sum(point["found"] for point in edge) <= 1
    assert all(a["limited"] < b["limited"] and a["objective"] > b["objective"] for a, b in zip(edge, edge[1:]))
    texts = [element.text for element in ElementTree.parse(files["svg"]).iter("{http://www.w3.org/2000/svg}text")]
    for text in ["worker_hours over wait_s.p95", "found", "as given", "Backlog (jobs waiting)"]:
        assert text in texts
    assert files["png"].read_bytes().startswith(b"\x89PNG") and "<svg" in files["html"].read_text()
    # Tuned again, it says only what is new.
    again = tmp_path / "again.yaml"
    tune(output, *DAYS, *QUICK, "--simulations", "3", "--output", again)
    assert again.read_text().count("#: What weir tune made of") == 1


def test_the_wait_target_that_anybody_would_write_is_tried_first(tmp_path, rare):
    output = tmp_path / "tuned.yaml"
    words = [rare, *LOAD, "--kinds", "wait_target", "--simulations", "2", "--output", output, "--format", "json"]
    told = json.loads(tune(*words, "--objective", "min worker_hours subject to wait_s.p99 <= 90s").stdout)
    assert told["tried"] == 2 and told["kind"] == "wait_target"
    assert {change["name"]: change["after"] for change in told["changes"]} == {"target": "90s", "percentile": "99"}
    assert "    target: 90s\n    percentile: 99\n" in output.read_text()


def test_the_same_seed_gives_the_same_on_one_core_and_on_two(tmp_path, rare):
    def bytes_of(cores, seed):
        path = tmp_path / "tuned.yaml"
        words = [rare, *LOAD[:-1], seed, *QUICK, "--simulations", "16", "--cores", cores, "--output", path]
        return tune(*words, "--format", "json").stdout, path.read_bytes()

    assert bytes_of("1", "4") == bytes_of("2", "4")
    assert bytes_of("2", "5") != bytes_of("2", "4")


def test_only_what_may_move_moves(rare):
    def changes(*words):
        told = json.loads(tune(rare, *LOAD, "--simulations", "20", *words, "--format", "json").stdout)
        assert told["kind"] == "given"
        return {change["name"] for point in told["frontier"] for change in point["changes"]}

    assert changes("--only", "alarms.thumbnails-up") <= {
        f"alarms.thumbnails-up.{key}" for key in ("threshold", "period", "evaluation_periods", "datapoints_to_alarm")
    }
    fixed = changes("--kinds", "given", "--fix", "alarms", "--fix", "default_cooldown")
    assert fixed and all(name.startswith("scaling_policies.") for name in fixed)


@pytest.mark.parametrize("kind", ["step", "simple", "target_tracking", "backlog_tracking"])
@pytest.mark.parametrize("policy", ["thumbnails", "composite-alarm", "backlog-per-instance", "office-hours"])
def test_every_kind_fits_into_every_file(tmp_path, kind, policy):
    output = tmp_path / "tuned.yaml"
    load = ["--generate", "poisson rate=60/h for=1h taking=90s"]
    words = [f"policies/{policy}.yaml", *load, "--simulations", "3", "--kinds", kind, "--output", output]
    # Of all policies those with most changes of alarms: the file's own is seldom that.
    told = json.loads(tune(*words, "--objective", "max events", "--format", "json").stdout)
    assert told["tried"] == 3
    assert {point["kind"] for point in told["frontier"]} <= {kind, "given"}
    assert run(BINARY, "check", output).stdout.endswith("is right\n")
    assert simulated(output, *load) == told["after"]["whole"][0]


@pytest.mark.parametrize(
    "words, complaint",
    [
        (["--objective", "min wait.p95"], "--objective: there is no figure 'wait.p95'; did you mean 'wait_s.p95'?"),
        (["--objective", "worker_hours"], "expected such as: min worker_hours subject to wait_s.p95 <= 60"),
        (["--fix", "alarms.thumbnails-up.perod"], "did you mean 'alarms.thumbnails-up.period'?"),
        (["--kinds", "steps"], "there is no kind 'steps'; did you mean 'step'?"),
        (["--simulations", "0"], "--simulations takes a number from 1"),
        (["--only", "alarms", "--kinds", "step"], "--only moves figures of the file as it is"),
        (["--only", "scaling_policies.down-policy.adjustment"], "there is nothing to search for"),
        (["--fix", "alarms", "--kinds", "given,step"], "--fix alarms keeps what 'step' of --kinds would replace"),
        (["--time", "365000d"], "--time takes a time of at most ten years, not 365000d"),
    ],
)
def test_a_mistake_is_told(words, complaint):
    done = tune(THUMBNAILS, *LOAD, *words, check=False)
    assert done.returncode == 2
    assert done.stdout == "" and complaint in done.stderr


def test_a_limit_that_nothing_keeps_is_told(rare):
    words = [rare, *LOAD, "--simulations", "10", "--objective", "min worker_hours subject to launches < 1"]
    done = tune(*words)
    assert "weir: warning: no policy that was tried keeps what was asked for" in done.stderr
    words_of_it = r"^condition +kept by no policy that was tried; the one found comes nearest to it$"
    assert re.search(words_of_it, done.stdout, re.M)
    told = json.loads(tune(*words, "--format", "json").stdout)
    assert not told["keeps_condition"] and told["warnings"][0].startswith("no policy that was tried keeps")


@pytest.mark.parametrize("rule", ["every-fourth-day", "none"])
def test_what_cannot_be_held_out_is_told(rare, rule):
    words = [rare, *LOAD, *QUICK, "--simulations", "2", "--hold-out", rule]
    done = tune(*words)
    told = json.loads(tune(*words, "--format", "json").stdout)
    warning = "--hold-out every-fourth-day holds out nothing, as that takes jobs on a fourth day and on others"
    if rule == "none":
        assert re.search(r"^held out +nothing, as it was asked for$", done.stdout, re.M)
        assert "--hold-out" not in done.stderr
    else:
        assert re.search(r"^held out +nothing, as that takes jobs on a fourth day", done.stdout, re.M)
        assert f"weir: warning: {warning}" in done.stderr
        assert any(line.startswith(warning) for line in told["warnings"])
    assert "held_out" not in told


def test_other_percentiles_can_be_limited(rare):
    words = [rare, *LOAD, *QUICK, "--simulations", "4", "--format", "json"]
    told = json.loads(tune(*words, "--objective", "min worker_hours subject to wait_s.p90 <= 9m").stdout)
    assert told["limited_field"] == "wait_s.p90" and told["keeps_condition"]
    waits = told["after"]["searched"]["wait_s"]
    assert waits["p50"] <= waits["p90"] <= waits["p95"] <= waits["p99"] <= waits["p999"] <= waits["max"]
    assert waits["p90"] <= 540


def test_ctrl_c_keeps_the_best(tmp_path, rare):
    terminal, end = pty.openpty()
    output = tmp_path / "tuned.yaml"
    words = [BINARY, "tune", rare, *LOAD, "--simulations", "1000000", "--output", output, "--format", "json"]
    process = subprocess.Popen(
        [str(word) for word in words],
        cwd=ROOT,
        env=clean_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=end,
        text=True,
    )
    os.close(end)
    seen = ""
    deadline = time.monotonic() + 30
    while not re.search(r"\d\d of 1000000 tried  best [\d.]+ h at wait_s.p95 [\d.]+ s", seen):
        assert time.monotonic() < deadline, seen[-300:]
        if select.select([terminal], [], [], 0.2)[0]:
            seen += os.read(terminal, 4096).decode()
    process.send_signal(signal.SIGINT)
    told = json.loads(process.communicate(timeout=30)[0])
    assert process.returncode == 130
    assert told["interrupted"] and told["tried"] > 9
    assert simulated(output, *LOAD) == told["after"]["whole"][0]
    os.close(terminal)


# Below 11 messages that wait, nothing is done about them; then they are deleted for their age.
BURSTS = ["--generate", "bursts size=5 every=6h for=18h taking=60s", "--only", "alarms.thumbnails-up.threshold"]


def test_a_policy_that_serves_nobody_does_not_win(tmp_path):
    words = [THUMBNAILS, *BURSTS, "--simulations", "30", "--output", tmp_path / "tuned.yaml"]
    told = json.loads(tune(*words, "--format", "json").stdout)
    assert told["after"]["searched"]["undone"] == 0 and told["after"]["searched"]["completed"] == 10
    assert all(point["limited"] > 0 for point in told["frontier"])
    # When nobody can do all of them, that is said.
    done = tune(*words, "--retention", "1s", "--startup-time", "60s")
    assert "weir: warning: no policy that was tried does all jobs; this one leaves " in done.stderr
    assert re.search(r"^searched on +0 s, 10 undone ", done.stdout, re.M)


def test_what_was_found_leaves_nothing_undone_that_was_done_before(tmp_path):
    """What fits the part that was searched leaves jobs undone on the whole load, and that is said."""
    output = tmp_path / "tuned.yaml"
    words = [THUMBNAILS, *BURSTS, "--simulations", "5", "--objective", "max completed / launches", "--output", output]
    complaint = tune(*words).stderr
    assert f"weir: warning: {output} on {BURSTS[1]}: 5 of 15 jobs are left undone, with {THUMBNAILS} 0" in complaint
    assert "weir: warning: on the last quarter it does not keep what was asked for" in complaint


@pytest.mark.parametrize("objective", ["min failed_attempts / dead_letters", "max completed / dead_letters"])
def test_an_objective_that_divides_by_zero_is_told(tmp_path, objective):
    output = tmp_path / "tuned.yaml"
    plots = [word for kind in ("html", "svg") for word in (f"--{kind}", tmp_path / f"plot.{kind}")]
    words = [THUMBNAILS, *BURSTS, "--simulations", "4", "--objective", objective, "--output", output]
    done = tune(*words, *plots)
    assert "' is no finite number for any policy that was tried: does it divide by 0?" in done.stderr
    assert "not known" in done.stdout
    run(BINARY, "check", output)
    ElementTree.parse(tmp_path / "plot.svg")
    told = json.loads(tune(*words, "--format", "json").stdout)
    assert all("objective" not in step for step in told["improvements"]) and told["frontier"] == []


def test_what_is_fixed_keeps_its_kind(rare):
    """Another kind of scaling would take away the alarm whose figure is to stay."""
    words = [rare, *LOAD, "--simulations", "12", "--objective", "min worker_hours"]
    told = json.loads(tune(*words, "--fix", "alarms.thumbnails-up.period", "--format", "json").stdout)
    assert told["kind"] == "given" and {point["kind"] for point in told["frontier"]} == {"given"}
    kept = json.loads(tune(*words, *QUICK, "--fix", "default_cooldown", "--format", "json").stdout)
    assert kept["tried"] == 12


def test_the_policy_itself_may_be_written(tmp_path, rare):
    before = rare.read_text()
    words = [rare, *LOAD, "--kinds", "given", "--simulations", "3"]
    for option in ("--html", "--write-trace"):
        done = tune(*words, option, rare, "--output", rare, check=False)
        assert done.returncode == 2 and "are one file: name two" in done.stderr
    done = tune(*words, "--html", rare, check=False)
    assert done.returncode == 2 and f"--html {rare} would be written over {rare}: name another file" in done.stderr
    assert rare.read_text() == before
    tune(*words, "--output", rare)
    assert rare.read_text().startswith("#: What weir tune made of ")


@pytest.mark.parametrize(
    ("kinds", "end", "comment"),
    [("given", "\r\n", ""), ("step", "\r\n", ""), ("given", "\n", "# one\u2028# two\u0085# three\n")],
)
def test_line_ends_stay_as_they_are(tmp_path, kinds, end, comment):
    path, tuned = tmp_path / "policy.yaml", tmp_path / "tuned.yaml"
    text = comment + (ROOT / THUMBNAILS).read_text()
    path.write_bytes(text.replace("\n", end).encode())
    words = [*LOAD, "--kinds", kinds, "--simulations", "12", "--output", tuned]
    tune(path, *words)
    found = tuned.read_bytes().decode()
    assert comment in found and found.startswith("#: What weir tune made of ")
    assert found.count(end) == found.count("\n")
    run(BINARY, "check", tuned)
    tune(tuned, *words)
    assert tuned.read_bytes().decode().count("#: What weir tune made of ") == 1


def test_the_file_says_what_the_world_was_like(tmp_path):
    tuned = tmp_path / "tuned.yaml"
    words = ["--failure-rate", "0.25", "--crash-rate", "0.01", "--poison-rate", "0.02", "--max-receive-count", "4"]
    words += ["--launch-failure-rate", "0.00001", "--unhealthy-after", "exponential(12h)"]
    words += ["--visibility-timeout", "45s", "--hook-time", "3s", "--retention", "2d"]
    words += ["--source-outage", "1h..2h says=zero"]
    tune(THUMBNAILS, *LOAD, *words, "--kinds", "given", "--simulations", "2", "--output", tuned)
    told = tuned.read_text()
    for sentence in [
        *("25.00 % of the attempts fail", "1.00 % of the attempts end the instance", "2.00 % of the messages fail"),
        *("0.001 % of the launches fail", "hangs after 12 h 0 min (exponential)", "is hidden for 45s"),
        *("received 4 times goes to the dead letters", "a message is deleted after 2d", "hooks are completed in 3s"),
        *("an instance starts in 30.0 s and stops in 1.00 s", "the source says zero 1 h 0 min after the beginning"),
    ]:
        assert re.search(rf"^#: .*{re.escape(sentence)}", told, re.M), sentence


def test_a_group_under_a_shared_limit_is_tuned_alone(tmp_path):
    tuned = tmp_path / "tuned.yaml"
    words = ["--kinds", "given", "--simulations", "4", "--output", tuned]
    done = tune("policies/shared-machine/bulk.yaml", *LOAD, *words)
    assert "'bulk' has fleet 'machine' to itself here" in done.stderr
    assert re.search(r"^fleet: machine", tuned.read_text(), re.M)
