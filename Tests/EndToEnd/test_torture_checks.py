"""A check that cannot fail is worth nothing: each violation that the torture test looks for, made up, and found."""

import dataclasses

import pytest
from torture import Evidence, check, script

A, B, C, F = "a" * 64, "b" * 64, "c" * 64, "f" * 64


def life(worker, container, *events):
    """A worker's journal. Each event: when, what, and what else is known of it."""
    started = {"at": 0, "event": "started", "instance": f"i-{worker}", "container": container}
    events = [{"at": at, "event": event, **more} for at, event, more in events]
    return [{"worker": worker, **event} for event in [started, *events]]


def journal(*lives):
    return sorted((event for life in lives for event in life), key=lambda event: event["at"])


def done(job, at=10):
    return (at, "received", {"job": job}), (at + 1, "deleting", {"job": job}), (at + 1.1, "deleted", {"job": job})


def stopped(at, doing=None, job=None):
    return at, "told to stop", {"doing": doing, "job": job}


STOP_A = (20, "POST", f"/containers/{A}/stop?t=20")

# Two workers; one is killed from outside with job 2 in hand, which the other one does; then weir stops the other one.
GOOD = Evidence(
    sent={1, 2},
    unsure={3},
    journal=journal(
        life("a", A, *done(1), *done(2, at=15), stopped(20.1)), life("b", B, (11, "received", {"job": 2}))
    ),
    killed={"i-b"},
    restarts=[(0, 1, False)],
    calls=[STOP_A],
    containers={A: "torn", B: "torn", C: "guards"},
    foreign={F},
    foreign_left={F},
    sizes=[(5, {"torn": 2, "guards": 1})],
    maximum={"torn": 2, "guards": 1},
    calm=18,
)


VIOLATIONS = {
    "acknowledged and never done": {"sent": {1, 2, 9}},
    "done and never sent": {"sent": {2}},
    "acknowledged 2 times": {
        "journal": journal(life("a", A, *done(1), *done(1, at=13), *done(2, at=15), stopped(20.1)))
    },
    "had it and was alive": {
        "journal": journal(life("b", B, *done(2, at=11)), life("a", A, *done(1), *done(2, at=15), stopped(20.1)))
    },
    "messages are left": {"depth": (0, 1, 0)},
    "was stopped by weir in the middle of job 2": {
        "journal": journal(life("a", A, *done(1), (15, "received", {"job": 2}), stopped(20.1, "working", 2))),
        "sent": {1},
    },
    "was stopped by weir before job 2 was deleted": {
        "journal": journal(
            life("a", A, *done(1), *done(2, at=15)[:2], stopped(20.1, "deleting", 2)), life("b", B, *done(2, at=30))
        ),
    },
    "nobody knows by whom": {"calls": []},
    "died in the middle of job 2": {"killed": set()},
    "weir_busy_terminations_total was 1": {"busy_terminations": 1},
    "a busy instance was told to stop": {"weir_log": "i-a was told to stop while it holds 1 message"},
    "was told to stop while work waited": {"calls": [STOP_A, (17, "POST", f"/containers/{C}/stop?t=1")]},
    "2 are the maximum": {"sizes": [(5, {"torn": 3, "guards": 1}), (36, {"torn": 3, "guards": 1})]},
    "weir did not know it": {"unmeant": {"i-c"}},
    "is left": {"left": ["/weir-torn-i-a"]},
    "is gone": {"foreign_left": set()},
    "for a foreign container": {"calls": [STOP_A, (17, "DELETE", f"/containers/{F}?v=1")]},
}


def test_what_is_good_is_not_complained_of():
    assert check(GOOD, "guards") == []


def test_who_was_ended_by_an_engine_that_started_may_have_its_job_done_again():
    journals = journal(life("b", B, *done(2, at=11)), life("a", A, *done(1), *done(2, at=15), stopped(20.1)))
    once = [event for event in journals if event["worker"] != "b" or event["event"] != "deleted"]
    again = dataclasses.replace(GOOD, journal=once + [{"worker": "b", "at": 13, "event": "refused"}])
    assert any("had it and was alive" in violation for violation in check(again, "guards"))
    excused = dataclasses.replace(again, restarts=[(0, 1, False), (11.5, 12, False)])
    assert check(excused, "guards") == []


@pytest.mark.parametrize("complaint", VIOLATIONS)
def test_a_violation_is_found(complaint):
    violations = check(dataclasses.replace(GOOD, **VIOLATIONS[complaint]), "guards")
    assert any(complaint in violation for violation in violations), violations


def test_a_seed_says_all():
    assert script(7, 120) == script(7, 120)
    assert script(7, 120) != script(8, 120)
    assert len({blow.kind for blow in script(7, 120)}) >= 10, "of all kinds"
