"""`weir reset`: one way to end what a group waits for after failures."""

import json
from datetime import datetime

import lab
import pytest
from lab import policy, until

STEADY = {"out": lab.NEVER, "into": lab.NEVER}


def needing(path):
    """Workers that die at once while something they need is not there."""
    script = f"test -e {path} || {{ echo 'no database at {path}' >&2; exit 3; }}; exec sleep 3600"
    return {"process": {"command": ["sh", "-c", script]}}


def seconds_left(backoff):
    until_ = datetime.fromisoformat(backoff["until"])
    return (until_ - datetime.now(until_.tzinfo)).total_seconds()


@pytest.fixture
def dying(weirs, tmp_path):
    """Makes a weir whose group 'fragile' has died so often that its next launch is so far away, next to 'sound', where
    nothing is wrong. And what the workers of 'fragile' need."""

    def make(failures, seconds=0):
        needed = tmp_path / "database"
        weir = weirs(
            policy("fragile", needing(needed), min_size=1, **STEADY),
            policy("sound", lab.sleeping_worker(), min_size=1, **STEADY),
        ).start()

        def look():
            backoff = weir.group("fragile").get("launch_backoff")
            return backoff and backoff["failures"] >= failures and seconds_left(backoff) > seconds

        until(look, 60, f"it died {failures} times, and waits")
        return weir, needed

    return make


def test_what_it_waits_for_is_shown_and_ended_and_a_launch_follows_at_once(dying):
    weir, needed = dying(5, seconds=8)
    backoff = weir.group("fragile")["launch_backoff"]
    failures = backoff["failures"]
    assert "exit code 3" in backoff["last_failure"]
    assert any("no database at" in printed for printed in backoff["log_tail"])
    text = weir.weir("status", "fragile").stdout
    assert f"after {failures} failures: {backoff['last_failure']}" in text
    assert "to try at once: weir reset fragile" in text

    needed.touch()
    assert weir.instances("fragile") == [], "it still waits"
    left = seconds_left(backoff)
    began = lab.time.monotonic()
    answer = weir.weir("reset", "fragile").stdout.strip()
    assert answer == f"reset: the launch backoff after {failures} failures ({backoff['last_failure']})"
    until(lambda: weir.in_service("fragile"), 5, "a launch follows at once")
    assert lab.time.monotonic() - began < left, "and not because the pause was over"
    assert "launch_backoff" not in weir.group("fragile")
    assert "weir reset" not in weir.weir("status", "fragile").stdout


def test_while_the_reason_lasts_it_begins_again_with_short_pauses(dying):
    weir, _ = dying(4)
    before = weir.group("fragile")
    weir.weir("reset", "fragile")
    after = until(
        lambda: (g := weir.group("fragile")) and g["totals"]["launches"] > before["totals"]["launches"] and g,
        5,
        "a launch follows at once",
    )
    backoff = until(lambda: weir.group("fragile").get("launch_backoff"), 5, "it died, too")
    assert backoff["failures"] < before["launch_backoff"]["failures"], "and is the first of a new row"
    assert after["totals"]["launches"] <= before["totals"]["launches"] + 2


def test_nothing_to_reset_is_an_answer_and_changes_nothing(dying):
    weir, _ = dying(2)
    sound = until(lambda: weir.in_service("sound"), 20, "the sound one is in service")
    done = weir.weir("reset", "sound")
    assert (done.stdout.strip(), done.stderr) == ("nothing to reset", "")
    assert json.loads(weir.weir("reset", "sound", "--format", "json").stdout) == {
        "group": "sound",
        "message": "nothing to reset",
    }
    assert weir.instances("sound") == sound
    assert weir.group("fragile")["launch_backoff"]["failures"] >= 2, "it is about one group"


def test_a_group_that_is_not_there_is_a_mistake_that_names_those_that_are(dying):
    weir, _ = dying(2)
    done = weir.weir("reset", "fragle", check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "no group 'fragle' runs here; these do: fragile, sound" in done.stderr
    assert weir.group("fragile")["launch_backoff"]["failures"] >= 2
