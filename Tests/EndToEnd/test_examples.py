"""Every file in policies/ is right."""

import lab
import pytest
from lab import ROOT, run

POLICIES = sorted(path for path in (ROOT / "policies").glob("*.yaml") if not path.name.endswith(".stories.yaml"))


def test_there_are_examples():
    assert len(POLICIES) >= 5


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.name)
def test_it_passes_weir_check(path):
    done = run(lab.BINARY, "check", path)
    assert done.stderr == ""


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.name)
def test_it_is_explained(path):
    assert "default_cooldown" in run(lab.BINARY, "check", "--explain", path).stdout
