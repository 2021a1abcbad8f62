"""Fixtures: a weir for each test that wants one, and the engines that `make test` starts."""

import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

import lab  # noqa: E402

REQUIRED = os.environ.get("WEIR_TEST_REQUIRE_ENGINES") == "1"


def engine(variable, what):
    """The address of an engine. Without one a test is skipped; where engines are required, it fails."""
    address = os.environ.get(variable)
    if not address:
        (pytest.fail if REQUIRED else pytest.skip)(f"{variable} does not say where {what} is; make e2e starts one")
    return address


@pytest.fixture
def weirs(tmp_path_factory):
    """Makes weirs, and leaves nothing of them behind."""
    made = []

    def make(*policies, **options):
        # Control sockets have a path of 107 bytes at most, and pytest's own folders are named after the test.
        daemon = lab.Weir(tmp_path_factory.mktemp("w"), *policies, **options)
        made.append(daemon)
        return daemon

    make.made = made
    yield make
    for daemon in made:
        daemon.end()


@pytest.fixture(scope="module")
def queues(tmp_path_factory):
    """A weir for the tests of one file that only need its queues; each takes a queue of its own."""
    daemon = lab.Weir(tmp_path_factory.mktemp("w"), lab.policy("idle", lab.sleeping_worker(), out=lab.NEVER)).start()
    yield daemon
    daemon.end()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """A failed test shows what its daemons logged."""
    outcome = yield
    report = outcome.get_result()
    if report.when == "call" and report.failed:
        values = [*item.funcargs.values(), *getattr(item.funcargs.get("weirs"), "made", [])]
        for daemon in {value for value in values if isinstance(value, lab.Weir)}:
            report.sections.append((f"log of {daemon.home}", daemon.log_tail(60)))


@pytest.fixture(scope="session")
def docker_engine():
    return engine("WEIR_TEST_DOCKER", "a Docker engine")


@pytest.fixture(scope="session")
def moto():
    return engine("WEIR_TEST_SQS_ENDPOINT", "moto")
