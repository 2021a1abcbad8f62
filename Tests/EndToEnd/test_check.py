"""Mistakes in policy files: where, what, what was expected, and nothing is started."""

import json

import lab
import pytest
from lab import policy, run


def check(folder, text, name="bad.yaml"):
    (folder / name).write_text(text)
    return run(lab.BINARY, "check", name, check=False, cwd=folder)


GOOD = policy("fine", lab.sleeping_worker())


def test_a_good_file(tmp_path):
    done = check(tmp_path, GOOD, "fine.yaml")
    assert done.returncode == 0 and "fine" in done.stdout and done.stderr == ""


@pytest.mark.parametrize(
    "wrong, right, expected",
    [
        ("min_size:", "min_sise:", ["error: unknown key 'min_sise'", "did you mean 'min_size'?"]),
        ('"period": "1s"', '"period": 1', ["1s"]),
        ("min_size: 0", "min_size: 9", ["'min_size'", "4"]),
        ('"alarm": "fine-out"', '"alarm": "fine-uot"', ["fine-uot", "did you mean 'fine-out'?"]),
        ('"metric": "visible"', '"metric": "visibel"', ["visibel", "did you mean 'visible'?"]),
        ('"process":', '"proces":', ["proces", "did you mean 'process'?"]),
    ],
)
def test_a_mistake_points(tmp_path, wrong, right, expected):
    assert wrong in GOOD
    done = check(tmp_path, GOOD.replace(wrong, right, 1))
    assert done.returncode == 2
    assert done.stdout == ""
    assert "bad.yaml:" in done.stderr and "^" in done.stderr
    for text in expected:
        assert text in done.stderr


def test_all_mistakes_at_once_and_in_all_files(tmp_path):
    (tmp_path / "one.yaml").write_text(GOOD.replace("min_size:", "min_sise:").replace("max_size:", "max_sise:"))
    (tmp_path / "two.yaml").write_text(policy("fine", lab.sleeping_worker()))
    (tmp_path / "three.yaml").write_text(policy("fine", lab.sleeping_worker()))
    done = run(lab.BINARY, "check", ".", check=False, cwd=tmp_path)
    assert done.returncode == 2
    assert "min_sise" in done.stderr and "max_sise" in done.stderr
    assert "two.yaml" in done.stderr and "three.yaml" in done.stderr, "two files with one group name"


def test_nothing_is_started(tmp_path):
    (tmp_path / "good.yaml").write_text(policy("good", lab.sleeping_worker(), min_size=1))
    (tmp_path / "bad.yaml").write_text(GOOD.replace("min_size:", "min_sise:"))
    done = run(lab.BINARY, "run", tmp_path, "--state", tmp_path / "state", "--listen", "127.0.0.1:0", check=False)
    assert done.returncode == 2
    assert "min_sise" in done.stderr
    assert lab.processes_told("WEIR_GROUP", "good") == []


def test_a_file_that_is_not_there(tmp_path):
    done = run(lab.BINARY, "check", tmp_path / "none.yaml", check=False)
    assert done.returncode in (1, 2) and "none.yaml" in done.stderr


def test_the_schema_is_json(tmp_path):
    schema = json.loads(run(lab.BINARY, "schema").stdout)
    assert {"group", "queue", "workers", "alarms", "scaling_policies"} <= set(schema["else"]["properties"])
    assert {"fleet", "max_size"} == set(schema["then"]["properties"])
