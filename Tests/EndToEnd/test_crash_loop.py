"""Workers that die young are not started again and again at full speed, and say why they died."""

import lab
from lab import policy, until

DYING = "echo starting; echo 'no module named thumbnails' >&2; exit 3"


def test_back_off_with_the_last_lines_in_the_reason(weirs):
    workers = {"process": {"command": ["sh", "-c", DYING]}}
    weir = weirs(policy("fragile", workers, min_size=1, out=lab.NEVER, into=lab.NEVER)).start()
    group = until(
        lambda: (g := weir.group("fragile")) and (g.get("launch_backoff") or {}).get("failures", 0) >= 3 and g,
        40,
        "three died young",
    )
    assert "exit code 3" in group["launch_backoff"]["last_failure"]
    assert group["totals"]["launches"] <= 5, "each waits longer than the one before"

    def reasons():
        return [reason["sentence"] for reason in weir.group("fragile")["last_decision"]["reasons"]]

    until(lambda: any("no module named thumbnails" in reason for reason in reasons()), 10, "the reason quotes it")
    assert "no module named thumbnails" in weir.log_text()


def test_corrected_it_goes_on(weirs):
    workers = {"process": {"command": ["sh", "-c", DYING]}}
    weir = weirs(policy("fragile", workers, min_size=1, out=lab.NEVER, into=lab.NEVER)).start()
    until(lambda: weir.group("fragile").get("launch_backoff"), 30, "it backs off")
    weir.write_policy(policy("fragile", lab.sleeping_worker(), min_size=1, out=lab.NEVER, into=lab.NEVER))
    weir.signal(lab.signal.SIGHUP)
    weir.weir("resume", "fragile")
    until(lambda: len(weir.in_service("fragile")) == 1, 60, "the corrected worker runs")


def test_a_program_that_does_not_exist_is_a_launch_failure(weirs):
    workers = {"process": {"command": ["/nonexistent/worker"]}}
    weir = weirs(policy("typo", workers, min_size=1, out=lab.NEVER, into=lab.NEVER)).start()
    backoff = until(lambda: weir.group("typo").get("launch_backoff"), 20, "the launch failed")
    assert "/nonexistent/worker" in backoff["last_failure"]
    assert weir.healthy()
