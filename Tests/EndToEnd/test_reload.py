"""Policies are read again on SIGHUP and when a file changes."""

import signal

import lab
from lab import always, policy, until

# Long enough that no file watcher looks in between, where SIGHUP alone is to be seen at work.
STEADY = {"into": lab.NEVER, "out": lab.NEVER}


def pids(weir):
    return lab.processes_told("WEIR_INSTANCE_ID", "i-") and lab.processes_told("AWS_ENDPOINT_URL", weir.endpoint)


def test_a_good_file_takes_effect_without_touching_running_work(weirs):
    weir = weirs(policy("steady", lab.sleeping_worker(), min_size=2, **STEADY)).start()
    until(lambda: len(weir.in_service("steady")) == 2, 20, "two are in service")
    instances, processes = weir.instances("steady"), pids(weir)
    weir.write_policy(policy("steady", lab.sleeping_worker(), min_size=3, **STEADY))
    weir.signal(signal.SIGHUP)
    until(lambda: len(weir.in_service("steady")) == 3, 20, "the new minimum holds")
    assert weir.instances("steady")[:2] == instances
    assert set(processes) <= set(pids(weir)), "the same processes still run"


def test_a_changed_file_is_noticed_without_a_signal(weirs):
    weir = weirs(policy("steady", lab.sleeping_worker(), min_size=1, **STEADY)).start()
    until(lambda: len(weir.in_service("steady")) == 1, 20, "one is in service")
    weir.write_policy(policy("steady", lab.sleeping_worker(), min_size=2, **STEADY))
    until(lambda: len(weir.in_service("steady")) == 2, 20, "the new minimum holds")


def test_a_bad_file_changes_nothing_and_is_reported(weirs):
    weir = weirs(
        policy("good", lab.sleeping_worker(), min_size=1, **STEADY),
        policy("other", lab.sleeping_worker(), min_size=1, **STEADY),
    ).start()
    until(lambda: len(weir.in_service("good")) == len(weir.in_service("other")) == 1, 20, "both run")
    before = [(group["group"], group["min_size"], weir.instances(group["group"])) for group in weir.groups()]
    weir.write_policy(policy("good", lab.sleeping_worker(), min_size=2, **STEADY))
    weir.write_policy(policy("other", lab.sleeping_worker(), min_size=2, max_sise=9, **STEADY))
    weir.signal(signal.SIGHUP)
    until(lambda: "max_sise" in weir.log_text() and "max_size" in weir.log_text(), 10, "the mistake is in the log")
    assert "other.yaml:" in weir.log_text()
    assert "max_sise" in lab.json.loads(weir.get("/healthz"))["policy_trouble"]
    assert weir.metric("weir_policies_in_force") == 0
    assert weir.weir("status").stdout.startswith("policies  not in force as they are now, since ")
    always(
        lambda: [(g["group"], g["min_size"], weir.instances(g["group"])) for g in weir.groups()] == before,
        2,
        "nothing changed, not even in the file that is good",
    )
    weir.write_policy(policy("other", lab.sleeping_worker(), min_size=2, **STEADY))
    until(
        lambda: len(weir.in_service("good")) == len(weir.in_service("other")) == 2, 20, "corrected, both changes hold"
    )
    assert "policy_trouble" not in lab.json.loads(weir.get("/healthz"))
    assert weir.metric("weir_policies_in_force") == 1


def test_a_new_group_starts_and_a_removed_one_drains(weirs, tmp_path):
    weir = weirs(policy("leaver", lab.puppets(tmp_path / "notes"), min_size=2, **STEADY)).start()
    until(lambda: len(weir.in_service("leaver")) == 2, 20, "two are in service")
    busy = lab.Puppet(tmp_path / "notes", weir.in_service("leaver")[0])
    queue = weir.queue("leaver", VisibilityTimeout="30")
    queue.send("in hand")
    [message] = busy.call("sqs", "receive_message", QueueUrl=queue.url)["Messages"]

    weir.write_policy(policy("joiner", lab.sleeping_worker(), min_size=1, **STEADY))
    (weir.policies / "leaver.yaml").unlink()
    weir.signal(signal.SIGHUP)
    until(lambda: len(weir.in_service("joiner")) == 1, 20, "the new group runs")
    until(lambda: weir.instances("leaver") == [busy.instance], 20, "who is idle ends, who is busy does not")
    busy.call("sqs", "delete_message", QueueUrl=queue.url, ReceiptHandle=message["ReceiptHandle"])
    until(lambda: [group["group"] for group in weir.groups()] == ["joiner"], 20, "then the group is gone")


def test_a_change_of_the_source_stops_nobody_with_a_message_of_the_former_one(weirs, tmp_path):
    notes = tmp_path / "notes"
    worker = lab.noting_worker("moved", notes, work_seconds=6)
    weir = weirs(policy("moved", worker, max_size=1)).start()
    queue = weir.queue("moved")
    queue.send("one")
    until(lambda: queue.depth() == (0, 1, 0), 20, "it works")
    empty = {"command": {"shell": 'echo \'{"visible": 0, "in_flight": 0}\''}}
    weir.write_policy(policy("moved", worker, max_size=1, source=empty))
    weir.signal(signal.SIGHUP)
    until(lambda: weir.is_at_zero("moved"), 60, "nobody is wanted any more, and in the end nobody is there")
    noted = [noted["event"] for noted in lab.events(notes)]
    assert noted == ["started", "ready", "received", "deleting", "deleted", "told to stop"]


def test_a_file_that_is_gone_for_a_moment_costs_nobody(weirs):
    weir = weirs(
        policy("steady", lab.sleeping_worker(), min_size=2, **STEADY), policy("other", lab.sleeping_worker(), **STEADY)
    ).start()
    until(lambda: len(weir.in_service("steady")) == 2, 20, "two are in service")
    path, aside = weir.policies / "steady.yaml", weir.home / "aside"
    path.rename(aside)
    always(lambda: len(weir.in_service("steady")) == 2, 1.2, "a checkout takes so long")
    aside.rename(path)
    always(lambda: len(weir.in_service("steady")) == 2, 4, "nothing happens afterwards")
    assert "is chosen to end" not in weir.log_text()
    path.unlink()
    until(lambda: "steady" not in weir.running(), 20, "a file that stays away takes its group with it")
