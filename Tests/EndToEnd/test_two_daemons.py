"""One daemon a state folder."""

import lab
from lab import policy, run, until


def second(weir):
    """Another daemon on the same folder: how it ended."""
    return run(
        lab.BINARY, "run", weir.policies, "--listen", "127.0.0.1:0", "--state", weir.state, check=False, cwd=weir.home
    )


def test_the_second_refuses_and_names_the_first(weirs):
    weir = weirs(policy("only", lab.sleeping_worker(), min_size=1, into=lab.NEVER)).start()
    until(lambda: len(weir.in_service("only")) == 1, 20, "the instance is in service")
    before = weir.instances("only")
    ended = second(weir)
    assert ended.returncode == 1
    assert str(weir.process.pid) in ended.stderr and str(weir.state) in ended.stderr
    assert weir.healthy() and weir.instances("only") == before, "the first goes on undisturbed"


def test_a_killed_one_is_in_nobodys_way(weirs):
    weir = weirs(policy("only", lab.sleeping_worker(), min_size=1, into=lab.NEVER)).start()
    weir.kill9()
    weir.start()
    until(lambda: len(weir.in_service("only")) == 1, 20, "it goes on")
