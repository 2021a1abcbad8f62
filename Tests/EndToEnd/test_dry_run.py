"""Deciding for real and doing nothing."""

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
    assert [group["group"] for group in backlog.groups()] == ["idle"]
    assert lab.processes_told("AWS_ENDPOINT_URL", backlog.endpoint) == []
