"""Durable sends from 16 connections, beside moto's server and Redis with `appendfsync always`, in the same run.

How fair this is. weir and moto get the same signed SendMessage requests over HTTP from wrk (one thread, 16
connections, 64 requests prepared in advance). weir checks each signature and answers when the message is on disk;
moto checks none and keeps its queues in memory. Redis gets LPUSH of the same payload from redis-benchmark with 16
connections: no HTTP, no signature, no message id, one fsync for all commands of a turn of its loop, as weir has one
commit for all senders who wait. Client and server share the machine in all three. Three rounds in turn; the median of
each counts.
"""

import csv
import os
import statistics

from bench import HOME, PAYLOAD, RawClient, Report, home, lab, sqs_request, wrk

CONNECTIONS = 16
SECONDS = 5
ROUNDS = 3
PREPARED = 64


def requests(endpoint, url, key, secret):
    return [
        sqs_request(
            endpoint, "SendMessage", {"QueueUrl": url, "MessageBody": f"{number:04d}{PAYLOAD[4:]}"}, key, secret
        )
        for number in range(PREPARED)
    ]


def redis(port):
    done = lab.run(
        "redis-benchmark",
        "-p",
        port,
        "-c",
        str(CONNECTIONS),
        "-n",
        "200000",
        "-d",
        str(len(PAYLOAD)),
        "-t",
        "lpush",
        "--csv",
        within=300,
    )
    row = next(row for row in csv.reader(done.stdout.splitlines()) if row and row[0].startswith("LPUSH"))
    lab.run("redis-cli", "-p", port, "flushall")
    return float(row[1])


def main():
    report = Report(f"Durable sends, {CONNECTIONS} connections, {len(PAYLOAD)} bytes, median of {ROUNDS} rounds")
    moto, redis_port = os.environ["WEIR_BENCH_MOTO"], os.environ["WEIR_BENCH_REDIS_PORT"]
    weir = lab.Weir(home("sends"), lab.policy("idle", lab.sleeping_worker(), out=lab.NEVER)).start()
    key, secret = weir.account()
    rates = {"weir": [], "moto": [], "redis": []}
    try:
        own = RawClient(weir.endpoint, key, secret).call("CreateQueue", QueueName="sends")["QueueUrl"]
        for number in range(ROUNDS):
            rates["redis"].append(redis(redis_port))
            rates["weir"].append(wrk(weir.endpoint, requests(weir.endpoint, own, key, secret), CONNECTIONS, SECONDS))
            # moto slows down as its queue grows: it gets a new one each time.
            other = RawClient(moto).call("CreateQueue", QueueName=f"sends-{number}")["QueueUrl"]
            rates["moto"].append(wrk(moto, requests(moto, other, "test", "test"), CONNECTIONS, SECONDS))
            RawClient(moto).call("DeleteQueue", QueueUrl=other)
        sent = RawClient(weir.endpoint, key, secret).call(
            "GetQueueAttributes", QueueUrl=own, AttributeNames=["ApproximateNumberOfMessages"]
        )["Attributes"]["ApproximateNumberOfMessages"]
        report.note(f"{int(sent):,} messages are in weir's queue; all three kept their files under {HOME.name}")
        middle = {name: statistics.median(values) for name, values in rates.items()}
        for name, values in rates.items():
            report.figure(f"{name}: sends a second", middle[name], "/s")
            report.note(f"  rounds: {', '.join(f'{value:,.0f}' for value in values)}")
        report.figure("weir ÷ moto", middle["weir"] / middle["moto"], "times", least=100)
        report.figure("weir ÷ Redis", middle["weir"] / middle["redis"], "times", least=0.5)
    finally:
        weir.end()
    report.end()


if __name__ == "__main__":
    main()
