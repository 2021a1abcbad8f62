"""What a running weir says of itself: /healthz, /metrics, `weir status`, `weir queue`, `weir env`."""

import json

import lab
import pytest
from lab import policy, run, until


@pytest.fixture(scope="module")
def working(tmp_path_factory):
    """A weir whose group has done four messages and gone back to zero."""
    home = tmp_path_factory.mktemp("w")
    text = policy("counted", lab.noting_worker("counted", home / "notes", work_seconds=0.2), max_size=2)
    weir = lab.Weir(home, text).start()
    queue = weir.queue("counted")
    queue.send("1", "2", "3", "4")
    until(lambda: weir.metric("weir_queue_deleted_messages_total", queue="counted") == 4, 30, "all four are done")
    until(lambda: weir.is_at_zero("counted"), 30, "back to zero")
    yield weir
    weir.end()


def test_healthz(working):
    health = json.loads(working.get("/healthz"))
    assert health["status"] == "ok"
    assert [group["group"] for group in health["groups"]] == ["counted"]


def test_metrics_count_what_happened(working):
    assert working.metric("weir_queue_sent_messages_total", queue="counted") == 4
    assert working.metric("weir_queue_visible_messages", queue="counted") == 0
    assert working.metric("weir_group_desired_capacity_instances", group="counted") == 0
    assert working.metric("weir_group_peak_in_service_instances", group="counted") == 2
    assert working.metric("weir_launches_total", group="counted") == 2
    assert working.metric("weir_terminations_total", group="counted") == 2
    assert working.metric("weir_busy_terminations_total", group="counted") == 0
    states = [
        working.metric("weir_alarm_state", group="counted", alarm="counted-in", state=state)
        for state in ("OK", "ALARM", "INSUFFICIENT_DATA")
    ]
    assert sum(states) == 1


def test_metrics_are_in_the_text_format_of_prometheus(working):
    lines = working.get("/metrics").splitlines()
    helped = {line.split()[2] for line in lines if line.startswith("# HELP ")}
    typed = {line.split()[2] for line in lines if line.startswith("# TYPE ")}
    named = {line.split("{")[0].split()[0] for line in lines if line and not line.startswith("#")}
    assert named and named <= helped == typed


def test_status_for_people_and_for_programs(working):
    text = working.weir("status").stdout
    assert "counted" in text and "desired 0" in text and "counted-out" in text
    assert "\x1b" not in text, "no colour where there is no terminal"
    [group] = map(json.loads, working.weir("status", "--format", "json").stdout.splitlines())
    assert group["totals"]["busy_terminations"] == 0
    assert group["totals"]["peak_in_service"] == 2


def test_status_without_a_daemon(tmp_path):
    done = run(lab.BINARY, "status", "--state", tmp_path, check=False)
    assert done.returncode == 1
    assert "weir run" in done.stderr and not done.stdout


def test_env_prints_what_a_shell_needs(working):
    # What the shell has already must not win.
    before = dict(AWS_PROFILE="other", AWS_SESSION_TOKEN="token", AWS_ENDPOINT_URL_SQS="http://other")
    script = f'eval "$({lab.BINARY} env --state {working.state})"; env'
    done = run("bash", "-c", script, environment=lab.clean_environment(**before))
    told = dict(line.split("=", 1) for line in done.stdout.splitlines() if "=" in line)
    assert not before.keys() & told.keys()
    assert told["AWS_ENDPOINT_URL"] == working.endpoint
    assert (told["AWS_ACCESS_KEY_ID"], told["AWS_SECRET_ACCESS_KEY"]) == working.account()


def test_the_queue_from_a_shell(working):
    weir = working.weir
    weir("queue", "create", "shell", "--visibility-timeout", "5m")
    assert weir("queue", "send", "shell", "one", "two").stdout.strip() == "sent 2"
    assert json.loads(weir("queue", "stats", "shell", "--format", "json").stdout)["visible"] == 2
    received = weir("queue", "receive", "shell", "--max", "10", "--delete").stdout.split()
    assert sorted(received) == ["one", "two"]
    assert "shell" in weir("queue", "list").stdout
    weir("queue", "send", "shell", "three")
    assert weir("queue", "purge", "shell").stdout.strip() == "shell is purged; it held 1 message"
    assert json.loads(weir("queue", "stats", "shell", "--format", "json").stdout) == {
        "queue": "shell",
        "visible": 0,
        "in_flight": 0,
        "delayed": 0,
    }
    missing = weir("queue", "stats", "none", check=False)
    assert missing.returncode == 2 and "there is no queue 'none'; there are: counted, shell" in missing.stderr


def test_operators_words_are_checked(working):
    for words, status in [
        (("set-desired", "nobody", "1"), 2),
        (("set-desired", "counted", "many"), 2),
        (("set-desired", "counted", "-1"), 2),
        (("protect", "counted", "i-00000000000000000"), 2),
        (("frobnicate",), 2),
    ]:
        done = run(lab.BINARY, *words, *(["--state", working.state] if len(words) > 1 else []), check=False)
        assert (words, done.returncode) == (words, status), done.stderr
        assert done.stderr and not done.stdout


def test_every_verb_has_help_with_an_example():
    for verb in (
        "run",
        "check",
        "plan",
        "status",
        "protect",
        "unprotect",
        "set-desired",
        "suspend",
        "resume",
        "terminate",
        "queue",
        "env",
        "schema",
        "version",
    ):
        done = run(lab.BINARY, verb, "--help")
        assert f"weir {verb}" in done.stdout.split("USAGE", 1)[0], f"no example in the help of {verb}"
