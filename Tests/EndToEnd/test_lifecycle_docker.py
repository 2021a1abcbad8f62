"""The life of instances on a real engine: rolled to a new image, warm before they are needed, held by hooks, replaced
when they are unhealthy, taken out of service and brought back. The workers are boto3's, and know nothing of weir.
"""

import collections
import json
import textwrap

import lab
import pytest
from containers import Engine, launcher, told
from lab import policy, until


@pytest.fixture
def containers(weirs, docker_engine, tmp_path):
    """Makes a weir with one group of containers, and the record of its engine."""
    engines = []

    def make(group, lifecycle=None, most=4, workers=None, work_seconds=1, environment=None, start=True, **docker):
        notes = tmp_path / "notes"
        notes.mkdir()
        engine = Engine(docker_engine, group, tmp_path)
        engines.append(engine)

        def text(image="weir-tiles-worker", **changed):
            section = launcher(docker_engine, group, notes, work_seconds, image, environment, **docker)
            return policy(
                group,
                {**section, **(workers or {})},
                max_size=most,
                stop_timeout="30s",
                source={"embedded": {"queue": group, "visibility_timeout": "60s"}},
                **{**(lifecycle or {}), **changed},
            )

        weir = weirs(text())
        weir.notes, weir.engine, weir.text = notes, engine, text
        return weir.start() if start else weir

    yield make
    for engine in engines:
        engine.end()


# Groups whose size only the operator sets.
BY_HAND = {"out": lab.NEVER, "into": lab.NEVER}


def check_all_done_once(weir, sent):
    deliveries = collections.Counter(noted["message"] for noted in told(weir, "received"))
    assert set(deliveries) == set(sent), "every message was delivered"
    assert {m: n for m, n in deliveries.items() if n > 1} == {}, "no message was delivered twice"
    assert [n for n in told(weir, "told to stop") if n["holding"]] == [], "nobody was stopped with one in hand"
    assert "was told to stop while it holds" not in weir.log_text()


def refresh_of(weir, group):
    """The last refresh of the group; before there is one, one without a status."""
    answers = weir.client("autoscaling").describe_instance_refreshes(AutoScalingGroupName=group)["InstanceRefreshes"]
    return answers[0] if answers else {"Status": None}


# Instance refresh


ROLLING = {"instance_refresh": {"on_change": True, "min_healthy_percentage": 50, "auto_rollback": True}}


def test_busy_workers_are_rolled_to_a_new_image_and_no_message_is_delivered_twice(containers):
    weir = containers("rolling", ROLLING, most=4, work_seconds=3)
    weir.engine.build("weir-rolling:2", ["FROM weir-tiles-worker", "ENV RELEASE=2"])
    queue = weir.queue("rolling")
    sent = queue.send_many([str(number) for number in range(32)])
    until(lambda: len(weir.in_service("rolling")) == 4, 30, "four workers at work")
    until(lambda: queue.depth()[1] == 4, 30, "each with a message in hand")
    weir.write_policy(weir.text("weir-rolling:2"))

    def rolled():
        images = weir.engine.run_image()
        return len(images) == 4 and set(images.values()) == {"weir-rolling:2"}

    until(rolled, 60, "all four are of the new image, while there is work")
    assert queue.depth() != (0, 0, 0), "there was work to the end"
    until(lambda: refresh_of(weir, "rolling")["Status"] == "Successful", 30, "the refresh says so")
    assert refresh_of(weir, "rolling")["PercentageComplete"] == 100
    until(lambda: queue.depth() == (0, 0, 0), 90, "all is done")
    check_all_done_once(weir, sent)
    created = weir.engine.events("create")
    assert len(created) == 8, "four were replaced by four, and nothing was launched twice for one need"


def test_an_image_that_does_not_work_is_rolled_back(containers):
    weir = containers("breaking", ROLLING, most=3, work_seconds=1)
    weir.engine.build("weir-breaking:2", ["FROM weir-tiles-worker", 'ENTRYPOINT ["false"]'])
    queue = weir.queue("breaking")
    weir.weir("set-desired", "breaking", "3")
    sent = queue.send_many([str(number) for number in range(40)])
    until(lambda: len(weir.in_service("breaking")) == 3, 30, "three workers at work")
    weir.write_policy(weir.text("weir-breaking:2"))
    until(lambda: refresh_of(weir, "breaking")["Status"] == "RollbackSuccessful", 90, "it goes back")
    until(lambda: set(weir.engine.run_image().values()) <= {"weir-tiles-worker"}, 30, "to the image that works")
    # What is launched from now on is what works, though the file says otherwise.
    sent += queue.send_many([str(number) for number in range(12)])
    until(lambda: queue.depth() == (0, 0, 0), 90, "all is done")
    check_all_done_once(weir, sent)
    status = weir.weir("status").stdout
    assert "RollbackSuccessful" in status or "rolled back" in status, status


# Warm pool


def test_a_warm_worker_takes_the_message_that_a_cold_one_would_still_load_for(containers):
    pool = {"warm_pool": {"state": "hibernated", "max_prepared_capacity": 2, "preparation_time": "4s"}}
    weir = containers("warm", pool, most=2, environment={"LOAD_SECONDS": "3"})
    until(lambda: len(weir.instances("warm", "Warmed:Hibernated")) == 2, 60, "two are loaded and paused")
    assert weir.in_service("warm") == [], "and none is in service"
    paused = weir.engine.docker("ps", "--filter", "label=weir.group=warm", "--filter", "status=paused", "--quiet")
    assert len(paused) == 2, "as the engine sees it"
    assert len(told(weir, "ready")) == 2, "they have loaded what they need"
    assert told(weir, "received") == []

    sent = weir.queue("warm").send_many(["1", "2"])
    until(lambda: len(told(weir, "received")) == 2, 30, "both messages are taken")
    warm = {noted["instance"] for noted in told(weir, "started")[:2]}
    launched = {event["Actor"]["Attributes"]["weir.instance"] for event in weir.engine.events("create")[:2]}
    assert warm == launched
    takers = {noted["worker"] for noted in told(weir, "received")}
    assert takers <= {noted["worker"] for noted in told(weir, "started")[:2]}, "by workers that were there before them"
    until(lambda: weir.queue("warm").depth() == (0, 0, 0), 30, "all is done")
    check_all_done_once(weir, sent)


def test_a_stopped_pool_holds_containers_that_never_ran(containers):
    weir = containers("made", {"warm_pool": {"state": "stopped", "max_prepared_capacity": 2}}, most=2)
    until(lambda: len(weir.instances("made", "Warmed:Stopped")) == 2, 60, "two are made")
    assert told(weir, "started") == []
    made = {event["Actor"]["Attributes"]["weir.instance"] for event in weir.engine.events("create")}
    sent = weir.queue("made").send_many(["1"])
    until(lambda: told(weir, "deleted"), 60, "the message is done")
    assert {noted["instance"] for noted in told(weir, "started")} <= made, "by containers that were made before"
    check_all_done_once(weir, sent)
    # weir may be killed meanwhile: what is in the pool stays there, and nothing is doubled.
    weir.kill9()
    weir.start()
    until(lambda: len(weir.instances("made", "Warmed:Stopped")) == 2, 60, "the pool is full again")


# Lifecycle hooks


def test_a_boto3_worker_completes_its_launch_hook_and_a_script_the_termination_hook(containers, tmp_path):
    farewells = tmp_path / "farewells"
    script = tmp_path / "farewell.sh"
    script.write_text(f'#!/bin/sh\necho "$WEIR_INSTANCE_ID $WEIR_LIFECYCLE_TRANSITION" >>{farewells}\n')
    script.chmod(0o755)
    hooks = {
        "lifecycle_hooks": {
            "loaded": {"transition": "launching", "heartbeat_timeout": "60s"},
            "farewell": {"transition": "terminating", "heartbeat_timeout": "60s", "command": [str(script)]},
        }
    }
    weir = containers("hooked", hooks, most=1, environment={"LAUNCH_HOOK": "loaded", "LOAD_SECONDS": "3"})
    sent = weir.queue("hooked").send("1")
    until(lambda: weir.instances("hooked", "Pending:Wait"), 30, "it runs and waits for its hook")
    assert "loaded" in weir.weir("status").stdout
    until(lambda: weir.in_service("hooked"), 30, "it completed its hook and is in service")
    until(lambda: weir.is_at_zero("hooked"), 60, "its work is done and it has ended")
    [instance] = {noted["instance"] for noted in told(weir, "started")}
    assert farewells.read_text().split() == [instance, "autoscaling:EC2_INSTANCE_TERMINATING"]
    check_all_done_once(weir, sent)


def test_a_launch_hook_that_nobody_completes_ends_the_instance(containers):
    hook = {"loaded": {"transition": "launching", "heartbeat_timeout": "30s"}}
    weir = containers("silent", {"lifecycle_hooks": hook, **BY_HAND}, most=1)
    weir.weir("set-desired", "silent", "1")
    [instance] = until(lambda: weir.instances("silent", "Pending:Wait"), 30, "it waits")
    weir.weir("complete-hook", "loaded", instance, "--abandon")
    until(lambda: instance not in weir.instances("silent"), 30, "it is ended")
    assert weir.group("silent")["desired_capacity"] == 1, "and another is still wanted"
    [other] = until(lambda: weir.instances("silent", "Pending:Wait"), 60, "another takes its place")
    assert other != instance
    weir.weir("complete-hook", "loaded", other)
    until(lambda: weir.in_service("silent") == [other], 30, "it is in service")


# Health


def test_an_unhealthy_container_finishes_its_work_and_is_replaced_at_once(containers):
    weir = containers(
        "ailing", most=2, work_seconds=8, health_command=["test", "!", "-e", "/tmp/ill"], health_interval="1s"
    )
    queue = weir.queue("ailing")
    weir.weir("set-desired", "ailing", "1")
    [ill] = until(lambda: weir.in_service("ailing"), 30, "one is in service")
    sent = queue.send("long")
    until(lambda: told(weir, "received"), 20, "it is at work")
    weir.engine.docker("exec", f"weir-ailing-{ill}", "touch", "/tmp/ill")
    until(lambda: [i for i in weir.in_service("ailing") if i != ill], 40, "another one takes its place")
    until(lambda: told(weir, "deleted"), 30, "its work is done by itself")
    until(lambda: ill not in weir.instances("ailing"), 30, "and then it is gone")
    [receiver] = {noted["worker"] for noted in told(weir, "received")}
    assert [n for n in told(weir, "started") if n["worker"] == receiver][0]["instance"] == ill
    check_all_done_once(weir, sent)


def test_health_is_asked_over_http_at_the_address_of_a_container(containers):
    port = lab.free_port()
    answers = textwrap.dedent(
        f"""
        import http.server, os
        class Answer(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(503 if os.path.exists("/notes/ill") else 200)
                self.end_headers()
            def log_message(self, *words): pass
        http.server.HTTPServer(("127.0.0.1", {port}), Answer).serve_forever()
        """
    )
    check = {"http": {"port": port, "path": "/healthz"}, "interval": "1s", "timeout": "500ms", "unhealthy_threshold": 2}
    weir = containers(
        "asked", BY_HAND, most=1, workers={"health_check": check}, command=["/worker/venv/bin/python", "-c", answers]
    )
    weir.weir("set-desired", "asked", "1")
    [first] = until(lambda: weir.in_service("asked"), 30, "it is in service")
    lab.always(lambda: weir.in_service("asked") == [first], 3, "healthy, it stays")
    (weir.notes / "ill").touch()
    until(lambda: first not in weir.instances("asked"), 40, "unhealthy, it is replaced")
    assert "503" in weir.log_text()


# Standby


def test_an_instance_stands_by_and_comes_back(containers):
    weir = containers("resting", most=2, work_seconds=2)
    queue = weir.queue("resting")
    weir.weir("set-desired", "resting", "1")
    [instance] = until(lambda: weir.in_service("resting"), 30, "one is in service")
    first = queue.send("before")
    until(lambda: told(weir, "received"), 20, "it is at work")
    weir.weir("standby", instance)
    until(lambda: weir.instances("resting", "Standby") == [instance], 30, "it finished, and stands by")
    assert len(told(weir, "deleted")) == 1
    assert weir.group("resting")["desired_capacity"] == 0
    weir.weir("suspend", "resting", "AlarmNotification")
    second = queue.send("meanwhile")
    lab.always(lambda: len(told(weir, "received")) == 1, 3, "standing by, it receives nothing")
    weir.kill9()
    weir.start()
    lab.always(lambda: len(told(weir, "received")) == 1, 3, "nor after a restart of weir")
    weir.weir("standby", "--exit", instance)
    until(lambda: len(told(weir, "deleted")) == 2, 30, "back in service, it works again")
    assert len(weir.engine.events("create")) == 1, "and it was this one all the time"
    check_all_done_once(weir, first + second)
    assert json.loads(weir.weir("status", "--format", "json").stdout.splitlines()[0])["desired_capacity"] == 1
