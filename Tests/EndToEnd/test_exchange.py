"""`weir import` and `weir export`: what AWS prints comes in, and what goes out is what AWS's own validators accept."""

import json
import re

import botocore.session
import hcl2
import lab
import pytest
import yaml
from botocore.validate import ParamValidator
from cfnlint.api import ManualArgs, lint
from lab import POLICIES, ROOT, client, run

FIXTURES = ROOT / "Tests/WeirExchangeTests/Fixtures"
# Everything that can be carried over; the linter and the HCL parser take their time.
RICH = FIXTURES / "policies/pictures.yaml"
LINTED = [RICH, *(ROOT / "policies" / f"{name}.yaml" for name in ("thumbnails", "office-hours", "fallback"))]
WORDS = (ROOT / "docs/import-export.md").read_text()


def exported(path, *words):
    done = run(lab.BINARY, "export", path, *words)
    return done.stdout, done.stderr


def template(path):
    return json.loads(exported(path, "--to", "cloudformation", "--syntax", "json")[0])


def linted(text):
    return [str(match) for match in lint(text, config=ManualArgs(regions=["eu-west-1"]))]


# What goes out


@pytest.mark.parametrize("path", LINTED, ids=lambda path: path.name)
def test_cfn_lint_has_no_complaint(path):
    assert linted(exported(path, "--to", "cloudformation")[0]) == []


ACTIONS = {
    "AWS::AutoScaling::AutoScalingGroup": ("autoscaling", "CreateAutoScalingGroup"),
    "AWS::AutoScaling::ScalingPolicy": ("autoscaling", "PutScalingPolicy"),
    "AWS::AutoScaling::ScheduledAction": ("autoscaling", "PutScheduledUpdateGroupAction"),
    "AWS::AutoScaling::LifecycleHook": ("autoscaling", "PutLifecycleHook"),
    "AWS::AutoScaling::WarmPool": ("autoscaling", "PutWarmPool"),
    "AWS::CloudWatch::Alarm": ("cloudwatch", "PutMetricAlarm"),
    "AWS::SQS::Queue": ("sqs", "CreateQueue"),
}
WHOLE = {"MinSize", "MaxSize", "DesiredCapacity", "Cooldown"}


def request(kind, name, properties):
    """What CloudFormation asks of the service for a resource, with a name in the place of every function."""

    def plain(value):
        if isinstance(value, dict):
            if set(value) <= {"Ref", "Fn::GetAtt"}:
                return "lt-0123456789abcdef0" if value.get("Ref") == "LaunchTemplateId" else "name"
            return {key: plain(inner) for key, inner in value.items()}
        return [plain(item) for item in value] if isinstance(value, list) else value

    wanted = plain(properties)
    if kind == "AWS::AutoScaling::AutoScalingGroup":
        wanted["DefaultCooldown"] = wanted.pop("Cooldown")
        wanted.pop("MetricsCollection", None)
        wanted |= {key: int(wanted[key]) for key in ("MinSize", "MaxSize", "DesiredCapacity", "DefaultCooldown")}
    if kind == "AWS::AutoScaling::ScalingPolicy":
        wanted["PolicyName"] = name
        if "Cooldown" in wanted:
            wanted["Cooldown"] = int(wanted["Cooldown"])
    if kind == "AWS::AutoScaling::ScheduledAction":
        wanted["ScheduledActionName"] = name
    if kind == "AWS::SQS::Queue":
        attributes = {key: json.dumps(value) for key, value in wanted.items() if key != "QueueName"}
        wanted = {"QueueName": wanted["QueueName"], "Attributes": attributes}
    return wanted


@pytest.mark.parametrize("path", [RICH, *POLICIES], ids=lambda path: path.name)
def test_botocore_accepts_each_resource(path):
    session = botocore.session.get_session()
    for name, resource in template(path)["Resources"].items():
        service, action = ACTIONS[resource["Type"]]
        shape = session.get_service_model(service).operation_model(action).input_shape
        report = ParamValidator().validate(request(resource["Type"], name, resource["Properties"]), shape)
        assert not report.has_errors(), f"{name}: {report.generate_report()}"


def test_yaml_and_json_say_the_same():
    path = ROOT / "policies/target-tracking.yaml"
    assert yaml.safe_load(exported(path, "--to", "cloudformation")[0]) == template(path)


@pytest.mark.parametrize("path", [RICH, *POLICIES], ids=lambda path: path.name)
def test_each_reference_of_terraform_leads_somewhere(path):
    written = json.loads(exported(path, "--to", "terraform", "--syntax", "json")[0])
    names = {(kind, name) for kind, resources in written["resource"].items() for name in resources}
    assert "aws_autoscaling_group" in written["resource"]
    text = json.dumps(written)
    for found in re.findall(r"\b(aws_\w+)\.(\w+)\.(?:name|arn)\b", text):
        assert found in names
    for found in re.findall(r"\bvar\.(\w+)", text):
        assert found in written["variable"]


def test_terraform_says_the_same_in_both_syntaxes():
    parsed = plain(hcl2.loads(exported(RICH, "--to", "terraform")[0]))
    written = json.loads(exported(RICH, "--to", "terraform", "--syntax", "json")[0])
    resources = {}
    for block in parsed["resource"]:
        for kind, named in block.items():
            resources.setdefault(kind, {}).update(named)
    queue = resources["aws_sqs_queue"]["queue"]
    # The parser writes expressions in its own way.
    assert queue.pop("redrive_policy").replace(" ", "") == written["resource"]["aws_sqs_queue"]["queue"].pop(
        "redrive_policy"
    ).replace(" ", "")
    assert resources == written["resource"]
    variables = {name: body for block in parsed["variable"] for name, body in block.items()}
    assert set(variables) == set(written["variable"])


def plain(value):
    """What the parser of HCL says, without the quotes and marks that it keeps."""
    if isinstance(value, dict):
        return {plain(key): plain(inner) for key, inner in value.items() if not key.startswith("__")}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value[1:-1] if isinstance(value, str) and len(value) > 1 and value[0] == value[-1] == '"' else value


def test_terraform_switches_a_policy_off(tmp_path):
    path = tmp_path / "pictures.yaml"
    path.write_text(RICH.read_text().replace("{ type: target_tracking,", "{ enabled: false, type: target_tracking,"))
    for syntax in ("hcl", "json"):
        text = exported(path, "--to", "terraform", "--syntax", syntax)[0]
        assert len(re.findall(r'\benabled\b"?\s*[=:]\s*false', text)) == 2
    assert linted(exported(path, "--to", "cloudformation")[0]) == []


def test_what_is_lost_is_told(tmp_path):
    text, told = exported(ROOT / "policies/fallback.yaml", "--to", "terraform")
    lines = [line for line in told.splitlines() if "not carried over" in line]
    assert any("queue.fallback" in line for line in lines)
    assert all(line.split(": ", 3)[3] in text for line in lines)
    done = run(lab.BINARY, "export", ROOT / "policies/fallback.yaml", "--to", "terraform", "--format", "json")
    report = json.loads(done.stdout)
    assert {"kind", "file", "path", "why"} == set(report["notes"][0])
    assert "resource" in report["text"]


def test_mistakes_of_export(tmp_path):
    for words, expected in [
        (["policies/demo.yaml", "--to", "terraform", "--syntax", "yaml"], "take hcl or json"),
        (["policies", "--to", "terraform"], "name its file"),
        (["policies/demo.yaml", "--to", "chef"], "chef"),
    ]:
        done = run(lab.BINARY, "export", *words, check=False)
        assert done.returncode == 2 and expected in done.stderr and done.stdout == ""


# What comes in


def imported(*paths, options=()):
    done = run(lab.BINARY, "import", *paths, *options, "--format", "json")
    return json.loads(done.stdout)["policies"]


def test_what_moto_prints_comes_in_and_goes_out(moto, tmp_path):
    """A group that boto3 makes, as the AWS CLI would print it."""
    scaling, watch = client("autoscaling", moto), client("cloudwatch", moto)
    scaling.create_launch_configuration(
        LaunchConfigurationName="prints", ImageId="ami-12c6146b", InstanceType="t3.micro"
    )
    scaling.create_auto_scaling_group(
        AutoScalingGroupName="prints", LaunchConfigurationName="prints", MinSize=0, MaxSize=7, DesiredCapacity=0,
        DefaultCooldown=90, AvailabilityZones=["us-east-1a"], NewInstancesProtectedFromScaleIn=True,
        TerminationPolicies=["OldestInstance", "Default"],
    )  # fmt: skip
    scaling.put_scaling_policy(
        AutoScalingGroupName="prints", PolicyName="out", PolicyType="StepScaling", AdjustmentType="ChangeInCapacity",
        StepAdjustments=[
            {"MetricIntervalLowerBound": 0, "MetricIntervalUpperBound": 50, "ScalingAdjustment": 1},
            {"MetricIntervalLowerBound": 50, "ScalingAdjustment": 3},
        ], EstimatedInstanceWarmup=40,
    )  # fmt: skip
    scaling.put_scaling_policy(
        AutoScalingGroupName="prints", PolicyName="in", PolicyType="SimpleScaling", AdjustmentType="ExactCapacity",
        ScalingAdjustment=0, Cooldown=60,
    )  # fmt: skip
    made = scaling.describe_policies(AutoScalingGroupName="prints")["ScalingPolicies"]
    arns = {policy["PolicyName"]: policy["PolicyARN"] for policy in made}
    for name, policy, comparison, threshold in [
        ("prints-behind", "out", "GreaterThanOrEqualToThreshold", 10),
        ("prints-empty", "in", "LessThanThreshold", 1),
    ]:
        watch.put_metric_alarm(
            AlarmName=name, AlarmActions=[arns[policy]], Namespace="AWS/SQS",
            MetricName="ApproximateNumberOfMessagesVisible",
            Dimensions=[{"Name": "QueueName", "Value": "prints-queue"}], Statistic="Maximum", Period=60,
            EvaluationPeriods=2, Threshold=threshold, ComparisonOperator=comparison,
        )  # fmt: skip
    scaling.put_scheduled_update_group_action(
        AutoScalingGroupName="prints", ScheduledActionName="night", Recurrence="0 22 * * *", MaxSize=2
    )
    scaling.put_lifecycle_hook(
        AutoScalingGroupName="prints", LifecycleHookName="bye", HeartbeatTimeout=120, DefaultResult="CONTINUE",
        LifecycleTransition="autoscaling:EC2_INSTANCE_TERMINATING",
    )  # fmt: skip
    paths = []
    for number, answer in enumerate([
        scaling.describe_auto_scaling_groups(AutoScalingGroupNames=["prints"]),
        scaling.describe_policies(AutoScalingGroupName="prints"),
        scaling.describe_scheduled_actions(AutoScalingGroupName="prints"),
        scaling.describe_lifecycle_hooks(AutoScalingGroupName="prints"),
        watch.describe_alarms(AlarmNamePrefix="prints"),
    ]):  # fmt: skip
        paths.append(tmp_path / f"{number}.json")
        paths[-1].write_text(json.dumps(answer, default=lambda value: value.isoformat()))
    (policy,) = imported(*paths)
    assert policy["mistakes"] == []
    assert not any("weir does not know it" in note["why"] for note in policy["notes"])
    path = tmp_path / "prints.yaml"
    path.write_text(policy["policy"])
    assert run(lab.BINARY, "check", path).returncode == 0
    read = yaml.safe_load(policy["policy"])
    assert (read["max_size"], read["default_cooldown"], read["protect_from_scale_in"]) == (7, "90s", True)
    assert read["queue"]["sqs"]["queue"] == "prints-queue"
    assert read["scaling_policies"]["out"]["steps"][1] == {"lower": 50, "adjustment": 3}
    assert read["lifecycle_hooks"]["bye"]["heartbeat_timeout"] == "120s"
    assert read["scheduled_actions"]["night"]["max_size"] == 2
    # And out again: a template whose alarms invoke the same policies.
    resources = template(path)["Resources"]
    assert linted(json.dumps(template(path))) == []
    alarms = [entry["Properties"] for entry in resources.values() if entry["Type"] == "AWS::CloudWatch::Alarm"]
    assert {alarm["AlarmName"]: alarm["AlarmActions"] for alarm in alarms} == {
        "prints-behind": [{"Ref": "PolicyOut"}], "prints-empty": [{"Ref": "PolicyIn"}],
    }  # fmt: skip


def sample(shape, name=""):
    """A value for every field that the service may answer with."""
    known = {"AutoScalingGroupName": "all", "PolicyARN": "arn:all", "PolicyType": "StepScaling"}
    known |= {"AlarmActions": ["arn:all"], "TerminationPolicies": ["Default"]}
    known |= {"QueueName": "all", "Namespace": "AWS/SQS", "MetricName": "ApproximateNumberOfMessagesVisible"}
    known |= {"Dimensions": [{"Name": "QueueName", "Value": "all"}], "PoolState": "Stopped"}
    known |= {"LifecycleTransition": "autoscaling:EC2_INSTANCE_LAUNCHING"}
    known |= {"Statistic": "Average", "ComparisonOperator": "GreaterThanThreshold", "Metrics": [], "Period": 60}
    known |= {"ThresholdMetricId": "", "Recurrence": "0 1 * * *", "TimeZone": "UTC"}
    known |= {"AdjustmentType": "ChangeInCapacity"}
    if name in known:
        return known[name]
    if shape.type_name == "structure":
        return {key: sample(member, key) for key, member in shape.members.items()}
    if shape.type_name == "list":
        return [sample(shape.member)]
    if shape.type_name == "map":
        return {"key": sample(shape.value)}
    if shape.type_name == "string":
        return shape.enum[0] if shape.enum else "text"
    return {"boolean": True, "timestamp": "2099-01-01T00:00:00Z", "double": 2.5, "float": 2.5}.get(shape.type_name, 60)


def test_every_field_that_aws_may_answer_with_is_known(tmp_path):
    """As botocore's model has them: what AWS adds later is told as unknown, and this test tells us."""
    session = botocore.session.get_session()
    paths = []
    for service, action in [
        ("autoscaling", "DescribeAutoScalingGroups"),
        ("autoscaling", "DescribePolicies"),
        ("autoscaling", "DescribeScheduledActions"),
        ("autoscaling", "DescribeLifecycleHooks"),
        ("cloudwatch", "DescribeAlarms"),
    ]:
        shape = session.get_service_model(service).operation_model(action).output_shape
        paths.append(tmp_path / f"{action}.json")
        paths[-1].write_text(json.dumps(sample(shape), indent=1))
    # The values make no sense together, so that it is mistaken as a policy file.
    done = run(lab.BINARY, "import", *paths, "--format", "json", check=False)
    (policy,) = json.loads(done.stdout)["policies"]
    assert [note for note in policy["notes"] if note["why"] == "weir does not know it"] == []
    assert len(policy["notes"]) > 30
    assert done.returncode == 2 and any("max_instance_lifetime" in mistake for mistake in policy["mistakes"])


def test_the_commands_of_the_page_work(tmp_path):
    """Each in a folder that holds the files that they name."""
    commands = re.findall(r"^weir ((?:import|export) .*)$", WORDS, re.M)
    assert len(commands) >= 2
    for folder in FIXTURES.iterdir():
        for path in folder.iterdir():
            (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "policies").symlink_to(ROOT / "policies")
    for command in commands:
        run(lab.BINARY, *command.split(), cwd=tmp_path)
    assert (tmp_path / "thumbnails.yaml").exists()


def test_each_group_gets_a_file(tmp_path):
    aws = FIXTURES / "aws"
    done = run(lab.BINARY, "import", aws / "groups.json", aws / "policies.json", check=False)
    assert done.returncode == 2 and "thumbnails-workers, web" in done.stderr and done.stdout == ""
    run(lab.BINARY, "import", aws / "groups.json", "--output", tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["thumbnails-workers.yaml", "web.yaml"]
    run(lab.BINARY, "check", tmp_path)


def test_mistakes_of_import(tmp_path):
    (tmp_path / "other.json").write_text('{"Buckets": []}\n')
    scaled = "apiVersion: keda.sh/v1alpha1\nkind: ScaledObject\nmetadata: {{ name: orders, namespace: {} }}\n---\n"
    (tmp_path / "orders.yaml").write_text(scaled.format("shop") + scaled.format("depot"))
    for words, status, expected in [
        (["none.json"], 1, "cannot read none.json"),
        (["other.json"], 2, "other.json:1 is nothing that weir can import"),
        (["other.json", "--parameter", "x"], 2, "NAME=VALUE"),
        ([FIXTURES / "cloudformation/workers.yaml", "--parameter", "Stgae=prod"], 2, "did you mean 'Stage'?"),
        (["orders.yaml", "--output", "."], 2, "'orders' at orders.yaml:1 and 'orders' at orders.yaml:5"),
    ]:
        done = run(lab.BINARY, "import", *words, check=False, cwd=tmp_path)
        assert done.returncode == status and expected in done.stderr and done.stdout == ""


def test_help_has_an_example():
    for verb in ("import", "export"):
        assert "Example:" in run(lab.BINARY, verb, "--help").stdout


# What is read stays


def test_nothing_is_written_over_what_is_read(tmp_path):
    aws, policy = tmp_path / "groups.json", tmp_path / "p.yaml"
    aws.write_text((FIXTURES / "dockerrun/v1.json").read_text())
    policy.write_text((ROOT / "policies/thumbnails.yaml").read_text())
    (tmp_path / "pictures.yaml").symlink_to(aws)
    for words, lost in [
        (["import", aws, "--group", "pictures", "--output", aws], aws),
        (["import", aws, "--group", "pictures", "--output", tmp_path], aws),
        (["export", policy, "--to", "cloudformation", "--output", tmp_path / "." / "p.yaml"], policy),
    ]:
        before = lost.read_text()
        done = run(lab.BINARY, *words, check=False)
        assert done.returncode == 2 and f"would be written over {lost}: name another file" in done.stderr
        assert lost.read_text() == before


def test_a_group_under_a_shared_limit_is_exported_without_it():
    text, notes = exported(ROOT / "policies/shared-machine/bulk.yaml", "--to", "terraform")
    assert 'resource "aws_autoscaling_group"' in text
    assert "fleet: AWS has no limit that groups share, such as 'machine'" in notes
