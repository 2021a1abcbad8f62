"""The image of weir and the compose file, as `make image` and docker-compose make them. Not part of `make test`, as the
image holds a release build: `make test-image`."""

import os
import subprocess

import lab
import pytest
from lab import ROOT, until

pytestmark = pytest.mark.image
COMPOSE = ["docker-compose", "--project-name", "weirtest", "--file", ROOT / "docker/compose.yaml"]


@pytest.fixture
def compose(docker_engine):
    """The composed services, started; at the end nothing of them is left."""
    environment = lab.clean_environment(DOCKER_HOST=docker_engine, DOCKER_SOCKET=docker_engine.removeprefix("unix://"))

    def run(*words, check=True):
        return lab.run(*COMPOSE, *words, environment=environment, check=check, within=120)

    run("up", "--detach")
    yield run
    run("down", "--volumes", "--timeout", "60", check=False)


def test_the_image_is_weir(docker_engine):
    done = lab.run(
        *["docker", "run", "--rm", "--network", "none", "weir", "--version"],
        environment=lab.clean_environment(DOCKER_HOST=docker_engine),
    )
    assert done.stdout == lab.run(lab.BINARY, "--version").stdout


def test_composed_it_does_the_demo(compose):
    def status():
        return compose("exec", "-T", "weir", "weir", "status", check=False).stdout

    # The picture's tiles are sent within seconds, and the fleet goes back to zero when they are drawn.
    until(lambda: "in service 4" in status(), 90, "the fleet grows", every=0.5)
    until(lambda: compose("logs", "weir").stdout.count(" stopped, exit code") == 4, 120, "and goes", every=1)
    assert "was told to stop while it holds" not in compose("logs", "weir").stdout
    assert len(os.listdir("/tmp/weir-demo-tiles")) == 144, "a picture and a story of each tile"
    subprocess.run(["rm", "-rf", "/tmp/weir-demo-tiles"], check=True)
