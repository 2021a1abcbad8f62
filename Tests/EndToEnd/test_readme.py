"""The README is true: its policy is one, its mistake gets that answer, its commands do what it says they do."""

import os
import re
import shlex
import signal
import subprocess
from contextlib import contextmanager

import lab
import pytest
from lab import ROOT, until

README = (ROOT / "README.md").read_text()
# Fenced blocks with the language that they name, in the order of the page.
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", README, re.M | re.S)
COMMANDS = [
    re.sub(r"\s{2,}#.*", "", line).removeprefix("$ ")
    for language, block in BLOCKS
    if not language
    for line in block.splitlines()
    if re.match(r"(\$ )?(weir|make|aws|eval) ", line)
]


def block_with(text):
    return next(block for _, block in BLOCKS if text in block)


def without_chance(text):
    """The lines, without times of day and ids."""
    return [re.sub(r"i-[0-9a-f]{17}|^\d\d:\d\d:\d\d", "…", line) for line in text.splitlines()]


class Shell:
    """What the README's reader types into: weir on the PATH, the policies beside, an engine that DOCKER_HOST names."""

    def __init__(self, home, engine):
        self.home = home
        for folder in ("policies", "examples"):
            (home / folder).symlink_to(ROOT / folder)
        self.environment = lab.clean_environment(
            HOME=home, WEIR_STATE=home / "state", DOCKER_HOST=engine, AWS_SHARED_CREDENTIALS_FILE=home / "none"
        )
        self.environment["PATH"] = f"{lab.BINARY.parent}:{ROOT / '.build-venv/bin'}:{self.environment['PATH']}"

    def run(self, script, status=0, within=60):
        done = subprocess.run(
            ["bash", "-c", script], cwd=self.home, env=self.environment, capture_output=True, text=True, timeout=within
        )
        assert done.returncode == status, f"{script}: {done.returncode}\n{done.stdout}{done.stderr}"
        return done

    @contextmanager
    def running(self, command, says):
        """The command, once it has said so; at the end it is interrupted."""
        path = self.home / "output"
        with path.open("w") as output:
            process = subprocess.Popen(
                shlex.split(command), cwd=self.home, env=self.environment, stdout=output, stderr=subprocess.STDOUT
            )
        try:
            until(lambda: says in path.read_text(), 30, f"{command} says: {says}\n{path.read_text()}")
            yield path
        finally:
            process.send_signal(signal.SIGINT)
            assert process.wait(30) == 0


@pytest.fixture
def shell(tmp_path_factory, docker_engine):
    return Shell(tmp_path_factory.mktemp("r"), docker_engine)


def test_the_policy_is_one(shell):
    (shell.home / "thumbnails.yaml").write_text(block_with("group: thumbnails"))
    done = shell.run("weir check thumbnails.yaml")
    assert done.stderr == ""


def test_the_mistake_gets_that_answer(shell):
    command, *answer = block_with("did you mean").splitlines()
    policy = block_with("group: thumbnails").splitlines()
    line = int(re.search(r":(\d+):", answer[0])[1])
    policy[line - 1] = re.search(r"\| (\S.*)", answer[1])[1]
    (shell.home / "thumbnails.yaml").write_text("\n".join(policy) + "\n")
    assert shell.run(command.removeprefix("$ "), status=2).stderr.strip().splitlines() == answer


def test_every_command_works(shell):
    left = list(COMMANDS)

    def next_is(pattern):
        command = left.pop(0)
        assert re.fullmatch(pattern, command), f"the README goes on with: {command}"
        return command

    def make(target):
        assert target in shell.run(f"make --dry-run --directory {ROOT} {target}").stdout

    next_is("make demo")  # test_demo.py
    next_is("weir check thumbnails.yaml")  # above
    next_is("make release")
    make("release")
    shell.run(next_is(r"weir check \S+"))
    assert "desired 0" in shell.run(next_is(r"weir plan \S+")).stdout
    dry_run, run = next_is(r"weir run \S+ --dry-run"), next_is(r"weir run \S+")

    listen = f" --listen 127.0.0.1:{lab.free_port()}"
    with shell.running(run + listen, says="weir runs"):
        # The image of this policy is nobody's, so nothing starts; what is launched is for the tests of the launchers.
        shell.run("weir suspend thumbnails Launch")
        assert "thumbnails" in shell.run(next_is("weir status")).stdout
        shell.run(next_is(r"weir set-desired thumbnails \d"))
        shell.run("weir set-desired thumbnails 0")
        shell.run(next_is(r"weir queue send thumbnails .*"))
        assert "1" in shell.run(next_is("weir queue stats thumbnails")).stdout
        environment = next_is(r'eval "\$\(weir env\)"')
        assert "/thumbnails" in shell.run(f"{environment}\n{next_is(r'aws sqs .*')}").stdout
        simulated = shell.run(next_is(r"weir simulate \S+ --trace \S+ .* --html yesterday\.html"))
        assert "249327 completed" in simulated.stdout
        assert "<svg" in (shell.home / "yesterday.html").read_text()
        tuned = shell.run(next_is(r"weir tune .* --output tuned\.yaml"), within=240)
        assert "written to tuned.yaml" in tuned.stdout
        assert "wait-target.yaml" in shell.run(next_is(r"weir compare \S+ tuned\.yaml .* --html compared\.html")).stdout
        shell.run(next_is("weir test policies/"))
        assert "kept its desired capacity" in shell.run(next_is("weir explain thumbnails")).stdout
        assert "thumbnails" in shell.run(next_is("weir top --once")).stdout
        assert left == []
        shell.run("seq 239 | weir queue send thumbnails --lines")

    # What it shows of a dry run, of a group that never ran before.
    (shell.home / "state/groups/thumbnails.json").unlink()
    shown = without_chance(block_with("DRY RUN"))
    with shell.running(dry_run, says="to reach 1 desired") as output:
        assert without_chance(output.read_text())[: len(shown)] == shown


def test_every_link_leads_somewhere():
    for page in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text()):
            assert os.path.exists(page.parent / target), f"{page.relative_to(ROOT)} leads to {target}"
