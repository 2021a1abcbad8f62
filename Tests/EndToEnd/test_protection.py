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
    def test_is_not_chosen_and_ends_once_it_has_deleted_it(self, group):
        queue = group.queue("shy")
        queue.send("in hand")
        busy, idle = group.puppets
        [message] = receive(group, busy)
        group.weir("set-desired", "shy", "0")
        until(lambda: state_of(group, idle) == "gone", 20, "the idle one ends")
        always(lambda: state_of(group, busy) == "InService", 2, "the busy one stays as long as it is busy")
        assert group.group("shy")["desired_capacity"] == 0
        busy.call("sqs", "delete_message", QueueUrl=queue.url, ReceiptHandle=message["ReceiptHandle"])
        until(lambda: group.is_at_zero("shy"), 20, "and ends as soon as it is idle")
        assert group.group("shy")["totals"]["busy_terminations"] == 0

    def test_is_still_there_when_it_is_wanted_again(self, group):
        queue = group.queue("shy")
        queue.send("one", "two")
        for puppet in group.puppets:
            assert receive(group, puppet)
        launches = group.group("shy")["totals"]["launches"]
        group.weir("set-desired", "shy", "0")
        until(lambda: group.group("shy")["desired_capacity"] == 0, 10, "nobody is wanted")
        group.weir("set-desired", "shy", "2")
        until(lambda: group.group("shy")["desired_capacity"] == 2, 10, "both are wanted")
        always(lambda: group.in_service("shy") == [p.instance for p in group.puppets], 2, "the same two work on")
        assert group.group("shy")["totals"]["launches"] == launches, "and none was started in their place"

    def test_is_told_to_stop_by_an_operator_all_the_same(self, group):
        """TerminateInstanceInAutoScalingGroup asks for neither protection nor work."""
        group.queue("shy").send("in hand")
        busy = group.puppets[0]
        receive(group, busy)
        group.weir("terminate", "shy", busy.instance)
        until(lambda: state_of(group, busy) == "gone", 20, "it ends")


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


class TestWhoIsToldToStop:
    @pytest.fixture
    def leaving(self, weirs, tmp_path):
        """A group whose one instance was told to stop, and takes its time."""
        text = policy(
            "shy",
            lab.puppets(tmp_path / "notes", STUBBORN="yes"),
            out=lab.NEVER,
            into=lab.NEVER,
            desired_capacity=1,
            stop_timeout="15s",
        )
        weir = weirs(text).start()
        [instance] = until(lambda: weir.in_service("shy"), 20, "it is in service")
        weir.puppets = [Puppet(tmp_path / "notes", instance)]
        weir.weir("set-desired", "shy", "0")
        until(lambda: state_of(weir, weir.puppets[0]) == "Terminating:Proceed", 10, "it was told to stop")
        return weir

    def test_may_not_protect_itself_any_more(self, leaving):
        assert leaving.puppets[0].protect("shy") == "ValidationError"

    def test_gets_no_more_messages(self, leaving):
        queue = leaving.queue("shy")
        queue.send("for somebody else")
        assert receive(leaving, leaving.puppets[0]) == []
        assert queue.depth() == (1, 0, 0)


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
