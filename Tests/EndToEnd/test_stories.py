"""`weir test`, as docs/stories.md has it."""

import json
import re

import jsonschema
import lab
import pytest
import yaml
from lab import ROOT, run

PAGE = (ROOT / "docs" / "stories.md").read_text()
EXAMPLE = re.search(r"^```yaml\n(stories:\n.*?)^```$", PAGE, re.M | re.S)[1]
SHOWN = re.search(r"^```\n(thumbnails\.stories\.yaml:.*?)\n```$", PAGE, re.M | re.S)[1]


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "thumbnails.yaml").write_text((ROOT / "policies" / "thumbnails.yaml").read_text())
    (tmp_path / "thumbnails.stories.yaml").write_text(EXAMPLE)
    return tmp_path


def weir_test(*words, status=0, locale="C.UTF-8", **options):
    environment = lab.clean_environment() | {"LC_ALL": locale}
    done = run(lab.BINARY, "test", *words, environment=environment, check=False, **options)
    assert done.returncode == status, done.stdout + done.stderr
    return done


def test_the_commands_of_the_page():
    commands = [line.split()[2:] for line in re.findall(r"^weir test .*$", PAGE, re.M)]
    assert len(commands) == 2
    for words in commands:
        told = weir_test(*words).stdout
        assert "all hold" in told
    assert "  holds  twenty are the most, however many pictures wait" in told


def test_the_example_of_the_page_holds(folder):
    assert weir_test("thumbnails.yaml", cwd=folder).stdout == "thumbnails.stories.yaml: 1 story, all hold\n"


def test_the_failure_of_the_page(folder):
    policy = folder / "thumbnails.yaml"
    text = policy.read_text().replace("evaluation_periods: 1\n", "evaluation_periods: 2\n")
    policy.write_text(text.replace("datapoints_to_alarm: 1\n", "datapoints_to_alarm: 2\n"))
    told = weir_test("thumbnails.stories.yaml", cwd=folder, status=1).stdout
    assert SHOWN in told
    assert all(len(line) <= 80 for line in told.splitlines() if not line.startswith(" ") and ":" not in line)
    plain = weir_test("thumbnails.stories.yaml", cwd=folder, status=1, locale="C").stdout
    assert "#" in plain and "█" not in plain


def test_programs_are_told_the_same(folder):
    policy = folder / "thumbnails.yaml"
    assert json.loads(weir_test(folder, "--format", "json").stdout)["ok"] is True
    policy.write_text(policy.read_text().replace("max_size: 20", "max_size: 0"))
    told = json.loads(weir_test(folder, "--format", "json", status=1).stdout)
    [file] = told["files"]
    [story] = file["stories"]
    first = story["failures"][0]
    assert told["ok"] is False and file["group"] == "thumbnails" and first["line"] == 9
    assert first["at_s"] == 120 and first["expected"][0] == "desired 1" and first["found"][0] == "desired 0"
    assert {reason["code"] for reason in first["reasons"]} >= {"proposed", "limited_to_maximum"}


def test_mistakes(folder):
    (folder / "thumbnails.stories.yaml").write_text(EXAMPLE.replace("up-policy", "upp-policy"))
    assert "did you mean 'up-policy'?" in weir_test(folder, status=2).stderr
    told = json.loads(weir_test(folder, "--format", "json", status=2).stdout)
    assert told["mistakes"][0]["line"] == 9
    given = "given:\n      every: 1m\n      visible: 0x2 1x2 0x10"
    load = 'load: { generate: ["poison rate=1/s"] }'
    (folder / "thumbnails.stories.yaml").write_text(EXAMPLE.replace(given, load))
    told = weir_test(folder, status=2).stderr
    assert "thumbnails.stories.yaml:4:24: error: 'generate': there is no load 'poison'" in told
    assert told.endswith(" ^^^^^^^^^^^^^^^^^ did you mean 'poisson'?\n")
    # All of them come at once, and in words that a story has.
    (folder / "one.csv").write_text("timestamp,arrivals\n2026-01-05T00:00:00Z,3\n")
    traces = ["{ trace: none.csv }", "{ trace: one.csv, service_time: 5s }"]
    stories = [f"  - story: s\n    load: {load}\n    expect: [{{ at: 1m, desired: '< 2' }}]\n" for load in traces]
    (folder / "thumbnails.stories.yaml").write_text("stories:\n" + "".join(stories))
    told = weir_test(folder, status=2).stderr
    assert "thumbnails.stories.yaml:3:20: error: " in told and "thumbnails.stories.yaml:6:20: error: " in told
    assert "say it with 'period'" in told and "--" not in told
    stories[1] = stories[1].replace("5s }", "5s, period: 60s }")
    (folder / "thumbnails.stories.yaml").write_text("stories:\n" + stories[1])
    weir_test(folder)
    (folder / "thumbnails.stories.yaml").unlink()
    assert "expected" in weir_test(folder / "thumbnails.yaml", status=2).stderr


def test_a_folder_stands_for_those_below_it(folder):
    told = weir_test("policies/", cwd=lab.ROOT).stdout
    assert "policies/shared-machine/urgent.stories.yaml: " in told and "without stories" not in told
    below = folder / "below"
    below.mkdir()
    for name in ("bulk.yaml", "machine.yaml"):
        (below / name).write_text((ROOT / "policies/shared-machine" / name).read_text())
    assert weir_test(folder).stdout.endswith(f"\nwithout stories: {below}/bulk.yaml\n")
    assert json.loads(weir_test(folder, "--format", "json").stdout)["without"] == [f"{below}/bulk.yaml"]
    assert "the folder holds no stories" in weir_test(below, status=2).stderr


def test_stories_are_no_policies(folder):
    assert "group 'thumbnails' is right" in run(lab.BINARY, "check", folder).stdout
    done = run(lab.BINARY, "check", folder / "thumbnails.stories.yaml", check=False)
    assert done.returncode == 2 and "weir test reads them" in done.stderr


class Loader(yaml.SafeLoader):
    """As an editor reads it: a time is text."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, form) for tag, form in forms if not tag.endswith(":timestamp")]
    for first, forms in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def test_the_schema_takes_what_is_shipped():
    schema = json.loads(run(lab.BINARY, "schema", "--for", "stories").stdout)
    for path in sorted((ROOT / "policies").glob("**/*.stories.yaml")):
        jsonschema.validate(yaml.load(path.read_text(), Loader=Loader), schema)


def test_a_load_tells_only_what_the_source_would(tmp_path):
    policy = """group: mails
queue: { QUEUE: mails }
workers: { process: { command: ["true"] } }
min_size: 0
max_size: 9
alarms:
  old: { metric: oldest_age, statistic: maximum, period: 60s, evaluation_periods: 1, comparison: ">", threshold: 60 }
scaling_policies:
  out: { type: step_scaling, alarm: old, adjustment_type: change_in_capacity, steps: [{ lower: 0, adjustment: 1 }] }
"""
    story = """stories:
  - story: somebody comes for old messages
    load: { generate: ["constant rate=1/min for=10m"], service_time: 20s }
    lasts: 20m
    expect:
      - { at: 10m, desired: "> 0" }
"""
    (tmp_path / "mails.stories.yaml").write_text(story)
    for queue, status in [("embedded", 0), ("sqs", 1)]:
        (tmp_path / "mails.yaml").write_text(policy.replace("QUEUE", queue))
        weir_test(tmp_path / "mails.yaml", status=status)
        done = run(lab.BINARY, "check", tmp_path / "mails.yaml", check=False)
        assert ("'oldest_age' is always missing here" in done.stderr) == (queue == "sqs"), done.stderr
