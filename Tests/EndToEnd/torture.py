"""What the torture test is made of: a script of blows that one seed decides, an engine that can be killed, a source
that refuses and hangs, and what is collected while the blows fall.

What weir did is not asked of weir: the engine writes every call of its API into its log, and the workers keep journals.
"""

import contextlib
import dataclasses
import http.client
import http.server
import json
import os
import random
import re
import signal
import socket
import subprocess
import threading
import time
from datetime import datetime
from pathlib import Path

import lab
from lab import until

START, STOP = lab.ROOT / "scripts/start-docker", lab.ROOT / "scripts/stop-docker"


@dataclasses.dataclass(frozen=True)
class Blow:
    """Something bad, `at` seconds after the beginning, that is made good again `lasts` seconds later.

    `choice` from 0 to 1 is for whoever has to choose among what is there when the blow falls.
    """

    at: float
    kind: str
    lasts: float = 0
    choice: float = 0

    def __str__(self):
        return self.kind + (f" for {self.lasts:.1f} s" if self.lasts else "")


# How often each falls, in proportion, and how long it may last. Seconds.
BLOWS = {
    "kill -9 weir": (6, (0, 3)),
    "kill -9 dockerd": (2, (0, 4)),
    "kill -9 dockerd, containers live on": (2, (0, 4)),
    "kill -9 containerd": (1, None),
    "stop the engine's process": (3, (1, 14)),
    "kill a worker": (5, None),
    "kill half of the workers": (1, None),
    "source refuses": (2, (1, 10)),
    "source hangs": (2, (1, 10)),
    "source talks nonsense": (2, (1, 10)),
    "a foreign container": (2, None),
}
# What cannot fall while another of its line is not made good.
LINES = {
    "kill -9 weir": "weir",
    "kill -9 dockerd": "engine",
    "kill -9 dockerd, containers live on": "engine",
    "kill -9 containerd": "engine",
    "stop the engine's process": "engine",
    "a foreign container": "engine",
    "source refuses": "source",
    "source hangs": "source",
    "source talks nonsense": "source",
}


def script(seed, seconds):
    """The blows of one run, in their order: the same for the same seed."""
    chance = random.Random(seed)
    kinds, weights = list(BLOWS), [weight for weight, _ in BLOWS.values()]
    # Each kind once, and then as chance has it.
    upcoming = chance.sample(kinds, len(kinds))
    blows, at, free = [], 2.0, {}
    while at < seconds:
        kind = upcoming.pop() if upcoming else chance.choices(kinds, weights)[0]
        between = BLOWS[kind][1]
        lasts = chance.uniform(*between) if between else 0
        line = LINES.get(kind)
        start = max(at, free.get(line, 0))
        if line:
            # An engine takes a moment to come back.
            free[line] = start + lasts + (5 if line == "engine" else 1)
        blows.append(Blow(start, kind, lasts, chance.random()))
        at += chance.uniform(0.2, 1) if chance.random() < 0.25 else chance.uniform(1, 5)
    return sorted((blow for blow in blows if blow.at + blow.lasts < seconds), key=lambda blow: blow.at)


# The engine


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path, timeout):
        super().__init__("docker", timeout=timeout)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


def ask(path, question, within=2):
    """JSON from a unix socket; None when nobody answers in time."""
    connection = UnixConnection(str(path), within)
    try:
        connection.request("GET", question)
        answer = connection.getresponse()
        return json.loads(answer.read()) if answer.status == 200 else None
    except (OSError, http.client.HTTPException, ValueError):
        return None
    finally:
        connection.close()


class TornEngine:
    """An engine of one's own, which may be killed and stopped. It logs every call of its API."""

    def __init__(self, home, images_of):
        self.home = Path(home)
        self.home.mkdir(parents=True, exist_ok=True)
        # Times at which containers may have been ended by an engine that started.
        self.restarts = []
        self.start()
        with subprocess.Popen(
            ["docker", "save", "weir-tiles-worker", "busybox:local"],
            stdout=subprocess.PIPE,
            env=lab.clean_environment(DOCKER_HOST=images_of),
        ) as save:
            subprocess.run(
                ["docker", "load"], stdin=save.stdout, env=self.environment(), check=True, capture_output=True
            )

    @property
    def run(self):
        return (self.home / "run").resolve()

    @property
    def socket(self):
        return self.run / "docker.sock"

    @property
    def address(self):
        return f"unix://{self.socket}"

    def environment(self):
        return lab.clean_environment(DOCKER_HOST=self.address)

    def docker(self, *words, check=True):
        return lab.run("docker", *words, environment=self.environment(), check=check).stdout.split()

    def start(self, lives_on=False):
        """Returns when it answers. Containers of the one before are ended by it, unless they live on."""
        log = self.home / "dockerd.log"
        if log.exists():
            log.rename(self.home / f"dockerd-{len(self.restarts)}.log")
        began = time.time()
        # The setting counts for the engine that finds the containers.
        options = ["--debug", *(["--live-restore"] if lives_on else [])]
        lab.run(START, self.home, *options, within=120)
        self.restarts.append((began, time.time(), lives_on))

    def pid(self, program):
        path = {"dockerd": "dockerd.pid", "containerd": "exec/containerd/containerd.pid"}[program]
        return int((self.run / path).read_text())

    def kill9(self, program="dockerd"):
        pid = self.pid(program)
        # The engine may not have started another containerd yet.
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        until(lambda: not Path(f"/proc/{pid}").exists(), 10, f"{program} is gone")

    def signal(self, number):
        os.kill(self.pid("dockerd"), number)

    def containers(self, within=2):
        """All containers, also ended ones, as the API lists them; None when it does not answer."""
        return ask(self.socket, "/containers/json?all=1", within)

    def calls(self):
        """Every call of its API that could change something: (when, method, path), oldest first."""
        call = re.compile(r'^time="([^"]+)" .*msg="Calling (POST|DELETE) (?:/v[\d.]+)?(/[^ "]+)"')
        found = []
        for path in self.home.glob("dockerd*.log"):
            for line in path.read_text(errors="replace").splitlines():
                if match := call.match(line):
                    found.append((moment(match[1]), match[2], match[3]))
        return sorted(found)

    def end(self):
        with contextlib.suppress(OSError, ValueError):
            self.signal(signal.SIGCONT)
        lab.run(STOP, self.home, "--purge", check=False, within=120)


def moment(text):
    """Seconds since 1970 of an RFC 3339 time with nanoseconds."""
    return datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", text.replace("Z", "+00:00"))).timestamp()


# The source


class TornSource:
    """An endpoint that tells `waiting`, or refuses connections, or hangs, or talks nonsense."""

    def __init__(self, waiting):
        self.port, self.waiting, self.trouble, self.server = lab.free_port(), waiting, None, None
        self.released = threading.Event()
        self.url = f"http://127.0.0.1:{self.port}/depth"
        self.open()

    def open(self):
        source = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                body = json.dumps({"waiting": source.waiting}).encode()
                if source.trouble == "source hangs":
                    source.released.wait(30)
                if source.trouble == "source talks nonsense":
                    body = b'{"waiting": "'
                with contextlib.suppress(OSError):
                    self.send_response(200)
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def close(self):
        self.released.set()
        if self.server:
            self.server.shutdown()
            self.server.server_close()
            self.server = None

    def trouble_begins(self, kind):
        self.trouble = kind
        self.released.clear()
        if kind == "source refuses":
            self.close()

    def trouble_ends(self):
        self.trouble = None
        self.released.set()
        if not self.server:
            self.open()


# What is collected


@dataclasses.dataclass
class Evidence:
    """All that is known of a run when it is over. Times are seconds since 1970."""

    # Numbers of jobs: whose send was acknowledged, and those of which nobody knows whether they arrived.
    sent: set = dataclasses.field(default_factory=set)
    unsure: set = dataclasses.field(default_factory=set)
    # The workers' journals: events in their order, each with its worker.
    journal: list = dataclasses.field(default_factory=list)
    # Instances whose processes were killed from here.
    killed: set = dataclasses.field(default_factory=set)
    # When engines were starting: (from, to, containers live on).
    restarts: list = dataclasses.field(default_factory=list)
    # Calls of the engine's API that could change something: (when, method, path).
    calls: list = dataclasses.field(default_factory=list)
    # Ids of containers: of groups, as far as they were seen, and foreign ones.
    containers: dict = dataclasses.field(default_factory=dict)
    foreign: set = dataclasses.field(default_factory=set)
    # Foreign containers that are there in the end.
    foreign_left: set = dataclasses.field(default_factory=set)
    # At sampled moments: (when, {group: containers at work}).
    sizes: list = dataclasses.field(default_factory=list)
    maximum: dict = dataclasses.field(default_factory=dict)
    # Instances that ran again and again while weir knew nothing of them.
    unmeant: set = dataclasses.field(default_factory=set)
    # When the calm began.
    calm: float = 0
    # What is left in the end: messages (visible, in flight, delayed) and containers of weir.
    depth: tuple = (0, 0, 0)
    left: list = dataclasses.field(default_factory=list)
    busy_terminations: int = 0
    weir_log: str = ""


# For so long after an engine answers again it may still be ending the containers that it found.
ENDING_SECONDS = 15
# Weir's call arrives before the signal: the clock is the same, the log is written at once.
SIGNAL_SECONDS = 0.5


def ended(journal):
    """Each worker's events, oldest first."""
    workers = {}
    for event in journal:
        workers.setdefault(event["worker"], []).append(event)
    return workers


def ended_by_engine(evidence, last):
    """An engine that starts says of containers that they have ended, and ends them some seconds later."""
    return any(
        not lives_on and began <= last["at"] <= answered + ENDING_SECONDS
        for began, answered, lives_on in evidence.restarts[1:]
    )


def check_messages(evidence):
    """No acknowledged message is lost, none done that was not sent, none done again but for a reason from outside."""
    done = {}
    received = {}
    for event in evidence.journal:
        if event["event"] == "deleted":
            done[event["job"]] = done.get(event["job"], 0) + 1
        if event["event"] == "received":
            received.setdefault(event["job"], []).append(event["worker"])
    finished = {event["job"] for event in evidence.journal if event["event"] == "deleting"}
    for job in sorted(evidence.sent - finished):
        yield f"job {job} was acknowledged and never done"
    for job in sorted(finished - evidence.sent - evidence.unsure):
        yield f"job {job} was done and never sent"
    for job, times in sorted(done.items()):
        if times > 1:
            yield f"the end of job {job} was acknowledged {times} times"
    # Every delivery but the last was to somebody who died with it.
    workers = ended(evidence.journal)
    for job, takers in sorted(received.items()):
        for taker in takers[:-1]:
            last = workers[taker][-1]
            died_with_it = last["event"] in ("received", "deleting", "told to stop") and last["job"] == job
            if not died_with_it and not ended_by_engine(evidence, last):
                yield f"job {job} was delivered again while worker {taker} had it and was alive"
    if evidence.depth != (0, 0, 0):
        yield f"messages are left: {evidence.depth}"


def check_busy(evidence):
    """Nobody is stopped by weir in the middle of a message; who was stopped, was stopped by somebody we know."""
    # Removing kills and does not ask; so whoever was asked, was not asked by that.
    stops, takers = {}, {}
    for event in evidence.journal:
        if event["event"] == "received":
            takers.setdefault(event["job"], []).append(event["worker"])
    for when, _, path in evidence.calls:
        if match := re.match(r"/containers/([^/?]+)(/stop|/kill|/restart)", path):
            stops.setdefault(match[1], []).append(when)
    for worker, events in sorted(ended(evidence.journal).items()):
        first, last = events[0], events[-1]
        instance, container = first.get("instance"), first.get("container")
        if last["event"] == "told to stop":
            by_weir = any(when <= last["at"] + SIGNAL_SECONDS for when in stops.get(container, []))
            by_engine = any(
                began <= last["at"] <= answered + ENDING_SECONDS for began, answered, _ in evidence.restarts
            )
            if by_weir and last["doing"] == "working":
                yield f"{instance} was stopped by weir in the middle of job {last['job']}"
            # Its work was done; that is harmless if its delete had arrived, and only the answer was under way.
            if by_weir and last["doing"] == "deleting" and takers[last["job"]][-1] != worker:
                yield f"{instance} was stopped by weir before job {last['job']} was deleted, and it was done again"
            if not by_weir and not by_engine:
                yield f"{instance} was told to stop, and nobody knows by whom"
        elif last["event"] in ("received", "deleting"):
            # Killed in the middle of it.
            by_engine = any(last["at"] <= answered + ENDING_SECONDS for _, answered, _ in evidence.restarts[1:])
            if instance not in evidence.killed and not by_engine:
                yield f"{instance} died in the middle of job {last['job']}, and nobody knows why"
    if evidence.busy_terminations:
        yield f"weir_busy_terminations_total was {evidence.busy_terminations}"
    if "was told to stop while it holds" in evidence.weir_log:
        yield "weir's log says that a busy instance was told to stop"


def check_source(evidence, group):
    """A source that is away, or talks nonsense, stops nobody: until the calm it never says that nothing waits."""
    for when, _, path in evidence.calls:
        match = re.match(r"/containers/([^/?]+)/(stop|kill)", path)
        if match and evidence.containers.get(match[1]) == group and when < evidence.calm:
            yield f"container {match[1][:12]} of '{group}' was told to {match[2]} while work waited"


# A launch whose answer was lost comes up beside its replacement; then one of them finishes its work and goes, as
# soon as the engine can be asked. Unit: seconds.
LONGEST_SURPLUS = 30


def check_containers(evidence):
    """More than the maximum never for long, none that weir did not mean, none left."""
    since = {}
    for when, sizes in evidence.sizes:
        for group, size in sorted(sizes.items()):
            if size <= evidence.maximum[group]:
                since.pop(group, None)
            elif when - since.setdefault(group, when) > LONGEST_SURPLUS:
                yield f"{size} containers of '{group}' at {when:.1f}, {evidence.maximum[group]} are the maximum"
    for instance in sorted(evidence.unmeant):
        yield f"{instance} ran, and weir did not know it"
    for container in evidence.left:
        yield f"container {container} is left"


def check_foreign(evidence):
    """What weir did not launch is there, and weir never asked the engine to change it."""
    for container in sorted(evidence.foreign - evidence.foreign_left):
        yield f"foreign container {container[:12]} is gone"
    for _, method, path in evidence.calls:
        match = re.match(r"/containers/([^/?]+)(/stop|/kill|/pause|/unpause|/restart|\?|$)", path)
        if match and match[1] in evidence.foreign:
            yield f"{method} {path} for a foreign container"


def check(evidence, source_group):
    return [
        *check_messages(evidence),
        *check_busy(evidence),
        *check_source(evidence, source_group),
        *check_containers(evidence),
        *check_foreign(evidence),
    ]
