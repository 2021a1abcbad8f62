"""What one types and what comes back: mistakes, exit statuses, JSON, and what fits a window."""

import fcntl
import json
import os
import pty
import re
import struct
import subprocess
import termios
import time

import lab
import pytest
from lab import policy, run, until

VERBS = [
    *"run check plan status protect unprotect set-desired suspend resume terminate".split(),
    *"refresh standby complete-hook heartbeat set-health queue env schema version test".split(),
    *(f"queue {verb}" for verb in "create list send receive stats purge delete".split()),
]
STUBBORN = {"process": {"command": ["sh", "-c", "trap '' TERM; while :; do sleep 0.2; done"]}}


@pytest.fixture(scope="module")
def mails(tmp_path_factory):
    """A weir with two groups; one of its instances takes no SIGTERM."""
    home = tmp_path_factory.mktemp("w")
    quiet = {"poll_interval": "1s", "out": lab.NEVER, "into": lab.NEVER}
    blind = {"command": {"shell": "echo the depth is not known to this machine >&2; exit 3"}}
    weir = lab.Weir(
        home,
        policy("mails", STUBBORN, min_size=0, desired_capacity=2, max_size=3, stop_timeout="60s", **quiet),
        policy("blind", lab.sleeping_worker(), source=blind, **quiet),
    ).start()
    until(lambda: len(weir.in_service("mails")) == 2, 20, "both are in service")
    yield weir
    weir.end()


def refused(done, status, text):
    assert (done.returncode, done.stdout) == (status, ""), done.stderr
    assert done.stderr.startswith("weir: ")
    assert text in done.stderr
    return done


# What is typed wrong


@pytest.mark.parametrize(
    "words, text",
    [
        ("statsu", "weir: there is no verb 'statsu'; did you mean 'status'?\n"),
        ("queue sned mails", "weir: there is no verb 'queue sned'; did you mean 'queue send'?\n"),
        ("zzzz", "weir: there is no verb 'zzzz'; there are: run, check, "),
        ("worker x", "weir: 'worker' is not there yet\n"),
        ("status --foo", "weir: unknown option '--foo'\n"),
        ("check", "weir: missing expected argument '<PATH> ...'\n"),
        ("set-desired mails -1", "weir: capacity is -1; expected 0 or more\n"),
        ("run x --advertise foo", "weir: --advertise 'foo' is not a URL such as "),
        ("run x --advertise http://$(id)", "weir: --advertise 'http://$(id)' is not a URL such as "),
        ("run x --region x_y", "weir: --region 'x_y' is not letters, digits and '-'"),
        ("run x --state /etc/passwd", "weir: /etc/passwd is a file, not a folder\n"),
    ],
)
def test_a_mistake_is_told_in_one_way(words, text):
    refused(run(lab.BINARY, *words.split(), check=False), 2, text)


@pytest.mark.parametrize("words", [(), ("queue",)])
def test_help_that_nobody_asked_for_is_a_mistake(words):
    done = run(lab.BINARY, *words, check=False)
    assert (done.returncode, done.stdout) == (2, "") and "SUBCOMMANDS" in done.stderr
    asked = run(lab.BINARY, *words, "--help")
    assert (asked.stderr, asked.stdout) == ("", done.stderr)


@pytest.mark.parametrize("verb", VERBS)
def test_help_fits_a_window(verb):
    lines = run(lab.BINARY, *verb.split(), "--help").stdout.splitlines()
    assert max(len(line) for line in lines) <= 100


@pytest.mark.parametrize(
    "words, text",
    [
        ("status nope", "no group 'nope' runs here; these do: blind, mails"),
        ("set-desired nope 2", "no group 'nope' runs here; these do: blind, mails"),
        ("protect nope i-1", "no group 'nope' runs here; these do: blind, mails"),
        ("suspend nope", "no group 'nope' runs here; these do: blind, mails"),
        ("protect mails i-nope", "group mails has no instance i-nope; it has i-"),
        ("terminate blind i-nope", "group blind has no instance i-nope; it has none"),
        ("suspend mails Foo", "there is no process 'Foo'; there are: Launch, Terminate, "),
        ("suspend mails lanch", "there is no process 'lanch'; did you mean 'Launch'?"),
        ("queue create bad.name", "'bad.name' is no queue name."),
        ("queue send nope hello", "there is no queue 'nope'; there are: mails"),
        ("queue stats nope", "there is no queue 'nope'; there are: mails"),
    ],
)
def test_what_is_not_there_is_a_mistake(mails, words, text):
    refused(mails.weir(*words.split(), check=False), 2, text)


def test_a_file_where_a_folder_should_be(tmp_path):
    (tmp_path / "file").write_text("")
    path = tmp_path / "mails.yaml"
    path.write_text(policy("mails", lab.sleeping_worker()))
    done = run(lab.BINARY, "run", path, "--state", tmp_path / "file/state", "--listen", "127.0.0.1:0", check=False)
    refused(done, 1, "Not a directory")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else")
def test_somebody_else_may_not_ask(mails):
    nobody = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", lab.BINARY]
    if run(*nobody, "--version", check=False).returncode != 0:
        pytest.skip("nobody may not run this binary")
    done = run(*nobody, "status", "--state", mails.state, check=False)
    refused(done, 1, f"may not speak to the weir of {mails.state} (weir.sock: Permission denied); run this as the user")


# What operators do


def test_processes_have_names_in_either_style(mails):
    suspended = mails.weir("suspend", "mails", "launch", "alarm-notification")
    assert suspended.stdout == "suspended: AlarmNotification, Launch\n"
    mails.weir("resume", "mails")
    mails.weir("suspend", "mails")
    assert re.search(r"^  suspended +all$", mails.weir("status", "mails").stdout, re.M)
    answer = json.loads(mails.weir("resume", "mails", "--format", "json").stdout)
    assert answer == {"group": "mails", "message": "no process is suspended"}


def test_a_decrement_that_comes_too_late_is_told(mails):
    first = mails.in_service("mails")[0]
    assert "desired capacity is 1" in mails.weir("terminate", "mails", first, "--decrement").stdout
    again = mails.weir("terminate", "mails", first, "--decrement").stdout
    assert "--decrement changed nothing" in again and "weir set-desired mails N" in again
    assert mails.group("mails")["desired_capacity"] == 1


def test_the_queue_of_a_group_is_not_deleted_by_mistake(mails):
    weir = mails.weir
    done = refused(weir("queue", "delete", "mails", check=False), 1, "'mails' is the queue of group mails; ")
    assert "take its policy away first, or use --force" in done.stderr
    lines = weir("queue", "send", "mails", "a", "b", "--format", "json").stdout.splitlines()
    sent = [json.loads(line) for line in lines]
    assert [message["queue"] for message in sent] == ["mails", "mails"]
    assert len({message["message_id"] for message in sent}) == 2
    assert weir("queue", "purge", "mails").stdout == "mails is purged; it held 2 messages\n"
    weir("queue", "create", "mine")
    assert weir("queue", "delete", "mine").stdout == "mine is deleted; it was empty\n"
    weir("queue", "create", "other")
    answer = json.loads(weir("queue", "delete", "other", "--force", "--format", "json").stdout)
    assert answer == {"queue": "other", "messages": 0}


# What programs read


def test_a_report_of_mistakes_is_json_too(tmp_path):
    (tmp_path / "good.yaml").write_text(policy("good", lab.sleeping_worker()))
    (tmp_path / "bad.yaml").write_text(policy("bad", lab.sleeping_worker()).replace("min_size:", "min_sise:"))
    done = run(lab.BINARY, "check", ".", "--format", "json", cwd=tmp_path, check=False)
    assert (done.returncode, done.stderr) == (2, "")
    report = json.loads(done.stdout)
    assert report["ok"] is False
    assert report["files"] == [{"file": "./good.yaml", "group": "good"}]
    unknown = next(mistake for mistake in report["mistakes"] if "min_sise" in mistake["message"])
    assert unknown == {
        "file": "./bad.yaml",
        "line": 4,
        "column": 1,
        "severity": "error",
        "message": "unknown key 'min_sise'",
        "hint": "did you mean 'min_size'?",
    }
    right = json.loads(run(lab.BINARY, "check", "good.yaml", "--format", "json", cwd=tmp_path).stdout)
    assert (right["ok"], right["mistakes"]) == (True, [])


def test_status_is_one_object_a_line(mails):
    lines = mails.weir("status", "--format", "json").stdout.splitlines()
    assert [json.loads(line)["group"] for line in lines] == ["blind", "mails"]
    assert json.loads(mails.weir("status", "mails", "--format", "json").stdout)["group"] == "mails"


# What people see


def on_a_terminal(*words, columns, rows, seconds=None):
    """What is written to a window of this size; with `seconds`, the program is ended after so long."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    process = subprocess.Popen(
        [str(word) for word in words], stdout=slave, stderr=slave, env=lab.clean_environment(NO_COLOR="1")
    )
    os.close(slave)
    if seconds:
        time.sleep(seconds)
        process.terminate()
    written = b""
    while True:
        try:
            part = os.read(master, 65536)
        except OSError:  # so a terminal says that nobody writes any more
            break
        if not part:
            break
        written += part
    os.close(master)
    process.wait(10)
    return written.decode().replace("\r\n", "\n")


def test_status_fits_the_window(mails):
    until(lambda: mails.group("blind").get("measurement"), 10, "it was tried")
    text = on_a_terminal(lab.BINARY, "status", "--state", mails.state, columns=60, rows=50)
    assert max(len(line) for line in text.splitlines()) <= 60
    plain = mails.weir("status").stdout
    assert max(len(line) for line in plain.splitlines()) > 60, "what goes to a file is not wrapped"
    assert re.search(r"^  queue +missing: ", plain, re.M)
    assert plain.count("missing: ") == 1


@pytest.mark.parametrize(
    "rows, last", [(12, "… 1 more group"), (5, "… 4 more lines and 1 more group"), (40, "             ")]
)
def test_watching_fits_the_window_and_does_not_flicker(mails, rows, last):
    watch = [lab.BINARY, "status", "--watch", "--state", mails.state]
    text = on_a_terminal(*watch, columns=160, rows=rows, seconds=1.5)
    frames = text.split("\x1b[H")[1:]
    assert len(frames) >= 2
    assert text.count("\x1b[2J") == 1, "cleared once, drawn over since"
    for frame in frames:
        lines = frame.removesuffix("\x1b[J").replace("\x1b[K", "").splitlines()
        assert len(lines) < rows and lines[0].startswith("blind")
        assert lines[-1].startswith(last)


@pytest.mark.parametrize(
    "words",
    [
        ["simulate", "policies/thumbnails.yaml", "--generate", "poisson rate=30/h for=1h taking=20s"],
        ["test", "policies/thumbnails.yaml"],
        ["export", "policies/thumbnails.yaml", "--to", "terraform"],
        ["check", "--explain", "policies/thumbnails.yaml"],
        ["schema"],
    ],
    ids=lambda words: words[0],
)
def test_a_result_that_cannot_be_written_is_a_failure(words):
    with open("/dev/full", "w") as full:
        words = [lab.BINARY, *words]
        environment = lab.clean_environment()
        done = subprocess.run(words, cwd=lab.ROOT, env=environment, stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 1
    assert done.stderr.endswith("weir: cannot write the result to the standard output: No space left on device\n")


def test_who_closes_a_pipe_hears_no_complaint():
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [lab.BINARY, "schema"], env=lab.clean_environment(), stdout=writer, stderr=subprocess.PIPE, text=True
    )
    os.close(writer)
    assert done.stderr == ""


@pytest.mark.parametrize(("value", "fix"), [("10", "10MiB"), ("1G", "1GiB"), ("400KB", "400kB")])
def test_a_size_without_its_unit_is_told_what_is_expected(value, fix):
    done = run(lab.BINARY, "run", "policies/demo.yaml", "--records-size", value, check=False)
    assert done.returncode == 2
    assert "expected a size with its unit, such as 256MB or 1GiB" in done.stderr.splitlines()[0]
    assert f"did you mean '{fix}'?" in done.stderr
