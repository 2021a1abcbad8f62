"""`weir run A --shadow B`: another policy decides beside the live one, and does nothing."""

import json
import re
import shlex

import lab
from lab import NEVER, policy, run, until

PAGE = (lab.ROOT / "docs" / "shadow.md").read_text()


def decisions(weir, group):
    """What the live group decided, without times and ids."""
    told = json.loads(weir.weir("status", group, "--format", "json").stdout)["decisions"]
    return [(one["from"], one["to"], [reason["code"] for reason in one["reasons"]]) for one in told]


def day(weirs, tmp_path, shadow):
    """A group of two that finishes eight jobs, and what it did; B would have had four instances at work."""
    notes = tmp_path / ("with" if shadow else "without")
    workers = lab.noting_worker("pictures", notes, work_seconds=0.5)
    weir = weirs(policy("pictures", workers, max_size=2))
    words = []
    if shadow:
        other = weir.home / "other.yaml"
        other.write_text(policy("pictures", workers, max_size=4))
        words = ["--shadow", other]
    weir.start(*words)
    weir.queue("pictures").send_many([str(number) for number in range(8)])
    until(lambda: weir.group("pictures")["desired_capacity"] == 2, 15, "it scales out")
    if shadow:
        until(lambda: weir.group("pictures")["shadow"]["desired_capacity"] == 4, 15, "B would have four")
    until(lambda: sum(event["event"] == "deleted" for event in lab.events(notes)) == 8, 30, "all is done")
    until(lambda: weir.is_at_zero("pictures"), 30, "and it scales in")
    started = {event["worker"] for event in lab.events(notes)}
    return weir, decisions(weir, "pictures"), len(started)


def test_the_live_group_does_the_same_with_and_without(weirs, tmp_path):
    _, without, started = day(weirs, tmp_path, shadow=False)
    weir, beside, started_beside = day(weirs, tmp_path, shadow=True)
    moves = lambda told: [(before, after) for before, after, _ in told if before != after]  # noqa: E731
    assert moves(beside) == moves(without) == [(0, 2), (2, 0)]
    assert started_beside == started == 2, "B launched nothing"
    assert weir.metric("weir_launches_total", group="pictures") == 2
    assert len(list((weir.state / "instances").iterdir())) <= 2
    account = weir.group("pictures")["shadow"]
    assert account["shadow"]["launches"] == 4 and account["live"]["launches"] == 2
    assert account["live"]["worker_hours"] > 0 and account["shadow"]["worker_hours"] > 0
    text = weir.weir("status").stdout
    assert re.search(r"^  shadow +\S+other\.yaml since \d\d:\d\d:\d\d, \S+ seen$", text, re.M)
    assert re.search(r"worker-hours [\d.]+ \(live [\d.]+, [+−]\d+ %\)", text)

    # The account goes on where it was.
    weir.stop()
    kept = json.loads((weir.state / "shadows/pictures.json").read_text())
    assert kept["texts"][1] == (weir.home / "other.yaml").read_text()
    weir.start("--shadow", weir.home / "other.yaml")
    again = until(lambda: weir.group("pictures").get("shadow"), 10, "it is taken up again")
    assert again["since"] == account["since"] and again["shadow"]["launches"] == 4

    # One that cannot be read costs itself, and nothing else.
    weir.stop()
    (weir.state / "shadows/pictures.json").write_text("{torn")
    weir.start("--shadow", weir.home / "other.yaml")
    anew = until(lambda: weir.group("pictures").get("shadow"), 10, "it begins anew")
    assert anew["since"] > again["since"] and anew["shadow"]["launches"] == 0
    assert "the account of the shadow begins anew" in weir.log_text()


def test_what_a_shadow_may_not_be(tmp_path):
    live, other = tmp_path / "live", tmp_path / "other.yaml"
    live.mkdir()
    for name in ("letters", "pictures"):
        (live / f"{name}.yaml").write_text(policy(name, lab.sleeping_worker(), out=NEVER))

    def refused(text, *words):
        other.write_text(text)
        state = ["--state", tmp_path / "state"]
        done = run(lab.BINARY, "run", live, "--shadow", other, *state, *words, check=False)
        assert done.returncode == 2, done.stderr
        return done.stderr

    nobody = refused("# B\n" + policy("parcels", lab.sleeping_worker(), out=NEVER))
    assert f"{other}:2:1: error: no group 'parcels' runs for it to decide beside" in nobody
    assert "there are: letters, pictures" in nobody
    elsewhere = policy("letters", lab.sleeping_worker(), source={"embedded": "post"}, out=NEVER)
    assert "a shadow sees what the live group measures" in refused(elsewhere)
    assert "--shadow decides beside live groups" in refused(elsewhere, "--dry-run")


def test_the_commands_of_the_page(weirs):
    [command, status] = re.findall(r"^weir (.*)$", PAGE, re.M)
    weir = weirs(policy("thumbnails", lab.sleeping_worker(), min_size=1, out=NEVER, into=NEVER))
    words = shlex.split(command)
    assert words[:3] == ["run", "thumbnails.yaml", "--shadow"]
    other = weir.home / words[3]
    # One group beside one group: they need not have the same name.
    source = {"embedded": "thumbnails"}
    other.write_text(policy("b", lab.sleeping_worker(), source=source, min_size=2, out=NEVER, into=NEVER))
    weir.start("--shadow", other)
    told = until(lambda: "worker-hours" in (text := weir.weir(*status.split()).stdout) and text, 10, "an account")
    assert re.search(r"^  shadow +\S+" + words[3], told, re.M)
    until(lambda: weir.group("thumbnails")["shadow"]["desired_capacity"] == 2, 10, "its minimum is another")
    assert len(weir.instances("thumbnails")) == 1
