"""How a weir ends, and how the next one goes on."""

import lab
from lab import always, policy, until


def group_of_two(**more):
    return policy("lasting", lab.sleeping_worker(), min_size=2, into=lab.NEVER, out=lab.NEVER, **more)


def pids(weir):
    return lab.processes_told("AWS_ENDPOINT_URL", weir.endpoint)


def test_sigterm_leaves_workers_at_work_and_says_so(weirs):
    weir = weirs(group_of_two()).start()
    until(lambda: len(weir.in_service("lasting")) == 2, 20, "two are in service")
    instances, processes = weir.instances("lasting"), pids(weir)
    assert weir.stop() == 0
    assert "leaves 2 instances at work" in weir.log_text()
    assert pids(weir) == processes
    weir.start()
    assert weir.instances("lasting") == instances, "the next start knows them at once"
    always(lambda: weir.instances("lasting") == instances and pids(weir) == processes, 3, "and launches no others")
    assert weir.group("lasting")["totals"]["launches"] == 0


def test_kill_9_loses_nobody_and_doubles_nobody(weirs):
    weir = weirs(policy("lasting", lab.sleeping_worker(), min_size=4, into=lab.NEVER, out=lab.NEVER)).start()
    for round_ in range(5):
        # From the first tick on: also while launches are under way.
        until(lambda: len(weir.instances("lasting")) == 4, 20, "four are planned or there")
        weir.kill9()
        weir.start()
    until(lambda: len(weir.in_service("lasting")) == 4, 20, "four are in service")
    workers = [pid for pid in pids(weir) if lab.Path(f"/proc/{pid}/comm").read_text().strip() == "sleep"]
    assert len(workers) == 4


def test_what_died_meanwhile_is_replaced(weirs):
    weir = weirs(group_of_two()).start()
    until(lambda: len(weir.in_service("lasting")) == 2, 20, "two are in service")
    before = weir.instances("lasting")
    weir.stop()
    for pid in pids(weir):
        lab.os.kill(pid, lab.signal.SIGKILL)
    weir.start()
    until(lambda: len(weir.in_service("lasting")) == 2, 30, "two are in service again")
    assert not set(weir.instances("lasting")) & set(before)


def test_drain_ends_the_workers_first(weirs, tmp_path):
    text = policy(
        "brief",
        lab.noting_worker("brief", tmp_path / "notes", work_seconds=2),
        min_size=2,
        into=lab.NEVER,
        out=lab.NEVER,
    )
    weir = weirs(text, arguments=["--drain"]).start()
    queue = weir.queue("brief")
    queue.send("one", "two")
    until(lambda: queue.depth() == (0, 2, 0), 20, "both work")
    assert weir.stop(within=30) == 0
    assert pids(weir) == []
    noted = lab.events(tmp_path / "notes")
    assert (
        sorted(e["event"] for e in noted if e["event"] in ("received", "deleted")) == ["deleted"] * 2 + ["received"] * 2
    )
    assert all(e["holding"] is None for e in noted if e["event"] == "told to stop")


def test_an_operators_words_outlive_the_daemon(weirs):
    weir = weirs(group_of_two(max_size=5)).start()
    weir.weir("set-desired", "lasting", "3")
    until(lambda: len(weir.in_service("lasting")) == 3, 20, "three are in service")
    protected = weir.instances("lasting")[0]
    weir.weir("protect", "lasting", protected)
    weir.weir("suspend", "lasting", "Terminate")
    weir.kill9()
    weir.start()
    group = weir.group("lasting")
    assert group["desired_capacity"] == 3
    assert group["suspended"] == ["Terminate"]
    assert [i["id"] for i in group["instances"] if i.get("protected", i.get("protected_from_scale_in"))] == [protected]


def test_a_second_signal_ends_a_drain_at_once(weirs, tmp_path):
    text = policy("slow", lab.noting_worker("slow", tmp_path / "notes", work_seconds=600), min_size=1, into=lab.NEVER)
    weir = weirs(text, arguments=["--drain"]).start()
    queue = weir.queue("slow")
    queue.send("one")
    until(lambda: queue.depth() == (0, 1, 0), 20, "it works")
    weir.signal(lab.signal.SIGTERM)
    until(lambda: "weir drains" in weir.log_text(), 10, "it drains")
    assert weir.stop(within=10) == 1
    assert pids(weir) != [], "the worker goes on"
    assert not any(noted["event"] == "told to stop" for noted in lab.events(tmp_path / "notes"))


def test_a_drain_keeps_the_desired_capacity(weirs):
    weir = weirs(group_of_two(max_size=5), arguments=["--drain"]).start()
    weir.weir("set-desired", "lasting", "3")
    until(lambda: len(weir.in_service("lasting")) == 3, 20, "three are in service")
    assert weir.stop(within=30) == 0
    assert pids(weir) == []
    weir.start()
    until(lambda: len(weir.in_service("lasting")) == 3, 20, "three are in service again")


def test_who_was_being_ended_receives_nothing_after_a_restart(weirs, tmp_path):
    """weir is killed after it decided an end, and before the worker heard of it."""
    text = policy("ended", lab.noting_worker("ended", tmp_path / "notes"), min_size=1, into=lab.NEVER, out=lab.NEVER)
    weir = weirs(text).start()
    until(lambda: len(weir.in_service("ended")) == 1, 20, "one is in service")
    doomed = weir.instances("ended")[0]
    weir.queue("ended")
    weir.kill9()
    path = weir.state / "groups/ended.json"
    stored = lab.json.loads(path.read_text())
    [instance] = stored["state"]["fleet"]
    instance["lifecycleState"] = "Terminating:Proceed"
    path.write_text(lab.json.dumps(stored))
    weir.start()
    weir.queue("ended").send("work")
    until(lambda: [e for e in lab.events(tmp_path / "notes") if e["event"] == "deleted"], 30, "the work is done")
    noted = lab.events(tmp_path / "notes")
    started = {e["worker"]: e["instance"] for e in noted if e["event"] == "started"}
    assert [started[e["worker"]] == doomed for e in noted if e["event"] == "received"] == [False]


def test_a_port_by_which_workers_know_weir_is_not_exchanged_silently(weirs):
    weir = weirs(group_of_two()).start(wait=False, port=0)
    answers = lambda: weir.weir("status", check=False).returncode == 0  # noqa: E731
    until(lambda: answers() and len(weir.in_service("lasting")) == 2, 20, "two are in service")
    port = int((weir.state / "port").read_text())
    weir.stop()
    with lab.socket.create_server(("127.0.0.1", port)):
        weir.start(wait=False, port=0)
        assert weir.process.wait(20) == 1
        assert f"port {port}, where 2 of its instances at work know weir, is taken" in weir.log_text()
    weir.start(wait=False, port=0)
    until(lambda: answers() and len(weir.in_service("lasting")) == 2, 20, "with the port free it goes on")
    assert int((weir.state / "port").read_text()) == port
    weir.endpoint = f"http://127.0.0.1:{port}"  # where its workers are looked for at the end
