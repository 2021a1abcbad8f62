"""What was acknowledged is there, also after kill -9."""

import collections
import concurrent.futures
import itertools
import random
import threading

import botocore.exceptions
import lab
from lab import Queue, policy, until

SENDS = 10_000
CLIENTS = 8
KILLS = 4


def test_every_acknowledged_message_survives_kill_9(weirs):
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    weir = weirs(policy("idle", lab.sleeping_worker(), out=lab.NEVER)).start()
    url = weir.queue("ledger", VisibilityTimeout="600").url
    numbers, lock = itertools.count(), threading.Lock()
    acknowledged, unknown = {}, []

    def send():
        queue = Queue(weir.client(), url)
        for number in numbers:
            if number >= SENDS:
                return
            try:
                [message] = queue.send(f"message {number}")
                with lock:
                    acknowledged[number] = message
            except (botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError):
                # Nobody knows whether it was stored: it may come, and need not.
                with lock:
                    unknown.append(number)
                until(weir.healthy, 20, "weir is back")

    with concurrent.futures.ThreadPoolExecutor(CLIENTS) as pool:
        senders = [pool.submit(send) for _ in range(CLIENTS)]
        for kill in range(1, KILLS + 1):
            aim = kill * SENDS // (KILLS + 1) + chance.randrange(200)
            until(lambda: len(acknowledged) >= aim or all(s.done() for s in senders), 120, f"{aim} sends", every=0.005)
            assert not all(sender.done() for sender in senders), "it is killed while they send"
            weir.kill9()
            weir.start()
        for sender in senders:
            sender.result(timeout=120)

    assert len(acknowledged) + len(unknown) == SENDS
    assert len(acknowledged) > SENDS - KILLS * CLIENTS * 20, "outages were short"

    queue, received = Queue(weir.client(), url), collections.Counter()
    with concurrent.futures.ThreadPoolExecutor(CLIENTS) as pool:

        def drain(_):
            mine = []
            while messages := queue.receive(most=10):
                mine += [message["MessageId"] for message in messages]
            return mine

        for ids in pool.map(drain, range(CLIENTS)):
            received.update(ids)
    missing = [number for number, message in acknowledged.items() if message not in received]
    assert missing == [], f"acknowledged and lost (seed {seed})"
    assert set(received.values()) == {1}, "each exactly once"
    assert len(received) <= SENDS
