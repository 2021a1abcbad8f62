"""The pictures of `weir simulate`, its progress bar, and what Ctrl-C leaves."""

import html.parser
import json
import os
import pty
import re
import select
import signal
import struct
import subprocess
import time
import xml.etree.ElementTree as ElementTree

import pytest
from lab import BINARY, ROOT, clean_environment, run, until

TRACE = "submit_s,service_s\n" + "".join(f"{second},40\n" for second in range(0, 3600, 7))


def simulate(*words, check=True, environment=None):
    return run(BINARY, "simulate", *words, check=check, cwd=ROOT, environment=environment)


@pytest.fixture
def trace(tmp_path):
    path = tmp_path / "trace.csv"
    path.write_text(TRACE)
    return path


@pytest.fixture
def long_trace(tmp_path):
    """A job each ten minutes for two years: a simulation that nobody waits for."""
    path = tmp_path / "long.csv"
    path.write_text("submit_s,service_s\n" + "".join(f"{number * 600},40\n" for number in range(100_000)))
    return path


class Reader(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags = []
        self.cells = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_data(self, data):
        if self.tags and self.tags[-1][0] in ("td", "th"):
            self.cells.append(data.strip())


LOAD = ["--generate", "poisson rate=90/h for=3h taking=exponential(60s)"]
LOAD += ["--startup-time", "exponential(40s)", "--seed", "7"]


@pytest.mark.parametrize("verb", ["simulate", "compare"])
def test_the_same_seed_gives_the_same_bytes(tmp_path, verb):
    policies = ["policies/thumbnails.yaml"] + ["policies/wait-target.yaml"] * (verb == "compare")

    def rehearsed(form):
        files = [tmp_path / f"plot.{kind}" for kind in ("html", "svg", "png")]
        flags = [word for path in files for word in (f"--{path.suffix[1:]}", path)]
        told = run(BINARY, verb, *policies, *LOAD, *flags, "--format", form, cwd=ROOT, within=120).stdout
        return told, [path.read_bytes() for path in files]

    first, again = rehearsed("text"), rehearsed("text")
    assert first == again
    one, other = (json.loads(rehearsed("json")[0]) for _ in range(2))
    differing = {key for key in one if one[key] != other[key]}
    assert one.keys() == other.keys() and differing <= {"wall_s"}


def test_a_page_a_picture_and_pixels(tmp_path, trace):
    files = {kind: tmp_path / f"plot.{kind}" for kind in ("html", "svg", "png")}
    files["svg"].write_text("x" * 1_000_000)
    flags = [word for kind, path in files.items() for word in (f"--{kind}", path)]
    plain = simulate("policies/thumbnails.yaml", "--trace", trace)
    told = simulate("policies/thumbnails.yaml", "--trace", trace, *flags)
    assert told.stdout == plain.stdout, "the report is the same with pictures and without"
    assert told.stderr == "", "nothing moves where nobody looks"

    picture = ElementTree.parse(files["svg"]).getroot()
    texts = [element.text for element in picture.iter("{http://www.w3.org/2000/svg}text")]
    for text in ["thumbnails", "Backlog (jobs waiting)", "Instances", "thumbnails-up", "ALARM"]:
        assert text in texts
    titles = [element.text for element in picture.iter("{http://www.w3.org/2000/svg}title")]
    assert any(re.search(r"desired 0 → 1: .*up-policy", title) for title in titles), titles

    pixels = files["png"].read_bytes()
    assert pixels.startswith(b"\x89PNG\r\n\x1a\n") and pixels.endswith(b"IEND\xaeB`\x82")
    wide, high = struct.unpack(">II", pixels[16:24])
    assert wide == 2 * float(picture.get("width")) and high == 2 * float(picture.get("height"))

    page = Reader(files["html"].read_text())
    assert "policies/thumbnails.yaml" in page.cells and "515, 515 completed" in page.cells
    assert any("desired 0 → 1" in cell for cell in page.cells)
    assert [tag for tag, _ in page.tags].count("svg") == 2, "one for wide and one for narrow windows"
    assert files["html"].stat().st_size < 1_000_000


@pytest.mark.parametrize("jobs", ["", "0,1\n", "7,0\n", "0,1\n0,50000\n"])
def test_there_is_a_picture_however_little_happened(tmp_path, jobs):
    path = tmp_path / "trace.csv"
    path.write_text("submit_s,service_s\n" + jobs)
    flags = [word for kind in ("html", "svg", "png") for word in (f"--{kind}", tmp_path / f"p.{kind}")]
    simulate("policies/thumbnails.yaml", "--trace", path, *flags)
    assert "NaN" not in (tmp_path / "p.svg").read_text() + (tmp_path / "p.html").read_text().split("<script>")[0]
    ElementTree.parse(tmp_path / "p.svg")


def test_names_are_shown_and_do_nothing(tmp_path, trace):
    path = tmp_path / "<script>alert(1)<!--&.yaml"
    path.write_text((ROOT / "policies" / "thumbnails.yaml").read_text())
    simulate(path, "--trace", trace, "--html", tmp_path / "p.html", "--svg", tmp_path / "p.svg")
    text = (tmp_path / "p.html").read_text()
    assert [tag for tag, _ in Reader(text).tags].count("script") == 1
    assert str(path) in Reader(text).cells
    ElementTree.parse(tmp_path / "p.svg")


def test_a_file_that_cannot_be_written_costs_no_simulation(tmp_path, long_trace):
    good = tmp_path / "good.svg"
    words = ["policies/thumbnails.yaml", "--trace", long_trace, "--svg", good]
    done = simulate(*words, "--html", tmp_path / "none" / "page.html", check=False)
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr == f"weir: cannot write {tmp_path}/none/page.html: No such file or directory\n"
    assert not good.exists(), "nothing is left of a picture that nobody drew"


def test_pixels_need_a_library_and_say_so(tmp_path, trace):
    (tmp_path / "libcairo.so.2").touch()
    environment = clean_environment(LD_LIBRARY_PATH=tmp_path)
    words = ["policies/thumbnails.yaml", "--trace", trace]
    done = simulate(*words, "--png", tmp_path / "p.png", check=False, environment=environment)
    assert done.returncode == 1 and done.stdout == ""
    assert "install libcairo2 and fonts-dejavu-core" in done.stderr and "SVG, which needs nothing" in done.stderr
    simulate(*words, "--svg", tmp_path / "p.svg", environment=environment)


class Watched:
    """A simulation, or what another verb makes of several, whose stderr is a terminal."""

    def __init__(self, *words, verb="simulate", **more):
        self.terminal, end = pty.openpty()
        self.process = subprocess.Popen(
            [str(word) for word in (BINARY, verb, *words)],
            cwd=ROOT,
            env=clean_environment(**more),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=end,
            text=True,
        )
        os.close(end)
        self.seen = ""

    def until(self, pattern, within=20):
        deadline = time.monotonic() + within
        while not re.search(pattern, self.seen):
            assert time.monotonic() < deadline, f"{pattern} not within {within} s: {self.seen[-300:]!r}"
            if select.select([self.terminal], [], [], 0.2)[0]:
                self.seen += os.read(self.terminal, 4096).decode()

    def end(self):
        """Presses Ctrl-C."""
        self.process.send_signal(signal.SIGINT)
        return self.process.communicate(timeout=20)[0]


def test_a_progress_bar_on_a_terminal_and_a_report_after_ctrl_c(tmp_path, long_trace):
    words = ["policies/thumbnails.yaml", "--trace", long_trace, "--svg", tmp_path / "p.svg"]
    watched = Watched(*words, "--format", "json", NO_COLOR="1")
    watched.until(r"[█░]+  [1-9]\d? %  at [\d.]+ days  [\d.]+ [kM] events/s  .* left\x1b\[K", within=90)
    began = time.monotonic()
    told = json.loads(watched.end())
    assert time.monotonic() - began < 10
    assert watched.process.returncode == 130
    assert told["interrupted"] is True and told["ended_early"] is False
    assert 0 < told["completed"] <= told["jobs"] < 100_000
    watched.until(r"\r\x1b\[K$")
    assert "interrupted" in (tmp_path / "p.svg").read_text(), "the picture is of the part until then, and says so"
    lines = watched.seen.split("\r")
    assert max(len(line) for line in lines) < 80 + len("\x1b[K"), "it fits on one line"

    watched = Watched(*words)
    watched.until("events/s")
    assert re.search(r"^interrupted +all figures are of the part until then$", watched.end(), re.M)
    assert watched.process.returncode == 130


def test_comparing_shows_how_far_all_are(long_trace):
    policies = ["policies/thumbnails.yaml", "policies/office-hours.yaml", "policies/thumbnails.yaml"]
    watched = Watched(*policies, "--trace", long_trace, verb="compare")
    watched.until(r"\r[█░]+  [1-9]\d? %  [0-2] of 3 simulations  .* left\x1b\[K", within=90)
    assert watched.end() == "" and watched.process.returncode == 130
    watched.until(r"\r\x1b\[Kweir: interrupted: nothing is compared")


def test_a_second_ctrl_c_is_the_end(tmp_path):
    os.mkfifo(tmp_path / "jobs.csv")
    watched = Watched("policies/thumbnails.yaml", "--trace", tmp_path / "jobs.csv")
    with open(tmp_path / "jobs.csv", "w") as jobs:
        # The trace goes on later, so that nobody looks whether to go on.
        jobs.write("submit_s,service_s\n0,1\n")
        jobs.flush()
        until(lambda: hears_interrupts(watched.process.pid), 20, "nobody hears a Ctrl-C yet")
        watched.process.send_signal(signal.SIGINT)
        until(lambda: not hears_interrupts(watched.process.pid), 20, "the first Ctrl-C was not heard")
        assert watched.process.poll() is None
        watched.process.send_signal(signal.SIGINT)
        assert watched.process.wait(timeout=20) == -signal.SIGINT


def hears_interrupts(pid):
    """The process has a handler for SIGINT."""
    with open(f"/proc/{pid}/status") as status:
        caught = re.search(r"^SigCgt:\s+(\w+)$", status.read(), re.M)[1]
    return int(caught, 16) >> (signal.SIGINT - 1) & 1


def test_a_complete_simulation_is_not_interrupted(trace):
    told = json.loads(simulate("policies/thumbnails.yaml", "--trace", trace, "--format", "json").stdout)
    assert told["interrupted"] is False


SHOWN = {
    "simulation": "simulate policies/thumbnails.yaml --trace examples/traces/elb-requests.csv --service-time 20s"
    " --startup-time 60s --price 0.04",
    "comparison": "compare policies/thumbnails.yaml policies/wait-target.yaml"
    " --generate diurnal_rate=300/h_for=1d_taking=30s",
}


@pytest.mark.parametrize("name", SHOWN)
def test_the_pictures_of_the_pages_are_as_they_are_drawn_now(tmp_path, name):
    words = [word.replace("_", " ") for word in SHOWN[name].split()]
    run(BINARY, *words, "--svg", tmp_path / "shown.svg", cwd=ROOT)
    assert (tmp_path / "shown.svg").read_text() == (ROOT / "docs" / f"{name}.svg").read_text(), "draw it anew"
