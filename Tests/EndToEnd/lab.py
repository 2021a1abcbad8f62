"""What the end-to-end tests are made of: a weir of one's own, its clients, policies, and patience."""

import configparser
import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import textwrap
import time
import urllib.request
from pathlib import Path

import boto3
from botocore.config import Config

ROOT = Path(__file__).resolve().parents[2]
# The policies that are shipped, without the stories beside them.
POLICIES = sorted(path for path in (ROOT / "policies").glob("*.yaml") if not path.name.endswith(".stories.yaml"))
HERE = Path(__file__).resolve().parent
WORKERS = HERE / "workers"
PYTHON = ROOT / ".build-venv/bin/python"
BINARY = Path(os.environ.get("WEIR_TEST_BINARY", ROOT / ".build/debug/weir"))
REGION = "us-east-1"


def until(look, within, because, every=0.05):
    """The first answer of `look` that is true. Looks again and again, and gives up after `within` seconds."""
    deadline = time.monotonic() + within
    while True:
        answer = look()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within} s: {because}; last seen: {answer!r}")
        time.sleep(every)


def always(look, during, because, every=0.1):
    """`look` is true each time, for `during` seconds: for what must not happen."""
    deadline = time.monotonic() + during
    while time.monotonic() < deadline:
        assert look(), f"did not stay so for {during} s: {because}"
        time.sleep(every)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def clean_environment(**more):
    """This process's environment without anything of AWS or weir, and with `more`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "WEIR_"))}
    # No other source of credentials or settings than what a test says.
    kept |= {
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    return kept | {name: str(value) for name, value in more.items()}


def run(*words, environment=None, check=True, within=60, cwd=ROOT):
    """A program that ends by itself."""
    done = subprocess.run(
        [str(word) for word in words],
        env=environment or clean_environment(),
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=within,
        stdin=subprocess.DEVNULL,
    )
    if check and done.returncode != 0:
        raise AssertionError(f"{' '.join(map(str, words))} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done


def client(service, endpoint, key="test", secret="test", retries=0, read_timeout=60):
    """A boto3 client that asks nobody but `endpoint`, and by default does not hide failures by trying again."""
    return boto3.session.Session(aws_access_key_id=key, aws_secret_access_key=secret, region_name=REGION).client(
        service,
        endpoint_url=endpoint,
        config=Config(
            retries={"total_max_attempts": retries + 1, "mode": "standard"},
            read_timeout=read_timeout,
            max_pool_connections=32,
        ),
    )


def policy(group, workers, source=None, poll_interval="1s", out=None, into=None, **settings):
    """A policy file: `workers` is the launcher's section, `out` and `into` an alarm and a scaling policy each.

    By default it is eager: the maximum as soon as a message waits, and nobody when none waits and none is in flight.
    """
    settings = {"min_size": 0, "max_size": 4, "default_cooldown": "1s", **settings}
    about_workers = {
        key: settings.pop(key)
        for key in ("warmup", "stop_timeout", "concurrency", "health_check_grace_period")
        if key in settings
    }
    alarms, scaling = {}, {}
    out = out or (alarm("visible", ">=", 1), all_hands(settings["max_size"]))
    for name, (condition, action) in {"out": out, "in": into or ALL_DONE}.items():
        alarms[f"{group}-{name}"] = condition
        scaling[f"{group}-{name}"] = {"alarm": f"{group}-{name}", **action}
    sections = {
        "queue": {**(source or {"embedded": group}), "poll_interval": poll_interval},
        "workers": {**workers, "warmup": "0s", "stop_timeout": "10s", **about_workers},
        **settings,
        "alarms": alarms,
        "scaling_policies": scaling,
    }
    # Each value as JSON, which is YAML too.
    return f"group: {group}\n" + "".join(f"{key}: {json.dumps(value)}\n" for key, value in sections.items())


def fleet(name, max_size):
    """The file of a limit that groups share."""
    return f"fleet: {name}\nmax_size: {max_size}\n"


def alarm(metric, comparison, threshold, periods=1, period="1s", **more):
    return {
        "metric": metric,
        "statistic": "maximum",
        "period": period,
        "evaluation_periods": periods,
        "comparison": comparison,
        "threshold": threshold,
        **more,
    }


def all_hands(most):
    """Everybody at once: an alarm that stays in ALARM is asked again only after a minute, which a test cannot wait."""
    steps = [{"lower": 0, "adjustment": most}]
    return {"type": "step_scaling", "adjustment_type": "exact_capacity", "steps": steps}


def exactly(capacity, cooldown="1s"):
    return {"type": "simple_scaling", "adjustment_type": "exact_capacity", "adjustment": capacity, "cooldown": cooldown}


ALL_DONE = (alarm("outstanding", "<=", 0, periods=2), exactly(0))


def as_usual(most):
    """`out` and `into` for groups that are measured as often as by default: every ten seconds."""
    return {
        "out": (alarm("visible", ">=", 1, period="10s"), all_hands(most)),
        "into": (alarm("outstanding", "<=", 0, period="10s"), exactly(0)),
    }


NEVER = (alarm("visible", ">=", 1_000_000_000), exactly(0))
# Scales in as soon as nothing waits, however many are at work.
AGGRESSIVE = (alarm("visible", "<=", 0), exactly(0))


def noting_worker(queue, notes, work_seconds=1, **environment):
    """Workers as processes of this machine that note what happens to them."""
    Path(notes).mkdir(parents=True, exist_ok=True)
    variables = {"QUEUE": queue, "NOTES": str(notes), "WORK_SECONDS": str(work_seconds), **environment}
    return {"process": {"command": [str(PYTHON), str(WORKERS / "noting.py")], "environment": variables}}


def sleeping_worker(seconds=3600):
    """Workers that do nothing, for groups whose size is all that matters."""
    return {"process": {"command": ["sleep", str(seconds)]}}


class Weir:
    """A daemon with a state folder and a port of its own, which stay the same when it is started again."""

    def __init__(self, home, *policies, arguments=(), environment=None):
        self.home = Path(home)
        self.home.mkdir(parents=True, exist_ok=True)
        self.state = self.home / "state"
        self.policies = self.home / "policies"
        self.policies.mkdir(exist_ok=True)
        self.log = self.home / "weir.log"
        self.port = free_port()
        self.endpoint = f"http://127.0.0.1:{self.port}"
        self.arguments = list(arguments)
        self.environment = environment or {}
        self.process = None
        for text in policies:
            self.write_policy(text)

    # Policies

    def write_policy(self, text, name=None):
        """Writes a policy file, whole or not at all; the name of its group, or of its fleet, names it."""
        text = textwrap.dedent(text)
        name = name or re.search(r"^(?:group|fleet): *(\S+)", text, re.M).group(1)
        path, part = self.policies / f"{name}.yaml", self.home / f"{name}.part"
        part.write_text(text)
        part.replace(path)
        return path

    # Life

    def start(self, *more, wait=True, port=None):
        assert self.process is None or self.process.poll() is not None, "it runs already"
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [
                    BINARY,
                    "run",
                    self.policies,
                    "--listen",
                    f"127.0.0.1:{self.port if port is None else port}",
                    "--state",
                    self.state,
                    *self.arguments,
                    *more,
                ],
                cwd=self.home,
                env=clean_environment(**self.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        if wait:
            self.wait_until_it_answers()
        return self

    def wait_until_it_answers(self):
        def look():
            assert self.process.poll() is None, f"weir ended with {self.process.returncode}:\n{self.log_tail()}"
            return self.healthy() and groups <= self.running()

        groups = {path.stem for path in self.policies.iterdir() if path.read_text().startswith("group:")}
        until(look, 20, f"weir answers and runs {len(groups)} groups", every=0.01)

    def running(self):
        """Names of the groups that run."""
        return {group["group"] for group in json.loads(self.get("/healthz"))["groups"]}

    def healthy(self):
        try:
            return self.get("/healthz") is not None
        except OSError:
            return False

    def kill9(self):
        self.process.kill()
        self.process.wait()

    def signal(self, number):
        self.process.send_signal(number)

    def stop(self, within=60):
        """SIGTERM, and the exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(within)

    def end(self):
        """Whatever state it is in: nothing of it is left. Groups drain, and what does not is killed."""
        if self.process and self.process.poll() is None:
            self.kill9()
        if not self.state.exists():
            return
        # Workers that outlived it are known by where they were told to ask.
        for pid in processes_told("AWS_ENDPOINT_URL", self.endpoint):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def log_text(self):
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def log_tail(self, lines=40):
        return "\n".join(self.log_text().splitlines()[-lines:])

    # What it says

    def get(self, path):
        with urllib.request.urlopen(self.endpoint + path, timeout=5) as answer:
            return answer.read().decode()

    def metric(self, name, **labels):
        """One value of /metrics; None when it is not there."""
        for line in self.get("/metrics").splitlines():
            match = re.fullmatch(rf"{name}(\{{.*\}})? (\S+)", line)
            if match and all(f'{key}="{value}"' in (match[1] or "") for key, value in labels.items()):
                return float(match[2])
        return None

    def weir(self, *words, check=True, within=60):
        return run(BINARY, *words, "--state", self.state, check=check, within=within, cwd=self.home)

    def groups(self):
        return [json.loads(line) for line in self.weir("status", "--format", "json").stdout.splitlines()]

    def group(self, name):
        return next(group for group in self.groups() if group["group"] == name)

    def instances(self, name, state=None):
        """Ids of a group's instances, oldest first; all of them, or those in one lifecycle state."""
        return [
            instance["id"]
            for instance in self.group(name)["instances"]
            if state is None or instance["lifecycle_state"] == state
        ]

    def in_service(self, name):
        return self.instances(name, "InService")

    def is_at_zero(self, name):
        group = self.group(name)
        return not group["instances"] and group["desired_capacity"] == 0

    # Clients

    def account(self):
        """The key that producers sign with."""
        credentials = configparser.ConfigParser()
        credentials.read(self.state / "credentials")
        return credentials["default"]["aws_access_key_id"], credentials["default"]["aws_secret_access_key"]

    def client(self, service="sqs", **options):
        key, secret = self.account()
        return client(service, self.endpoint, key=key, secret=secret, **options)

    def queue(self, name, **attributes):
        """A queue that is there, as a few verbs."""
        sqs = self.client()
        url = sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
        return Queue(sqs, url)


class Queue:
    """One queue as the tests use it."""

    def __init__(self, sqs, url):
        self.sqs, self.url = sqs, url

    def send(self, *bodies, **more):
        return [self.sqs.send_message(QueueUrl=self.url, MessageBody=body, **more)["MessageId"] for body in bodies]

    def send_many(self, bodies):
        """Ten a call. The message ids, in order."""
        ids = []
        for first in range(0, len(bodies), 10):
            entries = [
                {"Id": str(number), "MessageBody": body} for number, body in enumerate(bodies[first : first + 10])
            ]
            answer = self.sqs.send_message_batch(QueueUrl=self.url, Entries=entries)
            assert not answer.get("Failed"), answer["Failed"]
            ids += [entry["MessageId"] for entry in sorted(answer["Successful"], key=lambda entry: int(entry["Id"]))]
        return ids

    def receive(self, most=1, wait=0, **more):
        return self.sqs.receive_message(
            QueueUrl=self.url,
            MaxNumberOfMessages=most,
            WaitTimeSeconds=wait,
            MessageSystemAttributeNames=["All"],
            MessageAttributeNames=["All"],
            **more,
        ).get("Messages", [])

    def delete(self, message):
        self.sqs.delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])

    def depth(self):
        """Visible, in flight, delayed."""
        names = [
            "ApproximateNumberOfMessages",
            "ApproximateNumberOfMessagesNotVisible",
            "ApproximateNumberOfMessagesDelayed",
        ]
        values = self.sqs.get_queue_attributes(QueueUrl=self.url, AttributeNames=names)["Attributes"]
        return tuple(int(values[name]) for name in names)


def instances_told(name, start):
    """By instance: ids of live processes that were given its id, and a variable whose name and value start so."""
    found = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            variables = entry.joinpath("environ").read_bytes().decode(errors="replace").split("\0")
            ended = re.search(r"^State:\s+[ZX]", entry.joinpath("status").read_text(), re.M)
        except OSError:
            continue
        pairs = [variable.partition("=") for variable in variables]
        told = any(key.startswith(name) and value.startswith(start) for key, _, value in pairs)
        instance = next((value for key, _, value in pairs if key == "WEIR_INSTANCE_ID"), None)
        if told and not ended and instance is not None:
            found.setdefault(instance, []).append(int(entry.name))
    return found


def processes_told(name, start):
    """Ids of live processes that were given an instance's id, and a variable whose name and value start so."""
    return sorted(pid for pids in instances_told(name, start).values() for pid in pids)


def events(folder):
    """What workers noted, oldest first: each has a file, and a line for each event."""
    noted = []
    for path in sorted(Path(folder).glob("*.jsonl")):
        for line in path.read_text().splitlines():
            noted.append({"worker": path.stem, **json.loads(line)})
    return sorted(noted, key=lambda event: event["at"])


class Puppet:
    """One instance that runs workers/puppet.py, and does what it is told."""

    def __init__(self, notes, instance):
        self.notes, self.instance, self.asked = Path(notes), instance, 0
        until(lambda: self.path("environment").exists(), 30, f"{instance} has started")
        self.environment = json.loads(self.path("environment").read_text())

    def path(self, ending):
        return self.notes / f"{self.instance}.{ending}"

    def call(self, service, action, **arguments):
        """The answer, or the code of the error."""
        self.asked += 1
        part = self.path("question")
        part.write_text(json.dumps({"id": self.asked, "service": service, "action": action, "arguments": arguments}))
        part.replace(self.path("ask"))

        def look():
            path = self.path("answer")
            answer = json.loads(path.read_text()) if path.exists() else {}
            return answer if answer.get("id") == self.asked else None

        answer = until(look, 40, f"{self.instance} answers to {action}")
        return answer["result"] if "result" in answer else answer["error"]["Code"]

    def protect(self, group, instance=None, protected=True):
        return self.call(
            "autoscaling",
            "set_instance_protection",
            AutoScalingGroupName=group,
            InstanceIds=[instance or self.instance],
            ProtectedFromScaleIn=protected,
        )


def puppets(notes, **environment):
    """Workers as processes that do what a test tells them."""
    Path(notes).mkdir(parents=True, exist_ok=True)
    command = [str(PYTHON), str(WORKERS / "puppet.py")]
    return {"process": {"command": command, "environment": {"NOTES": str(notes), **environment}}}
