"""Groups that share a limit: never more than it together, the higher one first, and each says why."""

import contextlib
import json
import signal
import threading
from pathlib import Path

import lab
import pytest
from lab import always, policy, until


def member(group, workers, most, priority=0, units=1, **settings):
    """A group of the fleet 'machine' that wants `most` as soon as a message waits in its queue."""
    fleet = {"name": "machine", "priority": priority, "units": units}
    source = {"embedded": {"queue": group, "visibility_timeout": "120s"}}
    return policy(group, workers, source, max_size=most, fleet=fleet, **settings)


class Census(threading.Thread):
    """Counts, again and again, what the instances of all groups take together, by what the kernel says of them."""

    def __init__(self, weir, limit, units=None):
        super().__init__(daemon=True)
        self.weir, self.limit, self.units = weir, limit, units or {}
        self.looks, self.most, self.excess = 0, 0, []
        self.group_of = {}
        self.over = threading.Event()

    def run(self):
        while not self.over.wait(0.02):
            self.look()

    def look(self):
        found = lab.instances_told("AWS_ENDPOINT_URL", self.weir.endpoint)
        for instance, pids in found.items():
            if instance not in self.group_of:
                self.group_of[instance] = group_told(pids)
        # Who ended, and who began, while all were looked at may never have been there together: only who is still there
        # at the end was.
        alive = [instance for instance, pids in found.items() if any(map(is_alive, pids))]
        taken = sum(self.units.get(self.group_of[instance], 1) for instance in alive)
        self.looks += 1
        self.most = max(self.most, taken)
        if taken > self.limit:
            self.excess.append((taken, sorted((self.group_of[instance], instance) for instance in alive)))


def group_told(pids):
    for pid in pids:
        with contextlib.suppress(OSError):
            for variable in Path(f"/proc/{pid}/environ").read_bytes().decode(errors="replace").split("\0"):
                if variable.startswith("WEIR_GROUP="):
                    return variable.partition("=")[2]
    return None


def is_alive(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


@pytest.fixture
def counted():
    """Begins a census of a weir. At the end of the test it has seen no excess, and has looked often."""
    begun = []

    def begin(weir, limit, units=None):
        census = Census(weir, limit, units)
        begun.append(census)
        census.start()
        return census

    yield begin
    for census in begun:
        census.over.set()
        census.join()
        assert census.looks > 20
        assert census.excess == [], f"more than {census.limit} units at once"


def reasons(weir, group):
    return [reason["sentence"] for reason in weir.group(group)["last_decision"]["reasons"]]


def line(weir, group, title):
    """The row of `weir status` with this title."""
    rows = weir.weir("status", group).stdout.splitlines()
    return next((row.split(None, 1)[1] for row in rows if row.split(None, 1)[0] == title), None)


def test_the_higher_group_goes_first_and_the_lower_one_has_what_is_left(weirs, counted, tmp_path):
    notes = tmp_path / "notes"
    weir = weirs(
        lab.fleet("machine", 4),
        member("bulk", lab.puppets(notes), 4),
        member("urgent", lab.sleeping_worker(), 3, priority=10),
    ).start()
    census = counted(weir, 4)
    bulk, urgent = weir.queue("bulk"), weir.queue("urgent")
    bulk.send("one", "two", "three")
    until(lambda: len(weir.in_service("bulk")) == 4, 30, "alone it has all of the machine")
    assert line(weir, "bulk", "fleet") == "machine  4 of 4 units  at most 4 instances, 0 more now  priority 0"

    busy = lab.Puppet(notes, weir.in_service("bulk")[1])
    [message] = busy.call("sqs", "receive_message", QueueUrl=bulk.url)["Messages"]
    urgent.send("now")
    until(lambda: len(weir.in_service("urgent")) == 3, 30, "those of bulk that are idle make room")
    assert weir.instances("bulk") == [busy.instance], "who is at work stays"
    assert "limited to 1 by fleet machine: 4 units, urgent takes 3" in reasons(weir, "bulk")
    view = weir.group("bulk")
    assert view["desired_capacity"] == 4, "it still wants what it wanted"
    others = [{"group": "urgent", "share": 3, "taken": 3}]
    assert view["fleet"] == {
        "name": "machine",
        "limit": 4,
        "priority": 0,
        "units": 1,
        "taken": 1,
        "instances": 1,
        "launches": 0,
        "limited": True,
        "others": others,
    }
    assert line(weir, "bulk", "fleet") == "machine  1 of 4 units  at most 1 instance, 0 more now  priority 0  urgent 3"
    assert weir.group("urgent")["fleet"]["limited"] is False
    assert weir.metric("weir_busy_terminations_total", group="bulk") == 0

    busy.call("sqs", "delete_message", QueueUrl=bulk.url, ReceiptHandle=message["ReceiptHandle"])
    weir.weir("queue", "purge", "urgent")
    until(lambda: weir.is_at_zero("urgent"), 30, "urgent has nothing to do any more")
    until(lambda: len(weir.in_service("bulk")) == 4, 30, "bulk has the machine back, without another alarm")
    assert weir.group("bulk")["fleet"]["limited"] is False
    assert census.most == 4


def test_the_higher_group_waits_for_work_to_be_finished_and_says_for_whose(weirs, counted, tmp_path):
    notes = tmp_path / "notes"
    weir = weirs(
        lab.fleet("machine", 2),
        member("bulk", lab.puppets(notes), 2),
        member("urgent", lab.sleeping_worker(), 2, priority=10),
    ).start()
    counted(weir, 2)
    bulk, urgent = weir.queue("bulk"), weir.queue("urgent")
    bulk.send("one", "two")
    first, second = (lab.Puppet(notes, i) for i in until(lambda: two(weir.in_service("bulk")), 30, "both are there"))
    [one] = first.call("sqs", "receive_message", QueueUrl=bulk.url)["Messages"]
    [two_] = second.call("sqs", "receive_message", QueueUrl=bulk.url)["Messages"]
    urgent.send("now")
    waits = "2 launches wait for room in fleet machine: 2 units, bulk still has 2"
    until(lambda: waits in reasons(weir, "urgent"), 20, "it says what it waits for")
    assert line(weir, "urgent", "fleet") == (
        "machine  0 of 2 units  at most 2 instances, 0 more now  priority 10  bulk 2 of its 0"
    )
    always(lambda: weir.in_service("bulk") == [first.instance, second.instance], 2, "nobody at work is ended")
    assert any(
        reason.startswith("2 more than fleet machine has room for; with a message in hand: ")
        for reason in reasons(weir, "bulk")
    )

    first.call("sqs", "delete_message", QueueUrl=bulk.url, ReceiptHandle=one["ReceiptHandle"])
    until(lambda: len(weir.in_service("urgent")) == 1, 20, "the first has finished, and one of urgent takes its room")
    assert weir.instances("bulk") == [second.instance]
    second.call("sqs", "delete_message", QueueUrl=bulk.url, ReceiptHandle=two_["ReceiptHandle"])
    until(lambda: len(weir.in_service("urgent")) == 2, 20, "then the second")
    assert weir.metric("weir_busy_terminations_total", group="bulk") == 0


def two(instances):
    return instances if len(instances) == 2 else None


def test_room_that_is_too_small_for_one_more_of_the_higher_group_is_for_the_lower_one(weirs, counted):
    weir = weirs(
        lab.fleet("machine", 5),
        member("bulk", lab.sleeping_worker(), 5),
        member("urgent", lab.sleeping_worker(), 3, priority=10, units=2),
    ).start()
    census = counted(weir, 5, {"urgent": 2})
    weir.queue("urgent").send("now")
    weir.queue("bulk").send("later")
    until(lambda: len(weir.in_service("urgent")) == 2, 30, "of three it wants, two fit")
    until(lambda: len(weir.in_service("bulk")) == 1, 30, "and one of the lower group beside them")
    until(
        lambda: "limited to 2 by fleet machine: 5 units, 2 for each instance, bulk takes 1" in reasons(weir, "urgent"),
        10,
        "it says so",
    )
    assert "limited to 1 by fleet machine: 5 units, urgent takes 4" in reasons(weir, "bulk")
    always(lambda: (len(weir.instances("urgent")), len(weir.instances("bulk"))) == (2, 1), 2, "there it stays")
    assert census.most == 5


@pytest.mark.parametrize("pause", [0, 0.15, 0.4])
def test_killed_while_room_changes_hands_it_keeps_the_limit(weirs, counted, pause):
    weir = weirs(
        lab.fleet("machine", 4),
        member("bulk", lab.sleeping_worker(), 4),
        member("urgent", lab.sleeping_worker(), 3, priority=10),
    ).start()
    census = counted(weir, 4)
    weir.queue("bulk").send("one")
    until(lambda: len(weir.in_service("bulk")) == 4, 30, "bulk has all of it")
    weir.queue("urgent").send("now")
    until(lambda: weir.group("urgent")["desired_capacity"] == 3, 20, "urgent wants three", every=0.01)
    lab.time.sleep(pause)
    weir.kill9()
    weir.start()
    until(lambda: len(weir.in_service("urgent")) == 3, 30, "urgent comes to have them")
    until(lambda: len(weir.in_service("bulk")) == 1 == len(weir.instances("bulk")), 30, "and bulk the rest")
    kept = weir.instances("urgent") + weir.instances("bulk")

    weir.kill9()
    always(lambda: len(lab.instances_told("AWS_ENDPOINT_URL", weir.endpoint)) == 4, 1, "they live on without it")
    weir.start()
    always(
        lambda: weir.instances("urgent") + weir.instances("bulk") == kept, 3, "a restart at the limit changes nothing"
    )
    assert "limited to 1 by fleet machine: 4 units, urgent takes 3" in reasons(weir, "bulk")
    assert census.most == 4


def test_a_changed_limit_is_followed(weirs, counted, tmp_path):
    notes = tmp_path / "notes"
    weir = weirs(
        lab.fleet("machine", 2),
        member("bulk", lab.puppets(notes), 4),
        member("urgent", lab.sleeping_worker(), 1, priority=10, min_size=1),
    ).start()
    census = counted(weir, 2)
    queue = weir.queue("bulk")
    queue.send("one", "two")
    until(lambda: len(weir.in_service("bulk")) == len(weir.in_service("urgent")) == 1, 30, "one of each")

    census.limit = 4
    weir.write_policy(lab.fleet("machine", 4))
    weir.signal(signal.SIGHUP)
    until(lambda: len(weir.in_service("bulk")) == 3, 30, "more room, and it is taken at once")
    assert weir.group("bulk")["fleet"]["limit"] == 4

    busy = lab.Puppet(notes, weir.in_service("bulk")[2])
    [message] = busy.call("sqs", "receive_message", QueueUrl=queue.url)["Messages"]
    weir.write_policy(lab.fleet("machine", 1))
    weir.signal(signal.SIGHUP)
    until(lambda: weir.instances("bulk") == [busy.instance], 30, "a lower limit ends who is idle, and nobody at work")
    census.limit = 2
    always(lambda: weir.in_service("bulk") == [busy.instance], 2, "however long it takes")
    assert len(weir.in_service("urgent")) == 1, "nor what is a minimum"
    assert line(weir, "bulk", "fleet") == (
        "machine  1 of 1 unit  at most 0 instances, 0 more now  priority 0  urgent 1"
    )
    busy.call("sqs", "delete_message", QueueUrl=queue.url, ReceiptHandle=message["ReceiptHandle"])
    until(lambda: weir.instances("bulk") == [], 20, "the limit is kept when it has finished")
    census.limit = 1


def test_a_limit_that_cannot_hold_changes_nothing_and_is_reported(weirs, counted):
    weir = weirs(
        lab.fleet("machine", 3),
        member("bulk", lab.sleeping_worker(), 4, min_size=1),
        member("urgent", lab.sleeping_worker(), 2, priority=10, min_size=2),
    ).start()
    counted(weir, 3)
    until(lambda: len(weir.in_service("bulk")) == 1 and len(weir.in_service("urgent")) == 2, 30, "the minimums")
    before = weir.instances("bulk") + weir.instances("urgent")
    weir.write_policy(lab.fleet("machine", 2))
    weir.signal(signal.SIGHUP)
    trouble = until(lambda: json.loads(weir.get("/healthz")).get("policy_trouble"), 10, "it is refused")
    assert "machine" in trouble, trouble
    always(lambda: weir.instances("bulk") + weir.instances("urgent") == before, 2, "nothing changed")
    assert weir.group("bulk")["fleet"]["limit"] == 3
    weir.write_policy(lab.fleet("machine", 4))
    until(lambda: weir.group("bulk")["fleet"]["limit"] == 4, 20, "corrected, it holds, also without a signal")
