"""The life of an instance by AWS's own tools and by hand: hooks, standby, health, instance refresh."""

import json

import lab
import pytest
from botocore.exceptions import ClientError
from lab import Puppet, always, policy, run, until

HOOKS = {
    "warm-cache": {"transition": "launching", "heartbeat_timeout": "10m"},
    "upload-logs": {"transition": "terminating", "heartbeat_timeout": "10m", "default_result": "continue"},
}


class Cast:
    """A group of puppets that only operators scale, and what is asked about it."""

    def __init__(self, weir, notes, name="cast"):
        self.weir, self.notes, self.name = weir, notes, name
        self.scaling = weir.client("autoscaling")

    def puppet(self, instance):
        return Puppet(self.notes, instance)

    def states(self):
        return {i["id"]: i["lifecycle_state"] for i in self.weir.group(self.name)["instances"]}

    def instance(self, identifier):
        return next((i for i in self.weir.group(self.name)["instances"] if i["id"] == identifier), None)

    def in_service(self):
        return self.weir.in_service(self.name)

    def until_in_service(self, count):
        return until(lambda: len(self.in_service()) == count and self.in_service(), 40, f"{count} are in service")

    def described(self, instance):
        """What DescribeAutoScalingInstances tells."""
        return self.scaling.describe_auto_scaling_instances(InstanceIds=[instance])["AutoScalingInstances"][0]

    def status(self):
        return self.weir.weir("status", self.name).stdout

    def refresh(self):
        return self.scaling.describe_instance_refreshes(AutoScalingGroupName=self.name)["InstanceRefreshes"][0]


def text(notes, desired, **settings):
    settings = {"desired_capacity": desired, "out": lab.NEVER, "into": lab.NEVER, **settings}
    return policy("cast", lab.puppets(notes, SCENE=settings.pop("scene", "one")), **settings)


@pytest.fixture
def stage(weirs, tmp_path):
    def make(desired, **settings):
        notes = tmp_path / "notes"
        return Cast(weirs(text(notes, desired, **settings)).start(), notes)

    return make


def refused(code, call, **arguments):
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    assert caught.value.response["Error"]["Code"] == code
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    return caught.value.response["Error"]["Message"]


class TestHooks:
    @pytest.fixture
    def cast(self, stage):
        return stage(1, lifecycle_hooks=HOOKS)

    def waiting(self, cast, state):
        return until(lambda: next((i for i, s in cast.states().items() if s == state), None), 30, f"one is {state}")

    def test_a_worker_completes_its_own(self, cast):
        instance = self.waiting(cast, "Pending:Wait")
        puppet = cast.puppet(instance)
        [hook] = puppet.call(
            "autoscaling", "describe_lifecycle_hooks", AutoScalingGroupName="cast", LifecycleHookNames=["warm-cache"]
        )["LifecycleHooks"]
        assert (hook["HeartbeatTimeout"], hook["GlobalTimeout"], hook["DefaultResult"]) == (600, 60000, "ABANDON")
        about = {"AutoScalingGroupName": "cast", "LifecycleHookName": "warm-cache"}

        before = cast.instance(instance)["waits_for"][0]["until"]
        assert puppet.call("autoscaling", "record_lifecycle_action_heartbeat", InstanceId=instance, **about) == {}
        assert cast.instance(instance)["waits_for"][0]["until"] > before
        assert f"{instance}  Pending:Wait  for warm-cache until " in cast.status()
        other = puppet.call(
            "autoscaling", "complete_lifecycle_action", InstanceId="i-00000000000000000",
            LifecycleActionResult="CONTINUE", **about,
        )  # fmt: skip
        assert other == "AccessDenied"

        done = puppet.call(
            "autoscaling", "complete_lifecycle_action", InstanceId=instance, LifecycleActionResult="CONTINUE", **about
        )
        assert done == {}
        assert cast.until_in_service(1) == [instance]
        again = puppet.call(
            "autoscaling", "complete_lifecycle_action", InstanceId=instance, LifecycleActionResult="CONTINUE", **about
        )
        assert again == "ValidationError"

    def test_an_operator_completes_them_too(self, cast):
        first = self.waiting(cast, "Pending:Wait")
        wrong = cast.weir.weir("complete-hook", "warm-cach", first, check=False)
        assert (wrong.returncode, wrong.stderr) == (
            2,
            "weir: group cast has no lifecycle hook 'warm-cach'; did you mean 'warm-cache'?\n",
        )
        early = cast.weir.weir("heartbeat", "upload-logs", first, check=False)
        assert early.returncode == 1 and "does not wait for the lifecycle hook 'upload-logs'" in early.stderr
        cast.weir.weir("complete-hook", "warm-cache", first, "--abandon")
        until(lambda: first not in cast.states(), 30, "it is ended")
        second = self.waiting(cast, "Pending:Wait")
        assert cast.weir.metric("weir_hook_abandonments_total", group="cast") == 1

        # By the token that the instance waits with.
        cast.scaling.complete_lifecycle_action(
            AutoScalingGroupName="cast",
            LifecycleHookName="warm-cache",
            LifecycleActionToken=cast.instance(second)["waits_for"][0]["token"],
            LifecycleActionResult="CONTINUE",
        )
        cast.until_in_service(1)
        cast.weir.weir("set-desired", "cast", "0")
        assert self.waiting(cast, "Terminating:Wait") == second
        always(lambda: cast.states() == {second: "Terminating:Wait"}, 1, "it waits for its logs")
        cast.weir.weir("heartbeat", "upload-logs", second)
        cast.weir.weir("complete-hook", "upload-logs", second)
        until(lambda: not cast.states(), 30, "it ends")


class TestStandby:
    def test_there_and_back(self, stage):
        cast = stage(2)
        first, second = cast.until_in_service(2)
        queue = cast.weir.queue("cast")
        url = {"QueueUrl": queue.url}
        [activity] = cast.scaling.enter_standby(
            AutoScalingGroupName="cast", InstanceIds=[first], ShouldDecrementDesiredCapacity=True
        )["Activities"]
        assert (activity["StatusCode"], activity["Progress"]) == ("InProgress", 50)
        until(lambda: cast.states()[first] == "Standby", 30, "it stands by")
        assert cast.weir.group("cast")["desired_capacity"] == 1
        assert "standby 1" in cast.status().splitlines()[0]
        assert cast.described(first)["LifecycleState"] == "Standby"

        queue.send("for whoever works")
        assert cast.puppet(first).call("sqs", "receive_message", **url) == {}
        [message] = cast.puppet(second).call("sqs", "receive_message", **url)["Messages"]
        cast.puppet(second).call("sqs", "delete_message", ReceiptHandle=message["ReceiptHandle"], **url)

        message = refused(
            "ValidationError", cast.scaling.enter_standby,
            AutoScalingGroupName="cast", InstanceIds=[first], ShouldDecrementDesiredCapacity=True,
        )  # fmt: skip
        assert message == f"The instance {first} is not in InService. It is in Standby."
        cast.weir.weir("standby", "--exit", first)
        assert cast.states()[first] == "InService"
        assert cast.weir.group("cast")["desired_capacity"] == 2

    def test_others_take_its_place_when_desired_capacity_is_kept(self, stage):
        cast = stage(1)
        [first] = cast.until_in_service(1)
        cast.weir.weir("standby", first, "--keep-desired")
        [other] = until(lambda: [i for i in cast.in_service() if i != first], 30, "another is launched")
        until(lambda: cast.states() == {first: "Standby", other: "InService"}, 30, "one stands by, one works")
        wrong = cast.weir.weir("standby", first[:-1] + ("0" if first[-1] != "0" else "1"), check=False)
        assert wrong.returncode == 2 and f"did you mean '{first}'?" in wrong.stderr

    def test_a_worker_may_not(self, stage):
        cast = stage(1)
        [first] = cast.until_in_service(1)
        answer = cast.puppet(first).call(
            "autoscaling", "enter_standby", AutoScalingGroupName="cast", InstanceIds=[first],
            ShouldDecrementDesiredCapacity=True,
        )  # fmt: skip
        assert answer == "AccessDenied"


class TestHealth:
    def test_a_worker_that_says_it_is_ill_is_replaced(self, stage):
        cast = stage(1)
        [first] = cast.until_in_service(1)
        puppet = cast.puppet(first)
        assert puppet.call("autoscaling", "set_instance_health", InstanceId=first, HealthStatus="Unhealthy") == {}
        [second] = until(lambda: [i for i in cast.in_service() if i != first], 30, "another is in service")
        until(lambda: first not in cast.states(), 30, "the ill one is gone")
        assert cast.weir.metric("weir_unhealthy_replacements_total", group="cast") == 1
        cast.weir.weir("set-health", second, "unhealthy")
        until(lambda: second not in cast.states(), 30, "an operator's word counts as much")

    def test_one_in_its_grace_period_is_left_when_that_is_to_be_respected(self, stage):
        cast = stage(1, health_check_grace_period="10m")
        [first] = cast.until_in_service(1)
        cast.scaling.set_instance_health(InstanceId=first, HealthStatus="Unhealthy")
        told = cast.weir.weir("set-health", first, "unhealthy", "--respect-grace-period").stdout
        assert "in its health check grace period" in told
        assert cast.described(first)["HealthStatus"] == "HEALTHY"

    def test_a_busy_one_finishes_first_and_is_shown_with_the_reason(self, stage):
        cast = stage(1)
        [first] = cast.until_in_service(1)
        queue = cast.weir.queue("cast")
        queue.send("in hand")
        puppet = cast.puppet(first)
        [message] = puppet.call("sqs", "receive_message", QueueUrl=queue.url)["Messages"]
        cast.weir.weir("set-health", first, "unhealthy")
        until(lambda: len(cast.in_service()) == 1 and cast.in_service() != [first], 30, "another works")
        assert f"{first}  Terminating  unhealthy, and replaced: marked by SetInstanceHealth  holds 1" in cast.status()
        [group] = cast.scaling.describe_auto_scaling_groups()["AutoScalingGroups"]
        assert {i["InstanceId"]: i["HealthStatus"] for i in group["Instances"]}[first] == "Unhealthy"
        puppet.call("sqs", "delete_message", QueueUrl=queue.url, ReceiptHandle=message["ReceiptHandle"])
        until(lambda: first not in cast.states(), 30, "and it goes")


class TestRefresh:
    def test_started_described_and_cancelled(self, stage):
        cast = stage(2, instance_refresh={"min_healthy_percentage": 50})
        cast.until_in_service(2)
        started = cast.scaling.start_instance_refresh(
            AutoScalingGroupName="cast",
            Strategy="Rolling",
            Preferences={"CheckpointPercentages": [50, 100], "CheckpointDelay": 3600, "AutoRollback": False},
        )["InstanceRefreshId"]
        until(lambda: cast.refresh().get("StatusReason", "").startswith("at a checkpoint"), 60, "it stops for a look")
        refresh = cast.refresh()
        assert (refresh["InstanceRefreshId"], refresh["Status"]) == (started, "InProgress")
        assert (refresh["PercentageComplete"], refresh["InstancesToUpdate"]) == (50, 1)
        assert refresh["Preferences"]["MinHealthyPercentage"] == 50, "as the policy file says"
        assert refresh["Preferences"]["CheckpointPercentages"] == [50, 100]
        told = "refresh    50 % (1 of 2 replaced), at a checkpoint until "
        until(lambda: told in cast.status(), 30, "the old one has ended, and status tells of the checkpoint")
        message = refused("InstanceRefreshInProgress", cast.scaling.start_instance_refresh, AutoScalingGroupName="cast")
        assert started in message
        refused("IrreversibleInstanceRefresh", cast.scaling.rollback_instance_refresh, AutoScalingGroupName="cast")

        assert cast.scaling.cancel_instance_refresh(AutoScalingGroupName="cast")["InstanceRefreshId"] == started
        assert cast.refresh()["Status"] == "Cancelled"
        refused("ActiveInstanceRefreshNotFound", cast.scaling.cancel_instance_refresh, AutoScalingGroupName="cast")

    def test_rolls_to_what_the_policy_file_says_now_and_back(self, stage):
        cast = stage(2)
        old = cast.until_in_service(2)
        assert cast.weir.group("cast")["template_version"] == 1
        cast.weir.write_policy(text(cast.notes, 2, scene="two"))
        until(lambda: cast.weir.group("cast")["template_version"] == 2, 20, "what is launched has changed")
        assert cast.status().count("version 1, now 2") == 2
        assert cast.weir.metric("weir_group_outdated_instances", group="cast") == 2

        told = cast.weir.weir("refresh", "cast", "--checkpoints", "50,100", "--checkpoint-delay", "1h").stdout
        assert "2 instances to replace by version 2" in told
        until(lambda: cast.weir.group("cast")["refresh"].get("checkpoint_until"), 60, "it stops for a look")
        [new] = [i for i in cast.in_service() if i not in old]
        assert cast.puppet(new).environment["SCENE"] == "two"
        assert cast.described(new)["LaunchTemplate"]["Version"] == "2"

        assert "to version 1" in cast.weir.weir("refresh", "cast", "--rollback").stdout
        until(lambda: cast.refresh()["Status"] == "RollbackSuccessful", 60, "it is as it was")
        assert cast.refresh()["RollbackDetails"]["RollbackReason"] == "asked by an operator"
        assert {i["template_version"] for i in cast.weir.group("cast")["instances"]} == {1}
        assert "rolled back to version 1" in cast.status()

    @pytest.mark.parametrize(
        "flags, words",
        [
            ("--cancel --rollback", "weir: --cancel and --rollback: expected one of them\n"),
            ("--cancel --skip-matching", "weir: --cancel stands alone; the refresh is under way already\n"),
            ("--checkpoints ten", "weir: --checkpoints 'ten' is not percentages such as 10,50,100\n"),
            (
                "--checkpoint-delay 10",
                "weir: --checkpoint-delay '10' is not a time with its unit, such as 30s or 10m\n",
            ),
            ("--min-healthy-percentage 101", "weir: min_healthy_percentage is 101; 0 to 100 is expected\n"),
            ("--protected all", "weir: the value 'all' is invalid for '--protected <protected>'. "),
        ],
    )
    def test_mistakes(self, queues, flags, words):
        wrong = queues.weir("refresh", "idle", *flags.split(), check=False)
        assert wrong.returncode == 2 and wrong.stderr.startswith(words), wrong.stderr

    def test_nothing_to_cancel(self, queues):
        wrong = queues.weir("refresh", "idle", "--cancel", check=False)
        assert wrong.returncode == 1 and "No in progress or pending Instance Refresh" in wrong.stderr


class TestWarmPool:
    def test_is_described_and_taken_from(self, stage):
        pool = {"state": "hibernated", "preparation_time": "1s", "max_prepared_capacity": 3}
        cast = stage(1, warm_pool=pool)
        [first] = cast.until_in_service(1)

        def warm():
            answer = cast.scaling.describe_warm_pool(AutoScalingGroupName="cast")
            return answer["WarmPoolConfiguration"], {i["InstanceId"]: i["LifecycleState"] for i in answer["Instances"]}

        until(lambda: list(warm()[1].values()) == ["Warmed:Hibernated"] * 2, 40, "two are ready")
        configuration, ready = warm()
        assert configuration == {"MaxGroupPreparedCapacity": 3, "MinSize": 0, "PoolState": "Hibernated"}
        assert "warm 2 of 2" in cast.status().splitlines()[0]
        [group] = cast.scaling.describe_auto_scaling_groups()["AutoScalingGroups"]
        assert ([i["InstanceId"] for i in group["Instances"]], group["WarmPoolSize"]) == ([first], 2)

        cast.weir.weir("set-desired", "cast", "2")
        second = next(i for i in cast.until_in_service(2) if i != first)
        assert second in ready, "it was ready already"
        assert cast.weir.metric("weir_warm_starts_total", group="cast") == 1
        assert cast.weir.metric("weir_group_warm_pool_size_instances", group="cast") == 1


class TestDescriptions:
    """What AWS's own command line makes of the answers."""

    def aws(self, weir, *words):
        key, secret = weir.account()
        environment = lab.clean_environment(AWS_ACCESS_KEY_ID=key, AWS_SECRET_ACCESS_KEY=secret)
        done = run(
            lab.ROOT / ".build-venv/bin/aws", "--endpoint-url", weir.endpoint, "--region", lab.REGION,
            "--output", "json", "autoscaling", *words, environment=environment,
        )  # fmt: skip
        return json.loads(done.stdout)

    def test_types(self, queues):
        assert self.aws(queues, "describe-lifecycle-hook-types")["LifecycleHookTypes"] == [
            "autoscaling:EC2_INSTANCE_LAUNCHING",
            "autoscaling:EC2_INSTANCE_TERMINATING",
        ]
        assert "OldestLaunchTemplate" in self.aws(queues, "describe-termination-policy-types")["TerminationPolicyTypes"]
        processes = self.aws(queues, "describe-scaling-process-types")["Processes"]
        assert {"ProcessName": "InstanceRefresh"} in processes

    def test_a_group_without_a_pool_a_hook_or_a_refresh(self, queues):
        name = ["--auto-scaling-group-name", "idle"]
        pool = self.aws(queues, "describe-warm-pool", *name)
        assert (pool["Instances"], pool.get("WarmPoolConfiguration")) == ([], None)
        assert self.aws(queues, "describe-instance-refreshes", *name) == {"InstanceRefreshes": []}
        assert self.aws(queues, "describe-lifecycle-hooks", *name) == {"LifecycleHooks": []}
