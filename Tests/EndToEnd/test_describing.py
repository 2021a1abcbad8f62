"""What boto3 makes of the scaling policies and the schedule of a group."""

import json
from datetime import datetime, timedelta, timezone

import lab
import pytest
from botocore.exceptions import ClientError

POLICY = {
    "group": "told",
    "queue": {"embedded": "told"},
    "workers": lab.sleeping_worker(),
    "min_size": 0,
    "max_size": 9,
    "metrics": {"backlog": "visible / max(in_service, 1)"},
    "alarms": {
        "told-out": lab.alarm("visible", ">=", 1_000_000, period="60s"),
        "told-in": lab.alarm("visible", ">=", 2_000_000, period="60s"),
    },
    "scaling_policies": {
        "out": {
            "type": "step_scaling",
            "alarm": "told-out",
            "adjustment_type": "percent_change_in_capacity",
            "min_adjustment_magnitude": 2,
            "warmup": "30s",
            "steps": [
                {"lower": 0, "upper": 400, "adjustment": 10},
                {"lower": 400, "adjustment": 50},
            ],
        },
        "in": {"alarm": "told-in", "adjustment_type": "exact_capacity", "adjustment": 0, "enabled": False},
        "keep": {"type": "target_tracking", "metric": "backlog", "target": 1_000_000.5, "disable_scale_in": True},
    },
    "scheduled_actions": {
        "evening": {"recurrence": "0 18 * * *", "time_zone": "Europe/Berlin", "min_size": 0, "max_size": 4},
        "jubilee": {"start_time": "2099-01-01T08:00:00Z", "desired_capacity": 3},
        "long-ago": {"start_time": "2020-01-01T08:00:00Z", "min_size": 1},
    },
}
JUBILEE = datetime(2099, 1, 1, 8, tzinfo=timezone.utc)


@pytest.fixture(scope="module")
def scaling(tmp_path_factory):
    text = "".join(f"{key}: {json.dumps(value)}\n" for key, value in POLICY.items()).replace('"told"', "told", 1)
    weir = lab.Weir(tmp_path_factory.mktemp("w"), text).start()
    yield weir.client("autoscaling")
    weir.end()


def refused(code, call, **arguments):
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    assert caught.value.response["Error"]["Code"] == code


class TestPolicies:
    def policy(self, scaling, name):
        [policy] = scaling.describe_policies(AutoScalingGroupName="told", PolicyNames=[name])["ScalingPolicies"]
        assert policy["PolicyARN"].endswith(f":autoScalingGroupName/told:policyName/{name}")
        return policy

    def test_step_scaling(self, scaling):
        policy = self.policy(scaling, "out")
        assert (policy["PolicyType"], policy["AdjustmentType"]) == ("StepScaling", "PercentChangeInCapacity")
        assert (policy["MinAdjustmentMagnitude"], policy["EstimatedInstanceWarmup"]) == (2, 30)
        assert policy["StepAdjustments"] == [
            {"MetricIntervalLowerBound": 0.0, "MetricIntervalUpperBound": 400.0, "ScalingAdjustment": 10},
            {"MetricIntervalLowerBound": 400.0, "ScalingAdjustment": 50},
        ]
        assert policy["MetricAggregationType"] == "Maximum"
        [alarm] = policy["Alarms"]
        assert alarm["AlarmName"] == "told-out" and alarm["AlarmARN"].endswith(":alarm:told-out")
        assert policy["Enabled"] is True

    def test_simple_scaling(self, scaling):
        policy = self.policy(scaling, "in")
        assert (policy["PolicyType"], policy["AdjustmentType"]) == ("SimpleScaling", "ExactCapacity")
        assert (policy["ScalingAdjustment"], policy["Enabled"], policy.get("Cooldown")) == (0, False, None)

    def test_target_tracking(self, scaling):
        policy = self.policy(scaling, "keep")
        assert policy["PolicyType"] == "TargetTrackingScaling"
        about = policy["TargetTrackingConfiguration"]
        assert (about["TargetValue"], about["DisableScaleIn"]) == (1_000_000.5, True)
        metric = about["CustomizedMetricSpecification"]
        assert (metric["MetricName"], metric["Statistic"], metric["Period"]) == ("backlog", "Average", 60)
        assert metric["Dimensions"] == [{"Name": "AutoScalingGroupName", "Value": "told"}]
        [alarm] = policy["Alarms"]
        assert alarm["AlarmName"].startswith("TargetTracking-told-AlarmHigh-")

    def test_pages_and_filters(self, scaling):
        pages = scaling.get_paginator("describe_policies").paginate(PaginationConfig={"PageSize": 1})
        assert [[policy["PolicyName"] for policy in page["ScalingPolicies"]] for page in pages] == [
            ["out"],
            ["in"],
            ["keep"],
        ]
        tracking = scaling.describe_policies(PolicyTypes=["TargetTrackingScaling", "PredictiveScaling"])
        assert [policy["PolicyName"] for policy in tracking["ScalingPolicies"]] == ["keep"]
        assert scaling.describe_policies(PolicyNames=["none"])["ScalingPolicies"] == []

    def test_mistakes(self, scaling):
        refused("ValidationError", scaling.describe_policies, AutoScalingGroupName="none")
        refused("ValidationError", scaling.describe_policies, MaxRecords=101)
        refused("InvalidNextToken", scaling.describe_policies, NextToken="none")


class TestSchedule:
    def names(self, scaling, **arguments):
        answer = scaling.describe_scheduled_actions(**arguments)
        return [action["ScheduledActionName"] for action in answer["ScheduledUpdateGroupActions"]]

    def test_what_recurs_starts_when_it_runs_next(self, scaling):
        before = datetime.now(timezone.utc)
        [action] = scaling.describe_scheduled_actions(
            AutoScalingGroupName="told", ScheduledActionNames=["evening"]
        )["ScheduledUpdateGroupActions"]  # fmt: skip
        assert action["ScheduledActionARN"].endswith(":autoScalingGroupName/told:scheduledActionName/evening")
        assert (action["Recurrence"], action["TimeZone"]) == ("0 18 * * *", "Europe/Berlin")
        assert (action["MinSize"], action["MaxSize"], action.get("DesiredCapacity")) == (0, 4, None)
        assert before < action["StartTime"] <= before + timedelta(hours=26)
        assert action["StartTime"].astimezone(timezone.utc).hour in (16, 17), "18 o'clock in Berlin"
        assert action["Time"] == action["StartTime"]

    def test_what_is_over_is_not_told(self, scaling):
        assert self.names(scaling, AutoScalingGroupName="told") == ["evening", "jubilee"]
        assert self.names(scaling, ScheduledActionNames=["long-ago", "jubilee"]) == ["jubilee"]

    def test_pages_and_times(self, scaling):
        pages = scaling.get_paginator("describe_scheduled_actions").paginate(PaginationConfig={"PageSize": 1})
        actions = [action for page in pages for action in page["ScheduledUpdateGroupActions"]]
        assert [action["ScheduledActionName"] for action in actions] == ["evening", "jubilee"]
        assert (actions[1]["StartTime"], actions[1]["DesiredCapacity"]) == (JUBILEE, 3)
        assert "Recurrence" not in actions[1] and "TimeZone" not in actions[1]
        assert self.names(scaling, StartTime=JUBILEE - timedelta(days=1)) == ["jubilee"]
        assert self.names(scaling, EndTime=JUBILEE - timedelta(microseconds=1)) == ["evening"]
        assert self.names(scaling, StartTime=JUBILEE, EndTime=JUBILEE) == ["jubilee"]

    def test_mistakes(self, scaling):
        refused("ValidationError", scaling.describe_scheduled_actions, AutoScalingGroupName="none")
        refused("InvalidNextToken", scaling.describe_scheduled_actions, NextToken="-1")
