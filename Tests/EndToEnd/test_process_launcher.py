"""Workers as processes of this machine, from what the kernel says of them."""

import os
import signal
from pathlib import Path

import lab
from lab import policy, until


def start(weirs, command, **options):
    launcher = {"process": {"command": command, **options.pop("process", {})}}
    weir = weirs(policy("local", launcher, min_size=1, out=lab.NEVER, into=lab.NEVER, **options)).start()
    until(lambda: len(weir.in_service("local")) == 1, 20, "it is in service")
    return weir


def pids(weir, name):
    found = lab.processes_told("AWS_ENDPOINT_URL", weir.endpoint)
    return [pid for pid in found if command_name(pid) == name]


def command_name(pid):
    """None when it has ended meanwhile."""
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except (FileNotFoundError, ProcessLookupError):
        return None


def test_its_whole_process_group_ends(weirs):
    weir = start(weirs, ["sh", "-c", "sleep 1111 & sleep 1112 & wait"])
    until(lambda: len(pids(weir, "sleep")) == 2, 10, "its children run")
    [leader] = {os.getpgid(pid) for pid in pids(weir, "sleep")}
    assert leader != os.getpgid(weir.process.pid)
    gone = pids(weir, "sleep")
    weir.weir("terminate", "local", weir.instances("local")[0])
    until(lambda: not set(gone) & set(pids(weir, "sleep")), 20, "the children ended too")


def test_sigterm_comes_before_sigkill_and_the_grace_is_kept(weirs, tmp_path):
    note = tmp_path / "note"
    stubborn = f"trap 'echo asked >> {note}' TERM; echo up >> {note}; while :; do sleep 0.1; done"
    weir = start(weirs, ["sh", "-c", stubborn], stop_timeout="2s", max_size=1)
    until(lambda: note.exists(), 10, "it has set its trap")
    [instance] = weir.instances("local")
    weir.weir("suspend", "local", "Launch")
    began = lab.time.monotonic()
    weir.weir("terminate", "local", instance)
    until(lambda: "asked" in note.read_text(), 10, "it is asked first")
    assert instance in weir.instances("local"), "and has its two seconds"
    until(lambda: instance not in weir.instances("local"), 20, "then it is ended")
    assert 1.9 < lab.time.monotonic() - began < 15


def test_a_worker_that_ends_is_replaced_at_once(weirs):
    slowly = (lab.alarm("visible", ">=", 1_000_000, period="60s"), lab.exactly(0))
    launcher = {"process": {"command": ["sleep", "2222"]}}
    weir = weirs(policy("local", launcher, min_size=1, out=slowly, into=slowly, poll_interval="60s")).start()
    [before] = until(lambda: weir.in_service("local"), 20, "it is in service")
    [pid] = pids(weir, "sleep")
    os.kill(pid, signal.SIGKILL)
    until(
        lambda: weir.in_service("local") not in ([], [before]), 20, "another one is, long before the next measurement"
    )


def test_environment_folder_and_limits(weirs, tmp_path):
    note = tmp_path / "note"
    command = [
        "sh",
        "-c",
        f"env > {note}.env; pwd > {note}.pwd; ulimit -n > {note}.files; nice > {note}.nice; exec sleep 99",
    ]
    options = {
        "working_directory": str(tmp_path),
        "environment": {"GREETING": "hello", "AWS_ENDPOINT_URL": "mine"},
        "open_files": 123,
        "niceness": 5,
    }
    start(weirs, command, process=options)
    until(lambda: Path(f"{note}.nice").exists() and Path(f"{note}.nice").read_text(), 10, "it has written everything")
    variables = dict(line.split("=", 1) for line in Path(f"{note}.env").read_text().splitlines() if "=" in line)
    assert variables["GREETING"] == "hello"
    assert variables["AWS_ENDPOINT_URL"].startswith("http://127.0.0.1:"), "what weir tells an instance wins"
    assert Path(f"{note}.pwd").read_text().strip() == str(tmp_path)
    assert Path(f"{note}.files").read_text().strip() == "123"
    assert int(Path(f"{note}.nice").read_text()) == os.nice(0) + 5


def test_a_secret_reaches_the_worker_and_nothing_else(weirs, tmp_path):
    note = tmp_path / "note"
    launcher = {
        "process": {
            "command": ["sh", "-c", f"echo $TOKEN > {note}; exec sleep 99"],
            "environment": {"TOKEN": "${SECRET_OF_THE_TEST}"},
        }
    }
    weir = weirs(
        policy("local", launcher, min_size=1, out=lab.NEVER, into=lab.NEVER),
        environment={"SECRET_OF_THE_TEST": "swordfish-4711"},
    ).start()
    until(lambda: note.exists() and note.read_text().strip() == "swordfish-4711", 20, "the worker has it")
    for path in weir.home.rglob("*"):
        if path.is_file():
            assert b"swordfish-4711" not in path.read_bytes(), f"it stands in {path}"
    assert "swordfish-4711" not in lab.run(lab.BINARY, "check", weir.policies, "--explain").stdout
    assert "swordfish-4711" not in weir.weir("status", "--format", "json").stdout
