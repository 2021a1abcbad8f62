"""The demo: a picture in tiles, a queue, and a fleet that grows from nothing and goes back to nothing.

Starts `weir run` on policies/demo.yaml (process workers) or policies/demo-docker.yaml (containers), sends one message
a tile with boto3, shows what happens, waits until the queue is empty and the fleet is gone, joins the tiles and prints
what it took. Everything is under .build-demo, and nothing is left running. Exit status 0 when all went well.
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import zlib
from pathlib import Path

import boto3
from botocore.config import Config

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "examples/tiles-worker"))

import send  # noqa: E402
import worker  # noqa: E402
from send import COLUMNS, ROWS  # noqa: E402

HOME = ROOT / ".build-demo"
STATE = HOME / "state"
TILES = HOME / "tiles"
# Where containers write: a mount needs an absolute path, and the policy file is the same on every machine.
CONTAINER_TILES = Path("/tmp/weir-demo-tiles")
PICTURE = HOME / "mandelbrot.png"
LOG = HOME / "weir.log"
QUEUE = "tiles"

DEADLINE_SECONDS = 240
REFRESH_SECONDS = 0.4
PLAIN_LINE_SECONDS = 3.0


class Failure(Exception):
    """The demo did not go as it should; the sentence says how."""


# What is sent


class Producer(threading.Thread):
    """Sends a row of tiles every second."""

    def __init__(self, endpoint):
        super().__init__(daemon=True)
        os.environ["AWS_SHARED_CREDENTIALS_FILE"] = str(STATE / "credentials")
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
            os.environ.pop(name, None)
        self.sqs = boto3.client(
            "sqs", endpoint_url=endpoint, region_name="us-east-1", config=Config(retries={"mode": "standard"})
        )
        self.sent = 0
        self.failure = None

    def run(self):
        try:
            url = self.sqs.create_queue(QueueName=QUEUE)["QueueUrl"]
            for row in send.rows():
                send.send_row(self.sqs, url, row)
                self.sent += len(row)
                time.sleep(send.SECONDS_BETWEEN_ROWS)
        except Exception as error:  # shown by the main thread, which gives up
            self.failure = error


# What is seen


class Tiles:
    """The tiles that have been written: their mean colour, and the story that the worker told of each."""

    def __init__(self):
        self.stories = {}
        self.colours = {}

    def look(self):
        for path in TILES.glob("*.json"):
            if path.stem not in self.stories:
                self.stories[path.stem] = json.loads(path.read_text())
                rows = pixels(path.with_suffix(".png"))
                count = len(rows) * len(rows[0]) // 3
                self.colours[path.stem] = [sum(sum(row[channel::3]) for row in rows) // count for channel in range(3)]

    def waits(self):
        return sorted(story["waited_s"] for story in self.stories.values())


def pixels(path):
    """The rows of a PNG as the worker writes it: 8-bit RGB, one IDAT, unfiltered."""
    data, at, width, packed = path.read_bytes(), 8, 0, b""
    while at < len(data):
        length, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        if kind == b"IHDR":
            width = int.from_bytes(data[at + 8 : at + 12], "big")
        elif kind == b"IDAT":
            packed += data[at + 8 : at + 8 + length]
        at += 12 + length
    raw, stride = zlib.decompress(packed), 1 + 3 * width
    return [raw[start + 1 : start + stride] for start in range(0, len(raw), stride)]


def join_tiles():
    rows = []
    for row in range(ROWS):
        tiles = [pixels(TILES / f"{row:03d}-{column:03d}.png") for column in range(COLUMNS)]
        rows += [b"".join(parts) for parts in zip(*tiles)]
    PICTURE.write_bytes(worker.png(rows))


class View:
    """A block of lines that is drawn over itself on a terminal; elsewhere a line every few seconds."""

    BARS = " ▁▂▃▄▅▆▇█"

    def __init__(self, launcher):
        self.launcher = launcher
        self.terminal = sys.stdout.isatty() and os.environ.get("TERM", "dumb") != "dumb"
        self.coloured = self.terminal and "NO_COLOR" not in os.environ
        self.true_colour = self.coloured and os.environ.get("COLORTERM", "") in ("truecolor", "24bit")
        self.backlogs = []
        self.drawn = 0
        self.started = time.monotonic()
        self.last_line = -PLAIN_LINE_SECONDS

    def show(self, group, sent, tiles):
        self.backlogs.append(group["visible"])
        seconds = time.monotonic() - self.started
        if self.terminal:
            self.draw(group, sent, tiles, seconds)
        elif seconds - self.last_line >= PLAIN_LINE_SECONDS:
            self.last_line = seconds
            alarms = ", ".join(f"{name} {state}" for name, state in group["alarms"])
            print(
                f"{seconds:5.0f} s  waiting {group['visible']:3d}  in flight {group['in_flight']:2d}  "
                f"instances {group['in_service']} (desired {group['desired']})  "
                f"done {len(tiles.stories):2d}/{sent}  {alarms}",
                flush=True,
            )

    def draw(self, group, sent, tiles, seconds):
        left = [
            f"weir · {self.launcher} workers · {seconds:3.0f} s",
            f"  backlog  {self.spark()} {group['visible']} waiting, {group['in_flight']} in flight",
            *(f"  alarm    {self.alarm(state)} {name}" for name, state in group["alarms"]),
            f"  fleet    {self.fleet(group)}",
            f"  done     {len(tiles.stories)} of {sent} sent",
        ]
        right = [self.mosaic(row, tiles) for row in range(ROWS)]
        left += [""] * (len(right) - len(left))
        right += [""] * (len(left) - len(right))
        if self.drawn:
            sys.stdout.write(f"\x1b[{self.drawn}A")
        for first, second in zip(right, left):
            sys.stdout.write(f"\r\x1b[K  {first or ' ' * 2 * COLUMNS}  {second}\n")
        self.drawn = len(left)
        sys.stdout.flush()

    def spark(self):
        recent = self.backlogs[-24:]
        highest = max(max(self.backlogs), 1)
        return "".join(self.BARS[-(-value * (len(self.BARS) - 1) // highest)] for value in recent).rjust(24)

    def alarm(self, state):
        padded = state.ljust(17)
        if not self.coloured:
            return padded
        return {"OK": "\x1b[32m", "ALARM": "\x1b[31;1m"}.get(state, "\x1b[33m") + padded + "\x1b[0m"

    def fleet(self, group):
        marks = "■" * group["in_service"] + "□" * (group["pending"] + group["terminating"])
        return f"{marks.ljust(6)} {group['in_service']} in service, desired {group['desired']}"

    def mosaic(self, row, tiles):
        return "".join(self.mosaic_tile(tiles.colours.get(f"{row:03d}-{column:03d}")) for column in range(COLUMNS))

    def mosaic_tile(self, colour):
        if colour is None:
            return " ·"
        if not self.true_colour:
            return "██"
        red, green, blue = colour
        return f"\x1b[48;2;{red};{green};{blue}m  \x1b[0m"


# What runs


class Weir:
    """The daemon, and what it says of itself."""

    def __init__(self, binary, policy):
        self.binary = binary
        self.endpoint = None
        self.process = subprocess.Popen(
            [binary, "run", policy, "--listen", "127.0.0.1:0", "--state", STATE, "--drain"],
            cwd=ROOT,
            stdout=LOG.open("w"),
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C is for the demo, which then ends weir in its own way
        )

    def ask(self, *words):
        return subprocess.run(
            [self.binary, *words, "--state", STATE], cwd=ROOT, capture_output=True, text=True, timeout=10
        )

    def wait_until_it_answers(self):
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            self.check_alive()
            answer = self.ask("env")
            for line in answer.stdout.splitlines():
                name, _, value = line.removeprefix("export ").partition("=")
                if name == "AWS_ENDPOINT_URL":
                    self.endpoint = value.strip("'\"")
            if self.endpoint and self.ask("status", "--format", "json").returncode == 0:
                return
            time.sleep(0.05)
        raise Failure("weir did not answer within 20 s")

    def check_alive(self):
        if self.process.poll() is not None:
            raise Failure(f"weir ended by itself with status {self.process.returncode}")

    def group(self):
        """The group in the few numbers that are shown here."""
        self.check_alive()
        answer = self.ask("status", "--format", "json")
        if answer.returncode != 0:
            raise Failure(f"weir status failed: {answer.stderr.strip()}")
        group = json.loads(answer.stdout.splitlines()[0])
        measured, totals = group.get("measurement") or {}, group["totals"]
        states = [instance["lifecycle_state"] for instance in group["instances"]]
        return {
            "visible": int(measured.get("visible") or 0),
            "in_flight": int(measured.get("in_flight") or 0),
            "desired": group["desired_capacity"],
            "in_service": states.count("InService"),
            "pending": states.count("Pending"),
            "terminating": sum(state.startswith("Terminating") for state in states),
            "alarms": [(alarm["name"], alarm["state"]) for alarm in group["alarms"]],
            "peak": totals["peak_in_service"],
            "launches": totals["launches"],
            "busy_terminations": totals["busy_terminations"],
        }

    def end(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()


class Engine:
    """The Docker engine that is there, or one of our own; with the image of the worker in it."""

    def __init__(self):
        self.own = False

    def prepare(self):
        if subprocess.run(["docker", "version"], capture_output=True).returncode != 0:
            print("starting a Docker engine of our own in .build-demo/engine", flush=True)
            answer = subprocess.run([ROOT / "scripts/start-docker", HOME / "engine"], stdout=subprocess.PIPE, text=True)
            if answer.returncode != 0:
                raise Failure("no Docker engine")
            self.own = True
            os.environ["DOCKER_HOST"] = answer.stdout.strip()
        os.environ.setdefault("DOCKER_HOST", "unix:///var/run/docker.sock")
        print("building the image of the worker (a minute the first time)", flush=True)
        if subprocess.run([ROOT / "scripts/make-worker-image", HOME / "images"]).returncode != 0:
            raise Failure("the image of the worker could not be built")

    def end(self):
        if self.own:
            subprocess.run([ROOT / "scripts/stop-docker", HOME / "engine"])


def watch(weir, view):
    """Until every tile is there, the queue is empty and the fleet is gone."""
    producer, tiles, expected = Producer(weir.endpoint), Tiles(), COLUMNS * ROWS
    producer.start()
    deadline = time.monotonic() + DEADLINE_SECONDS
    while True:
        group = weir.group()
        tiles.look()
        view.show(group, producer.sent, tiles)
        if producer.failure:
            raise Failure(f"sending failed: {producer.failure}")
        alive = group["in_service"] + group["pending"] + group["terminating"]
        if len(tiles.stories) == expected and alive == 0 and group["visible"] + group["in_flight"] == 0:
            return group, tiles, producer.sent
        if time.monotonic() > deadline:
            raise Failure(
                f"not done after {DEADLINE_SECONDS} s: {len(tiles.stories)} of {expected} tiles, {alive} instances"
            )
        time.sleep(REFRESH_SECONDS)


def percentile(ordered, share):
    """The smallest value that at least this share of all values does not exceed."""
    return ordered[max(0, -(-int(share * 100) * len(ordered) // 100) - 1)]


def summarize(group, tiles, sent, seconds):
    join_tiles()
    waits = tiles.waits()
    repeated = sum(story["deliveries"] > 1 for story in tiles.stories.values())
    print(f"""
messages              {sent} in, {len(tiles.stories)} done, {repeated} delivered more than once
peak instances        {group['peak']} ({group['launches']} launched in all)
wait                  p50 {percentile(waits, 0.50):.1f} s, p95 {percentile(waits, 0.95):.1f} s
busy instances stopped: {group['busy_terminations']}
took                  {seconds:.0f} s; the picture: {PICTURE.relative_to(ROOT)}""")
    if group["busy_terminations"]:
        raise Failure("an instance was stopped while it held a message")


def fresh_folders(launcher):
    """What an earlier demo left is gone, but for its engine's images."""
    for old in (STATE, TILES, CONTAINER_TILES):
        if old.is_symlink():
            old.unlink()
        shutil.rmtree(old, ignore_errors=True)
    STATE.mkdir(parents=True)
    if launcher == "docker":
        CONTAINER_TILES.mkdir()
        TILES.symlink_to(CONTAINER_TILES)
    else:
        TILES.mkdir()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--launcher", choices=["process", "docker"], default="process")
    parser.add_argument("--weir", default=str(ROOT / ".build/debug/weir"), help="the program to run")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    # The terminal was closed: nobody would end weir and its workers.
    signal.signal(signal.SIGHUP, lambda *_: sys.exit(129))

    fresh_folders(options.launcher)
    engine, weir = Engine(), None
    try:
        if options.launcher == "docker":
            engine.prepare()
        started = time.monotonic()
        weir = Weir(
            options.weir, "policies/demo.yaml" if options.launcher == "process" else "policies/demo-docker.yaml"
        )
        weir.wait_until_it_answers()
        print(
            f"weir runs and decides; its log: {LOG.relative_to(ROOT)}. One message a tile, {COLUMNS * ROWS} tiles.\n",
            flush=True,
        )
        group, tiles, sent = watch(weir, View(options.launcher))
        summarize(group, tiles, sent, time.monotonic() - started)
        return 0
    except Failure as failure:
        print(f"\nthe demo failed: {failure}", file=sys.stderr)
        if LOG.exists():
            print(f"the last lines of {LOG.relative_to(ROOT)}:", file=sys.stderr)
            print("\n".join(LOG.read_text(errors="replace").splitlines()[-40:]), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nended by Ctrl-C: workers finish what they hold, then all is stopped", file=sys.stderr)
        return 130
    finally:
        if weir:
            weir.end()
        engine.end()


if __name__ == "__main__":
    sys.exit(main())
