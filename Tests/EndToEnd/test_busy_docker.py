"""The promise: work that has begun is not interrupted by a scale-in, whatever happens to weir meanwhile.

boto3 workers that know nothing of weir run in containers on a real engine, under a policy that scales in as soon as
nothing waits, however many are at work. Messages come in waves, so that the fleet is told to shrink while it is busy,
and to grow again before it has shrunk. The workers note each delivery, and the engine tells of every container.
"""

import collections
import os
import random
import re
import time

import lab
import pytest
from containers import Engine, launcher, told
from lab import policy, until

@pytest.fixture
def fleet(weirs, docker_engine, tmp_path):
    """Makes a weir whose workers are containers, and the record of its engine."""
    engines = []

    def make(group, most, work_seconds):
        notes = tmp_path / "notes"
        notes.mkdir()
        text = policy(
            group,
            launcher(docker_engine, group, notes, work_seconds),
            max_size=most,
            into=lab.AGGRESSIVE,
            stop_timeout="60s",
            source={"embedded": {"queue": group, "visibility_timeout": "60s"}},
        )
        engine = Engine(docker_engine, group, tmp_path)
        engines.append(engine)
        weir = weirs(text).start()
        weir.notes, weir.engine = notes, engine
        return weir

    yield make
    for engine in engines:
        engine.end()


def check_the_promise(weir, group, sent, most):
    """What the workers noted, what the engine told, what the queue holds."""
    deliveries = collections.Counter(noted["message"] for noted in told(weir, "received"))
    assert set(deliveries) == set(sent), "every message was delivered"
    assert {m: n for m, n in deliveries.items() if n > 1} == {}, "no message was delivered twice"
    assert {noted["message"] for noted in told(weir, "deleting")} == set(sent), "and every one was done"
    assert [
        noted for noted in told(weir, "told to stop") if noted["holding"]
    ] == [], "nobody was stopped with one in hand"
    assert "was told to stop while it holds" not in weir.log_text()

    until(lambda: weir.is_at_zero(group), 60, "the fleet is gone")
    until(lambda: weir.engine.containers() == [], 30, "and no container is left")
    assert weir.queue(group).depth() == (0, 0, 0)

    created, died = weir.engine.events("create"), weir.engine.events("die")
    instances = [event["Actor"]["Attributes"]["weir.instance"] for event in created]
    assert len(instances) == len(set(instances)), "no instance was launched twice"
    until(lambda: len(weir.engine.events("destroy")) == len(created), 10, "the engine has told everything")
    codes = collections.Counter(event["Actor"]["Attributes"]["exitCode"] for event in died)
    assert set(codes) <= {"0"}, f"every worker ended by itself when it was asked: {codes}"

    running = peak = 0
    for event in sorted([*weir.engine.events("start"), *died], key=lambda event: event["timeNano"]):
        running += 1 if event["Action"] == "start" else -1
        peak = max(peak, running)
    print(f"{len(sent)} jobs, {len(created)} containers, at most {peak} at once")
    assert running == 0
    assert peak <= most, "never more than the maximum at once"
    scale_ins = len(re.findall(r"desired \d+ → 0", weir.log_text()))
    print(f"told to shrink to nothing {scale_ins} times")
    assert scale_ins > 1, "it was told to shrink while it had work, not only at the end"


def test_no_worker_is_interrupted(fleet):
    weir = fleet("calm", most=8, work_seconds=4)
    queue, sent = weir.queue("calm"), []
    for wave in range(4):
        sent += queue.send_many([f"{wave}-{number}" for number in range(10)])
        until(lambda: queue.depth()[0] == 0, 60, "the wave is taken up")
        until(lambda: weir.group("calm")["desired_capacity"] == 0, 10, "and now nobody is wanted any more")
    until(lambda: queue.depth() == (0, 0, 0), 60, "all is done")
    assert weir.group("calm")["totals"]["busy_terminations"] == 0
    check_the_promise(weir, "calm", sent, most=8)


def test_no_worker_is_interrupted_though_weir_is_killed_fifty_times(fleet):
    seed = int(os.environ.get("WEIR_TEST_SEED") or random.randrange(2**32))
    print(f"seed {seed}")
    chance, jobs, most, kills_wanted = random.Random(seed), 200, 24, 50
    weir = fleet("storm", most=most, work_seconds=20)
    queue, sent, kills = weir.queue("storm"), [], 0
    began = time.monotonic()
    next_kill = began + 3
    next_wave = began
    while True:
        now = time.monotonic()
        assert now - began < 420, f"not done in time; seed {seed}"
        if now >= next_wave and len(sent) < jobs:
            sent += queue.send_many(
                [str(len(sent) + number) for number in range(min(chance.randint(8, 16), jobs - len(sent)))]
            )
            next_wave = now + chance.uniform(6, 16)
        if now >= next_kill and kills < kills_wanted:
            weir.kill9()
            weir.start()
            kills += 1
            # Mostly a few seconds apart, now and then before the start is over.
            next_kill = time.monotonic() + (
                chance.uniform(0, 0.3) if chance.random() < 0.2 else chance.uniform(0.5, 6.5)
            )
        if len(sent) == jobs and kills == kills_wanted and queue.depth() == (0, 0, 0):
            break
        time.sleep(0.02)
    print(f"{kills} kills, {time.monotonic() - began:.0f} s")
    check_the_promise(weir, "storm", sent, most)
