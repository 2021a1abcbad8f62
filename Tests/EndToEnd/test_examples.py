"""Every file in policies/ is right."""

import lab
import pytest
from lab import POLICIES, run



def test_there_are_examples():
    assert len(POLICIES) >= 5


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.name)
def test_it_passes_weir_check(path):
    done = run(lab.BINARY, "check", path)
    assert done.stderr == ""


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.name)
def test_it_is_explained(path):
    assert "default_cooldown" in run(lab.BINARY, "check", "--explain", path).stdout
