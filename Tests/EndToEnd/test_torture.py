"""The promises on the real thing while everything around weir breaks.

A real daemon with its own queue runs boto3 workers as containers of a real engine. Jobs come in, and one seed decides
the blows that fall meanwhile: the daemon, the engine and workers are killed, the engine's process stands still, a
source refuses, hangs or talks nonsense, strangers start containers. Then comes calm, and what was collected is judged:
see torture.py.

    WEIR_TORTURE_SECONDS   how long blows fall; 120 unless said otherwise
    WEIR_TEST_SEED         the seed, to see the same blows again
"""

import contextlib
import json
import os
import random
import signal
import threading
import time

import lab
import pytest
import torture
from botocore.exceptions import BotoCoreError, ClientError
from containers import launcher
from lab import policy, until
from torture import Evidence, TornEngine, TornSource

SECONDS = int(os.environ.get("WEIR_TORTURE_SECONDS") or 120)
# At most this many containers of each group.
WORKERS, GUARDS = 6, 2
QUIET_WORKER = {"image": "busybox:local", "command": ["sleep", "36000"], "network": "none", "pull": "never"}


class Torture:
    """One run: what is tortured, and what is collected."""

    def __init__(self, seed, weir, engine, source, notes):
        self.weir, self.engine, self.source, self.notes = weir, engine, source, notes
        self.evidence = Evidence(maximum={"torn": WORKERS, "guards": GUARDS})
        # Sends have a chance of their own, so that how long they take changes no blow.
        self.chance = random.Random(seed + 1)
        self.jobs = 0
        # Lines that are not made good yet, and what went wrong in making good.
        self.broken = set()
        self.failures = []
        self.engine_is_away = False
        self.suspects = {}
        self.began = time.monotonic()
        self.next_sample = 0
        self.sqs = weir.client(read_timeout=2)
        self.url = self.sqs.create_queue(QueueName="torn")["QueueUrl"]
        # Jobs are sent also while weir is being killed: some arrive although nobody is told so.
        self.is_calm = threading.Event()

    @property
    def now(self):
        return time.monotonic() - self.began

    # Blows

    def fall(self, blow):
        print(f"{self.now:6.1f} s  {blow}", flush=True)
        getattr(self, "blow_" + blow.kind.translate(str.maketrans(" ", "_", "-,'")))(blow)

    def later(self, blow, work):
        """Makes it good when its time is over, beside everything else; its line is broken until then."""
        line = torture.LINES[blow.kind]

        def make_good():
            try:
                work()
            except BaseException as error:
                self.failures.append(error)
            self.broken.discard(line)

        self.broken.add(line)
        threading.Timer(blow.lasts, make_good).start()

    def blow_kill_9_weir(self, blow):
        self.note_totals()
        self.weir.kill9()
        self.later(blow, self.weir.start)

    def blow_kill_9_dockerd(self, blow, lives_on=False):
        self.engine_is_away = True
        self.engine.kill9()
        self.later(blow, lambda: self.engine_starts(lives_on))

    def blow_kill_9_dockerd_containers_live_on(self, blow):
        self.blow_kill_9_dockerd(blow, lives_on=True)

    def engine_starts(self, lives_on):
        self.engine.start(lives_on)
        self.engine_is_away = False

    def blow_kill_9_containerd(self, _):
        # The engine starts another one.
        self.engine.kill9("containerd")

    def blow_stop_the_engines_process(self, blow):
        self.engine_is_away = True
        self.engine.signal(signal.SIGSTOP)
        self.later(blow, self.engine_goes_on)

    def engine_goes_on(self):
        self.engine.signal(signal.SIGCONT)
        self.engine_is_away = False

    def blow_kill_a_worker(self, blow, share=None):
        """Its processes, which works also when the engine is away."""
        instances = sorted(self.processes())
        wanted = len(instances) * share if share else 1
        for _ in range(int(wanted)):
            if instances:
                instance = instances.pop(int(blow.choice * len(instances)))
                # Noted first: what comes after it may already be seen.
                self.evidence.killed.add(instance)
                for pid in self.processes().get(instance, []):
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)

    def blow_kill_half_of_the_workers(self, blow):
        self.blow_kill_a_worker(blow, share=0.5)

    def blow_source_refuses(self, blow):
        self.source.trouble_begins(blow.kind)
        self.later(blow, self.source.trouble_ends)

    blow_source_hangs = blow_source_talks_nonsense = blow_source_refuses

    def blow_a_foreign_container(self, blow):
        number = len(self.evidence.foreign)
        # One that only has a similar name; one with weir's labels and the fleet of another weir; one with nothing.
        disguise = [
            ["--name", f"weir-torn-i-{number:017x}"],
            ["--label=weir.group=torn", "--label=weir.fleet=ffffffffffffffff", f"--label=weir.instance=i-{number}"],
            [],
        ][number % 3]
        words = ["create", *disguise, "--network", "none", "busybox:local", "sleep", "36000"]
        [container] = self.engine.docker(*words)
        self.evidence.foreign.add(container)
        # Without containerd nothing starts; whether this one runs does not matter.
        self.engine.docker("start", container, check=False)

    # What goes on beside

    def processes(self):
        """Ids of the processes of each worker that runs, seen from outside of any engine."""
        return lab.instances_told("AWS_ENDPOINT_URL", self.weir.endpoint)

    def send_on(self):
        """Batches, one after the other, until the calm."""
        while not self.is_calm.wait(self.chance.uniform(1, 5)):
            self.send()

    def send(self):
        entries = []
        for _ in range(self.chance.randint(6, 10)):
            seconds = self.chance.uniform(6, 9) if self.chance.random() < 0.05 else self.chance.uniform(0.2, 2)
            entries.append({"Id": str(self.jobs), "MessageBody": json.dumps({"job": self.jobs, "seconds": seconds})})
            self.jobs += 1
        numbers = {int(entry["Id"]) for entry in entries}
        try:
            answer = self.sqs.send_message_batch(QueueUrl=self.url, Entries=entries)
            sent = {int(entry["Id"]) for entry in answer["Successful"]}
        except (BotoCoreError, ClientError):
            sent = set()
        self.evidence.sent |= sent
        self.evidence.unsure |= numbers - sent

    def note_totals(self):
        with contextlib.suppress(OSError):
            for group in self.evidence.maximum:
                self.evidence.busy_terminations += self.weir.metric("weir_busy_terminations_total", group=group) or 0

    def known(self):
        """The instances that `weir status` shows; None when weir does not answer."""
        groups = torture.ask(self.weir.state / "weir.sock", "/v1/groups")
        return None if groups is None else {each["id"] for group in groups for each in group["instances"]}

    def sample(self):
        before = self.known()
        listed = None if self.engine_is_away else self.engine.containers()
        after = self.known()
        if listed is None:
            return
        fleet = self.weir.state.joinpath("fleet").read_text().strip()
        ours = [each for each in listed if each["Labels"].get("weir.fleet") == fleet]
        sizes = dict.fromkeys(self.evidence.maximum, 0)
        running = set()
        for each in ours:
            group = each["Labels"]["weir.group"]
            self.evidence.containers[each["Id"]] = group
            if each["State"] == "running":
                sizes[group] += 1
                running.add(each["Labels"]["weir.instance"])
        self.evidence.sizes.append((time.time(), sizes))
        if before is None or after is None:
            return
        # Status and list are never of the same moment, so it takes three in a row.
        self.suspects = {each: self.suspects.get(each, 0) + 1 for each in running - before - after}
        self.evidence.unmeant |= {each for each, times in self.suspects.items() if times >= 3}

    def beside(self):
        """What is due beside the blows."""
        if self.failures:
            raise self.failures[0]
        if self.now >= self.next_sample:
            self.sample()
            self.next_sample = self.now + 0.5

    # The run

    def storm(self, blows):
        self.began = time.monotonic()
        sender = threading.Thread(target=self.send_on)
        sender.start()
        try:
            self.strike(blows)
        finally:
            self.is_calm.set()
            sender.join()
            # Whatever happened: nothing is started behind the back of those who clean up.
            until(lambda: not self.broken, 90, "all is made good")

    def strike(self, blows):
        for blow in blows:
            line = torture.LINES.get(blow.kind)
            until(
                lambda: self.beside() or self.now >= blow.at and line not in self.broken,
                60 + blow.at,
                f"{blow.kind} is due, and what it breaks is whole",
                every=0.02,
            )
            self.fall(blow)
        until(lambda: self.beside() or self.now >= SECONDS and not self.broken, 60 + SECONDS, "the storm is over")
        self.beside()

    def settled(self):
        self.sample()
        depth = lab.Queue(self.sqs, self.url).depth()
        groups = self.weir.groups()
        return depth == (0, 0, 0) and all(not g["instances"] and g["desired_capacity"] == 0 for g in groups)

    def calm(self):
        """Nothing bad happens any more, and an operator says that launches may be tried at once."""
        print(f"{self.now:6.1f} s  calm", flush=True)
        self.evidence.calm = time.time()
        self.source.waiting = 0
        for group in self.evidence.maximum:
            self.weir.weir("resume", group)
        began = self.now
        until(self.settled, 180, "everything is done and nobody is left", every=0.5)
        print(f"{self.now:6.1f} s  settled, {self.now - began:.0f} s after the calm began", flush=True)

    def left(self, listed):
        ours = (each for each in listed if each["Id"] not in self.evidence.foreign and "weir.fleet" in each["Labels"])
        return [each["Names"][0] for each in ours]

    def judge(self):
        evidence = self.evidence
        self.note_totals()
        evidence.depth = lab.Queue(self.sqs, self.url).depth()
        # What is left of the last one is removed a moment after it is not shown any more.
        with contextlib.suppress(AssertionError):
            until(lambda: not self.left(self.engine.containers(within=10)), 15, "every container is removed")
        listed = self.engine.containers(within=10)
        evidence.left = self.left(listed)
        evidence.foreign_left = {each["Id"] for each in listed} & evidence.foreign
        evidence.journal = lab.events(self.notes)
        evidence.restarts = self.engine.restarts
        evidence.calls = self.engine.calls()
        evidence.weir_log = self.weir.log_text()
        return torture.check(evidence, "guards")


@pytest.fixture
def torn(weirs, docker_engine, tmp_path, tmp_path_factory):
    """Makes a run of which nothing is left behind."""
    made = []

    def make(seed):
        notes = tmp_path / "notes"
        notes.mkdir()
        engine = TornEngine(tmp_path_factory.mktemp("e"), docker_engine)
        made.append(engine.end)
        source = TornSource(waiting=5)
        made.append(source.close)
        section = launcher(engine.address, "torn", notes)
        section["docker"]["command"] = ["/worker/venv/bin/python", "/workers/torn.py"]
        weir = weirs(
            policy(
                "torn",
                section,
                max_size=WORKERS,
                # As eager to scale in as can be: as soon as nothing waits, however many are at work.
                into=lab.AGGRESSIVE,
                stop_timeout="20s",
                source={"embedded": {"queue": "torn", "visibility_timeout": "20s"}},
            ),
            policy(
                "guards",
                {"docker": {**QUIET_WORKER, "host": engine.address}},
                max_size=GUARDS,
                stop_timeout="1s",
                source={"http": {"url": source.url, "visible": "/waiting", "timeout": "2s"}},
                into=(lab.alarm("visible", "<=", 0), lab.exactly(0)),
            ),
        ).start()
        return Torture(seed, weir, engine, source, notes)

    yield make
    for end in reversed(made):
        end()


@pytest.mark.torture
def test_the_promises_hold_while_everything_breaks(torn):
    seed = int(os.environ.get("WEIR_TEST_SEED") or random.randrange(2**32))
    print(f"seed {seed}, {SECONDS} s", flush=True)
    run = torn(seed)
    run.storm(torture.script(seed, SECONDS))
    run.calm()
    violations = run.judge()
    evidence = run.evidence
    received = [event for event in evidence.journal if event["event"] == "received"]
    print(
        f"{len(evidence.sent)} jobs acknowledged, {len(evidence.unsure)} of which nobody knows;"
        f" {len(received)} deliveries;"
        f" {len(evidence.containers)} containers, {len(evidence.killed)} killed; {len(evidence.foreign)} foreign;"
        f" {len(evidence.sizes)} samples, at most {max(sizes['torn'] for _, sizes in evidence.sizes)} at once;"
        f" {len(evidence.calls)} calls that change something",
        flush=True,
    )
    assert violations == [], f"seed {seed}:\n" + "\n".join(violations)
    # What was collected is enough to be judged by.
    assert len(evidence.sent) > SECONDS, "there was work"
    assert len(evidence.sizes) > SECONDS / 4, "there were looks at the engine"
    assert all(event["container"] for event in evidence.journal if event["event"] == "started")
    stops = [path for _, _, path in evidence.calls if "/stop" in path]
    assert stops, "weir stopped workers that had nothing to do, and the engine wrote it down"
