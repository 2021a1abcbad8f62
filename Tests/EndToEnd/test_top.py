"""`weir top` in a terminal: a real one of the kernel, and an emulator that keeps what is on its screen."""

import fcntl
import json
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios

import lab
import pyte
import pytest
from lab import policy, run, until

COMMANDS = re.findall(r"^weir (top.*)$", (lab.ROOT / "docs/top.md").read_text(), re.M)


class Window:
    """A command in a terminal of this size."""

    def __init__(self, *words, columns=80, rows=24, **environment):
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.ByteStream(self.screen)
        self.written = b""
        self.controller, terminal = pty.openpty()
        self.resize(columns, rows)
        self.settings = termios.tcgetattr(terminal)
        self.terminal = terminal
        self.process = subprocess.Popen(
            [lab.BINARY, *words],
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            env=lab.clean_environment(**{"TERM": "xterm-256color", **environment}),
            preexec_fn=self.take,
        )

    def take(self):
        """As a shell does: a session of its own, whose terminal this is."""
        os.setsid()
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    def resize(self, columns, rows):
        self.screen.resize(rows, columns)
        fcntl.ioctl(self.controller, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def press(self, keys):
        os.write(self.controller, keys.encode())

    def lines(self):
        """What is on the screen now."""
        while select.select([self.controller], [], [], 0)[0]:
            new = os.read(self.controller, 65536)
            self.written += new
            self.stream.feed(new)
        return [line.rstrip() for line in self.screen.display]

    def until(self, look, because):
        try:
            return until(lambda: (lines := self.lines()) and look(lines) and lines, 15, because)
        except AssertionError as late:
            raise AssertionError("\n".join([str(late), *self.lines()])) from None

    def chosen(self):
        """The group whose line is marked."""
        return next((line.split()[1] for line in self.lines() if line.startswith("▸ ")), None)

    def ended(self, status=0):
        until(lambda: self.lines() and self.process.poll() is not None, 10, "it has ended")
        self.lines()
        assert self.process.returncode == status
        assert self.written.endswith(b"\x1b[?25h\x1b[?1049l"), "the cursor and the former screen are back"
        assert termios.tcgetattr(self.terminal) == self.settings, "and the terminal is as it was"


@pytest.fixture
def busy(weirs):
    """A weir whose `pictures` has work, whose `letters` has none, and whose 20 others have nothing to say."""
    others = [policy(f"other-{number:02}", lab.sleeping_worker(), out=lab.NEVER) for number in range(20)]
    weir = weirs(
        policy("letters", lab.sleeping_worker(), out=lab.NEVER, into=lab.NEVER),
        policy("pictures", lab.sleeping_worker(), max_size=3),
        *others,
    ).start()
    weir.queue("pictures").send_many([str(number) for number in range(9)])
    return weir


@pytest.fixture
def windows():
    made = []

    def make(*words, **options):
        made.append(Window(*words, **options))
        return made[-1]

    yield make
    for window in made:
        if window.process.poll() is None:
            window.process.kill()
        window.process.wait()
        os.close(window.controller)
        os.close(window.terminal)


def test_a_window_of_the_usual_size(busy, windows):
    window = windows("top", "pictures", "--state", busy.state)
    lines = window.until(lambda lines: any("0 → 3" in line for line in lines), "what was decided is told")
    assert b"\x1b[?1049h" in window.written, "it is drawn beside what was on the screen"
    assert re.match(r"weir \S+  22 groups  desired \d+, in service \d+  visible 9 .*\d\d:\d\d:\d\d$", lines[0])
    assert re.search(r"GROUP \d+–\d+ of 22 +DESIRED +SERVICE", lines[1])
    window.until(
        lambda lines: re.search(r"^▸ pictures +3 +3 +0 +9 +\S+  pictures-out$", "\n".join(lines), re.M),
        "all three are in service",
    )
    lines = window.lines()
    assert any(line.startswith("── pictures ──") for line in lines)
    assert any(re.match(r"alarms +pictures-out ALARM since ", line) for line in lines)
    assert any("pictures-out: 8 over the threshold" in line for line in lines), "with its sentence"
    assert sum("InService  since" in line for line in lines) == 3
    assert lines[-1].startswith("q quit")
    assert b"\x1b[31m" in window.written, "an alarm is red"

    window.press("q")
    window.ended()


def test_keys_choose_and_ctrl_c_ends(busy, windows):
    window = windows("top", "--state", busy.state, "--interval", "200ms", NO_COLOR="1")
    until(lambda: window.chosen() == "letters", 15, "the first is chosen")
    window.press("\x1b[B")
    until(lambda: window.chosen() == "other-00", 5, "the arrow goes down")
    window.press("k")
    until(lambda: window.chosen() == "letters", 5, "k goes up")
    window.press("G")
    until(lambda: window.chosen() == "pictures", 5, "G goes to the end")
    window.press("\r")
    window.until(lambda lines: lines[1].startswith("── pictures ─") and "capacity" in lines[2], "all of it is shown")
    window.press("\x1b")
    until(window.chosen, 5, "Escape goes back")
    window.press("gs")
    window.until(lambda lines: lines[-1].endswith("order: backlog"), "the order is another")
    window.press("\x1b[H")
    until(lambda: window.chosen() == "pictures", 5, "the one with most work is first")
    assert not re.search(rb"\x1b\[[0-9;]*[1-9]m", window.written), "NO_COLOR is obeyed"
    window.press("\x03")
    window.ended()


def test_it_follows_the_size_of_the_window(busy, windows):
    window = windows("top", "--state", busy.state)
    window.until(lambda lines: "22 groups" in lines[0], "it is drawn")
    window.resize(150, 40)
    window.process.send_signal(signal.SIGWINCH)
    lines = window.until(lambda lines: lines[-1].startswith("q quit") and "LAST DECISION" in lines[1], "it is wider")
    assert re.search(r"\d\d:\d\d:\d\d$", lines[0]) and len(lines[0]) == 150
    window.resize(40, 8)
    window.process.send_signal(signal.SIGWINCH)
    window.until(
        lambda lines: "22 groups" in lines[0] and lines[2].startswith("▸ ") and lines[7].startswith("q quit"),
        "it is smaller",
    )
    window.process.send_signal(signal.SIGTERM)
    window.ended()


def test_a_weir_that_goes_and_comes_back(weirs, windows):
    weir = weirs(policy("letters", lab.sleeping_worker(), out=lab.NEVER))
    window = windows("top", "--state", weir.state, "--interval", "100ms")
    window.until(lambda lines: "no weir runs with the state folder" in lines[1], "nobody is there")
    assert "it is tried again" in " ".join(" ".join(window.lines()).split())
    weir.start()
    window.until(lambda lines: "1 group" in lines[0] and lines[2].startswith("▸ letters"), "it is there")
    weir.stop()
    window.until(lambda lines: re.search(r"what\s+stands\s+here\s+is\s+of", " ".join(lines[1:5])), "it has gone")
    assert any(line.startswith("▸ letters") for line in window.lines()), "what was known stays"
    window.press("q")
    window.ended()


def test_a_weir_that_hangs(weirs, windows):
    weir = weirs(policy("letters", lab.sleeping_worker(), out=lab.NEVER)).start()
    window = windows("top", "--state", weir.state, "--interval", "200ms", columns=140)
    window.until(lambda lines: "1 group" in lines[0], "it is there")
    weir.signal(signal.SIGSTOP)
    try:
        lines = window.until(lambda lines: "has not answered for 3 s" in lines[1], "it is said within a few seconds")
        assert "what stands here is of" in " ".join(" ".join(lines[1:4]).split())
        done = weir.weir("status", check=False)
        assert done.returncode == 1 and "has not answered for 10 s" in done.stderr
    finally:
        weir.signal(signal.SIGCONT)
    window.until(lambda lines: "has not answered" not in lines[1], "it answers again")
    window.press("q")
    window.ended()


def test_a_group_that_is_not_there(busy, windows):
    window = windows("top", "nobody", "--state", busy.state)
    until(lambda: window.lines() and window.process.poll() is not None, 15, "it ends")
    window.lines()
    assert window.process.returncode == 2
    left = window.written.rindex(b"\x1b[?1049l")
    assert b"no group 'nobody' runs here; these do: letters" in window.written[left:], "said where it can be read"


def test_a_terminal_that_can_only_print_lines(busy, windows):
    window = windows("top", "--state", busy.state, TERM="dumb")
    until(lambda: window.lines() and window.process.poll() is not None, 15, "it ends")
    window.lines()
    assert window.process.returncode == 2 and b"\x1b" not in window.written
    assert b"'weir status' prints the same" in window.written


def test_without_a_terminal(busy):
    done = busy.weir("top", check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "'weir status' prints the same" in done.stderr

    lines = busy.weir("top", "pictures", "--once").stdout.splitlines()
    assert "22 groups" in lines[0] and "▸ pictures" in "\n".join(lines)
    assert len(lines) == 23 and max(map(len, lines)) <= 80
    assert "\x1b" not in "".join(lines)

    refused = busy.weir("top", "nobody", "--once", check=False)
    assert refused.returncode == 2 and "no group 'nobody' runs here" in refused.stderr
    assert busy.weir("top", "--interval", "1ms", "--once", check=False).returncode == 2


def test_the_last_decisions_are_told_to_programs(busy):
    def decisions():
        return json.loads(busy.weir("status", "pictures", "--format", "json").stdout)["decisions"]

    until(lambda: [(told["from"], told["to"]) for told in decisions()] == [(0, 3)], 15, "the one that says something")
    assert "over the threshold" in decisions()[0]["reasons"][0]["sentence"]
    assert all("decisions" not in group for group in busy.groups()), "only of the group that was asked for"


def test_the_commands_of_the_page(weirs, windows):
    assert len(COMMANDS) == 3
    weir = weirs(policy("thumbnails", lab.sleeping_worker(), out=lab.NEVER)).start()
    for command in COMMANDS:
        window = windows(*command.split(), "--state", weir.state)
        window.until(lambda lines: "▸ thumbnails" in "\n".join(lines), command)
        if "--once" not in command:
            window.press("q")
        until(lambda: window.lines() and window.process.poll() == 0, 10, "it has ended")


def test_no_weir_and_one_picture(tmp_path):
    done = run(lab.BINARY, "top", "--once", "--state", tmp_path, check=False)
    assert done.returncode == 1 and "no weir runs with the state folder" in done.stderr
