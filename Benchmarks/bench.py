"""What the benchmarks share: signed requests, a raw client, and a figure beside its yardstick."""

import http.client
import json
import os
import resource
import socket
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

ROOT = Path(__file__).resolve().parents[1]
os.environ.setdefault("WEIR_TEST_BINARY", str(ROOT / ".build/release/weir"))
sys.path.insert(0, str(ROOT / "Tests/EndToEnd"))

import lab  # noqa: E402

HOME = ROOT / ".build-bench"
PAYLOAD = "x" * 200


def home(name):
    """A folder for the state of one measured weir, on the disk where the checkout is."""
    HOME.mkdir(exist_ok=True)
    return Path(tempfile.mkdtemp(prefix=name + "-", dir=HOME))


def percentile(values, share):
    ordered = sorted(values)
    return ordered[max(0, -(-int(share * 1000) * len(ordered) // 1000) - 1)]


def processor_seconds():
    """What all commands that have ended needed of all processors: it tells speed beside other work, too."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class Report:
    """Figures, each beside what was promised. Its exit status is 1 when a promise was not kept."""

    def __init__(self, title):
        self.kept = True
        print(f"\n{title}", flush=True)

    def note(self, text):
        print(f"  {text}", flush=True)

    def figure(self, name, value, unit, most=None, least=None):
        line = f"  {name:<46} {value:>12,.2f} {unit}"
        if most is not None:
            kept = value <= most
            line += f"   promised: at most {most:g} {unit}; {value / most:.2f} of it   {'kept' if kept else 'NOT KEPT'}"
            self.kept &= kept
        if least is not None:
            kept = value >= least
            line += (
                f"   promised: at least {least:g} {unit}; {value / least:.2f} of it   {'kept' if kept else 'NOT KEPT'}"
            )
            self.kept &= kept
        print(line, flush=True)

    def end(self):
        sys.exit(0 if self.kept else 1)


def sqs_request(endpoint, action, body, key="test", secret="test"):
    """Headers and body of one signed call of the SQS JSON protocol, as an SDK sends it."""
    data = json.dumps(body).encode()
    request = AWSRequest(
        "POST",
        endpoint + "/",
        data=data,
        headers={"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": f"AmazonSQS.{action}"},
    )
    SigV4Auth(Credentials(key, secret), "sqs", lab.REGION).add_auth(request)
    return dict(request.headers), data


class RawClient:
    """One connection that is kept, without an SDK in between."""

    def __init__(self, endpoint, key="test", secret="test"):
        self.endpoint, self.key, self.secret = endpoint, key, secret
        parts = urlsplit(endpoint)
        self.connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=60)
        self.connection.connect()
        self.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def prepare(self, action, **body):
        return sqs_request(self.endpoint, action, body, self.key, self.secret)

    def send(self, prepared):
        """The answer as JSON, and the seconds that it took."""
        headers, data = prepared
        began = time.perf_counter()
        self.connection.request("POST", "/", data, headers)
        answer = self.connection.getresponse()
        text = answer.read()
        took = time.perf_counter() - began
        if answer.status != 200:
            raise RuntimeError(f"{answer.status}: {text[:300]!r}")
        return json.loads(text or b"{}"), took

    def call(self, action, **body):
        return self.send(self.prepare(action, **body))[0]


def wrk(endpoint, requests, connections, seconds):
    """Sends prepared requests in turn from `connections` connections; answers a second, and refuses failures."""
    # Made in `init`: by then wrk knows the Host header.
    lines = ["local requests = {}", "init = function()"]
    for headers, data in requests:
        table = ", ".join(f"[{json.dumps(name)}] = {json.dumps(value)}" for name, value in headers.items())
        lines.append(f'  requests[#requests + 1] = wrk.format("POST", "/", {{{table}}}, {json.dumps(data.decode())})')
    lines += [
        "end",
        "local turn = 0",
        "request = function() turn = turn % #requests + 1 return requests[turn] end",
        "done = function(summary)",
        "  local failed = summary.errors.status + summary.errors.connect + summary.errors.read"
        " + summary.errors.write + summary.errors.timeout",
        '  io.write(string.format("RESULT %d %d %d\\n", summary.requests, summary.duration, failed))',
        "end",
    ]
    with tempfile.NamedTemporaryFile("w", suffix=".lua", dir=HOME) as script:
        script.write("\n".join(lines))
        script.flush()
        done = lab.run(
            "wrk",
            "--threads",
            "1",
            "--connections",
            str(connections),
            "--duration",
            f"{seconds}s",
            "--timeout",
            "30s",
            "--script",
            script.name,
            endpoint,
            within=seconds + 60,
        )
    count, microseconds, failed = map(int, done.stdout.split("RESULT ", 1)[1].split()[:3])
    if failed:
        raise RuntimeError(f"{failed} of {count} requests failed:\n{done.stdout}")
    return count / (microseconds / 1e6)
