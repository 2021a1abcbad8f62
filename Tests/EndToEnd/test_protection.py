"""Who is busy: an instance that holds a message is not stopped, and one may protect itself as on AWS."""

import json
import os

import lab
import pytest
from lab import Puppet, always, client, policy, until


def alive(pid):
    return os.path.exists(f"/proc/{pid}")


@pytest.fixture
def group(weirs, tmp_path):
    """A group of two puppets that only an operator scales."""
    text = policy(
        "shy",
        lab.puppets(tmp_path / "notes"),
        out=lab.NEVER,
        into=(lab.alarm("visible", ">=", 10**9), lab.exactly(0)),
        desired_capacity=2,
        source={"embedded": {"queue": "shy", "visibility_timeout": "300s"}},
    )
    weir = weirs(text).start()
    until(lambda: len(weir.in_service("shy")) == 2, 20, "both instances are in service")
    weir.puppets = [Puppet(tmp_path / "notes", instance) for instance in weir.in_service("shy")]
    return weir


def receive(weir, puppet):
    url = weir.client().get_queue_url(QueueName="shy")["QueueUrl"]
    return puppet.call("sqs", "receive_message", QueueUrl=url).get("Messages", [])


def state_of(weir, puppet):
    states = {i["id"]: i["lifecycle_state"] for i in weir.group("shy")["instances"]}
    return states.get(puppet.instance, "gone")


class TestWhoHoldsAMessage:
    def test_is_not_stopped_gets_no_more_and_comes_back_when_it_is_wanted(self, group):
        queue = group.queue("shy")
        queue.send("in hand")
        busy, idle = group.puppets
        [message] = receive(group, busy)

        group.weir("set-desired", "shy", "0")
        until(lambda: state_of(group, idle) == "gone", 20, "the idle one ends")
        assert state_of(group, busy) == "Terminating:Wait"
        queue.send("for somebody else")
        assert receive(group, busy) == [], "who is chosen gets nothing more"
        assert queue.depth() == (1, 1, 0)
        always(lambda: state_of(group, busy) == "Terminating:Wait", 2, "it keeps its message as long as it wants")

        launches = group.group("shy")["totals"]["launches"]
        group.weir("set-desired", "shy", "1")
        until(lambda: state_of(group, busy) == "InService", 10, "it is brought back")
        assert group.group("shy")["totals"]["launches"] == launches, "instead of a new one"
        assert receive(group, busy)[0]["Body"] == "for somebody else"

        url = group.client().get_queue_url(QueueName="shy")["QueueUrl"]
        busy.call("sqs", "delete_message", QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        assert group.group("shy")["totals"]["busy_terminations"] == 0

    def test_ends_once_it_has_deleted_it(self, group):
        queue = group.queue("shy")
        queue.send("in hand")
        busy = group.puppets[0]
        [message] = receive(group, busy)
        group.weir("set-desired", "shy", "0")
        until(lambda: len(group.instances("shy")) == 1, 20, "the idle one ends")
        url = group.client().get_queue_url(QueueName="shy")["QueueUrl"]
        busy.call("sqs", "delete_message", QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        until(lambda: group.is_at_zero("shy"), 20, "the other one ends as soon as it is idle")
        assert group.group("shy")["totals"]["busy_terminations"] == 0


class TestWhoProtectsItself:
    def test_is_not_chosen(self, group):
        first, second = group.puppets
        assert first.protect("shy") == {}
        [described] = first.call("autoscaling", "describe_auto_scaling_instances", InstanceIds=[first.instance])[
            "AutoScalingInstances"
        ]
        assert described["ProtectedFromScaleIn"] is True
        assert described["LifecycleState"] == "InService"
        assert described["AutoScalingGroupName"] == "shy"

        group.weir("set-desired", "shy", "0")
        until(lambda: state_of(group, second) == "gone", 20, "the other one ends")
        always(lambda: state_of(group, first) == "InService", 2, "the protected one stays")
        assert first.protect("shy", protected=False) == {}
        until(lambda: group.is_at_zero("shy"), 20, "the pending reduction proceeds when protection is lifted")

    def test_may_protect_nobody_else(self, group):
        first, second = group.puppets
        assert first.protect("shy", second.instance) == "AccessDenied"
        assert not any(i.get("protected", i.get("protected_from_scale_in")) for i in group.group("shy")["instances"])

    def test_too_late_is_refused(self, group):
        group.queue("shy").send("in hand")
        busy = group.puppets[0]
        receive(group, busy)
        group.weir("set-desired", "shy", "0")
        until(lambda: state_of(group, busy) == "Terminating:Wait", 20, "it is chosen")
        assert busy.protect("shy") == "ValidationError"

    def test_an_operator_may_protect_anyone(self, group):
        first, second = group.puppets
        group.weir("protect", "shy", first.instance)
        group.weir("set-desired", "shy", "0")
        until(lambda: state_of(group, second) == "gone", 20, "the unprotected one ends")
        assert state_of(group, first) == "InService"
        group.client("autoscaling").set_instance_protection(
            AutoScalingGroupName="shy", InstanceIds=[first.instance], ProtectedFromScaleIn=False
        )
        until(lambda: group.is_at_zero("shy"), 20, "then this one too")


class TestCredentials:
    def test_of_an_instance_are_its_own(self, group):
        first, second = group.puppets
        keys = {puppet.environment["AWS_ACCESS_KEY_ID"] for puppet in group.puppets}
        assert len(keys) == 2 and group.account()[0] not in keys
        for puppet in group.puppets:
            told = puppet.environment
            assert told["AWS_ENDPOINT_URL"] == group.endpoint
            assert told["WEIR_GROUP"] == "shy" and told["WEIR_INSTANCE_ID"] == puppet.instance
            assert told["AWS_REGION"] == told["AWS_DEFAULT_REGION"] == lab.REGION

    def test_do_not_reach_what_is_for_operators(self, group):
        first = group.puppets[0]
        assert first.call("autoscaling", "set_desired_capacity", AutoScalingGroupName="shy", DesiredCapacity=4) == (
            "AccessDenied"
        )


def test_with_another_source_an_instance_gets_only_its_capability(weirs, moto, tmp_path):
    """Its own AWS credentials stay as they are; protection is reached through a URL that is the instance's alone."""
    sqs = client("sqs", moto)
    sqs.create_queue(QueueName="elsewhere")
    aws = {
        "AWS_ACCESS_KEY_ID": "real",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_DEFAULT_REGION": lab.REGION,
        "AWS_ENDPOINT_URL_SQS": moto,
    }
    text = policy(
        "guest",
        lab.puppets(tmp_path / "notes", **aws),
        out=lab.NEVER,
        into=lab.NEVER,
        desired_capacity=2,
        source={"sqs": {"queue": "elsewhere", "endpoint": moto, "region": lab.REGION}},
    )
    weir = weirs(text, environment={"AWS_ACCESS_KEY_ID": "real", "AWS_SECRET_ACCESS_KEY": "secret"}).start()
    until(lambda: len(weir.in_service("guest")) == 2, 20, "both instances are in service")
    first, second = (Puppet(tmp_path / "notes", instance) for instance in weir.in_service("guest"))

    assert first.environment["AWS_ACCESS_KEY_ID"] == "real"
    assert "AWS_ENDPOINT_URL" not in first.environment
    assert first.environment["AWS_ENDPOINT_URL_AUTO_SCALING"].startswith(weir.endpoint)
    assert first.environment["AWS_ENDPOINT_URL_AUTO_SCALING"] != second.environment["AWS_ENDPOINT_URL_AUTO_SCALING"]

    assert first.protect("guest") == {}
    assert first.protect("guest", second.instance) == "AccessDenied"
    assert "QueueUrls" in first.call("sqs", "list_queues"), "SQS is still where it was"
    weir.weir("set-desired", "guest", "0")
    until(lambda: weir.instances("guest") == [first.instance], 20, "only the protected one stays")

    secret = first.environment["AWS_ENDPOINT_URL_AUTO_SCALING"].rsplit("/", 1)[1]
    for path in weir.home.rglob("*"):
        if path.is_file() and path.suffix in (".log", ".jsonl", ".json"):
            assert secret not in path.read_text(errors="replace"), f"the capability stands in {path}"
    assert secret not in json.dumps(weir.groups())
