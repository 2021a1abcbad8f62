"""Deciding for real and doing nothing."""

import json
import re
import signal
import subprocess

import lab
import pytest
from lab import always, policy, until


@pytest.fixture
def backlog(weirs):
    """A weir whose queue `pictures` has nine messages that no group looks after yet."""
    weir = weirs(policy("idle", lab.sleeping_worker(), out=lab.NEVER)).start()
    weir.queue("pictures").send_many([str(number) for number in range(9)])
    weir.pictures = weir.home / "pictures.yaml"
    weir.pictures.write_text(policy("pictures", lab.sleeping_worker(), max_size=4))
    return weir


def test_it_says_what_it_would_do_and_does_nothing(backlog):
    weir = backlog
    with (weir.home / "dry.txt").open("w") as out:
        dry = subprocess.Popen(
            [lab.BINARY, "run", weir.pictures, "--state", weir.state, "--dry-run"],
            stdout=out,
            stderr=subprocess.STDOUT,
            env=lab.clean_environment(),
            cwd=weir.home,
            start_new_session=True,
        )
    text = lambda: (weir.home / "dry.txt").read_text()  # noqa: E731
    try:
        until(lambda: "desired 0 → 4" in text(), 15, "the decision is told")
        first = text().splitlines()
        assert "DRY RUN" in first[0] and "nothing is launched" in first[0]
        assert "does not react" in " ".join(first[:3])
        assert re.search(r"^\d\d:\d\d:\d\d  pictures  pictures-out  \w+ → ALARM +visible maximum 9 ≥ 1 ", text(), re.M)
        always(lambda: lab.processes_told("WEIR_GROUP", "pictures") == [], 2, "nothing was launched")
    finally:
        dry.send_signal(signal.SIGTERM)
        assert dry.wait(10) == 0

    assert [group["group"] for group in weir.groups()] == ["idle"], "nothing was stored"
    assert weir.queue("pictures").depth() == (9, 0, 0), "and nothing was received"


def test_it_also_decides_while_no_weir_runs(backlog):
    backlog.stop()
    assert "desired 0 → 4" in backlog.weir("plan", backlog.pictures).stdout


def test_plan_decides_once_and_gives_the_chain(backlog):
    planned = backlog.weir("plan", backlog.pictures).stdout
    assert "DRY RUN" in planned.splitlines()[0]
    assert "pictures" in planned and "desired 0 → 4" in planned
    assert re.search(r"^  queue +visible 9  in flight 0 ", planned, re.M)
    assert re.search(r"pictures-out INSUFFICIENT_DATA → ALARM  visible maximum 9 ≥ 1 ", planned)
    assert re.search(r"^  would +launch i-", planned, re.M)
    assert [group["group"] for group in backlog.groups()] == ["idle"]
    assert lab.processes_told("AWS_ENDPOINT_URL", backlog.endpoint) == []


def test_plan_says_what_it_could_not_see(tmp_path):
    source = {"http": {"url": "http://127.0.0.1:9/depth", "visible": "/visible"}}
    path = tmp_path / "blind.yaml"
    path.write_text(policy("blind", lab.sleeping_worker(), source=source))
    text = lab.run(lab.BINARY, "plan", path, "--state", tmp_path / "state").stdout
    assert re.search(r"^  queue +missing: GET http://127\.0\.0\.1:9/depth: could not connect", text, re.M)
    assert "blind-out INSUFFICIENT_DATA  visible maximum: no datapoint" in text
    assert "blind-in INSUFFICIENT_DATA  outstanding maximum: no datapoint" in text

    planned = json.loads(lab.run(lab.BINARY, "plan", path, "--state", tmp_path / "state", "--format", "json").stdout)
    assert planned["measurement"]["visible"] is None
    assert "could not connect" in planned["measurement"]["missing"][0]["reason"]
    states = [(alarm["name"], alarm["state"]) for alarm in planned["alarms"]]
    assert states == [("blind-out", "INSUFFICIENT_DATA"), ("blind-in", "INSUFFICIENT_DATA")]
    assert all("no datapoint" in alarm["reason"] for alarm in planned["alarms"])


def test_lines_stand_in_columns_and_say_nothing_twice(backlog):
    """Two groups of one queue, whose names differ in length."""
    weir = backlog
    longer = weir.home / "pictures-of-cats.yaml"
    source = {"embedded": "pictures"}
    longer.write_text(policy("pictures-of-cats", lab.sleeping_worker(), source=source, max_size=4))
    with (weir.home / "dry.txt").open("w") as out:
        command = [lab.BINARY, "run", weir.pictures, longer, "--state", weir.state, "--dry-run"]
        dry = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, env=lab.clean_environment())
    text = lambda: (weir.home / "dry.txt").read_text()  # noqa: E731
    try:
        until(lambda: text().count("desired 0 → 4") == 2, 15, "both decisions are told")
        always(lambda: "not measured" not in text(), 3, "ticks that changed nothing are not told")
    finally:
        dry.send_signal(signal.SIGTERM)
        assert dry.wait(10) == 0
    heading, lines = text().splitlines()[:3], text().splitlines()[3:]
    assert all(len(line) <= 80 for line in heading)
    subjects = {re.match(r"\d\d:\d\d:\d\d  [a-z-]+ +", line).end() for line in lines}
    assert subjects == {28}, lines
    assert len({line.rindex("   ") for line in lines}) == 1, lines
    decisions = [line for line in lines if "  desired " in line]
    assert len(decisions) == len(set(decisions)) == 2
