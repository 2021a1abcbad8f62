"""`make demo`, with processes and with containers: it ends by itself, in time, and nobody busy was stopped."""

import re
import time

import lab
import pytest
from lab import ROOT


@pytest.mark.parametrize("launcher", ["process", "docker"])
def test_the_demo(launcher, docker_engine):
    began = time.monotonic()
    done = lab.run(
        lab.PYTHON,
        ROOT / "scripts/demo.py",
        "--launcher",
        launcher,
        "--weir",
        lab.BINARY,
        environment=lab.clean_environment(DOCKER_HOST=docker_engine),
        within=240,
    )
    print(done.stdout)
    sent, finished = map(int, re.search(r"messages +(\d+) in, (\d+) done, 0 delivered more", done.stdout).groups())
    assert sent == finished > 0
    assert int(re.search(r"peak instances +(\d+)", done.stdout)[1]) > 1
    assert "busy instances stopped: 0" in done.stdout
    assert re.search(r"ALARM", done.stdout)
    print(f"{time.monotonic() - began:.0f} s")
