"""Receives with ten messages waiting, and with a million.

One connection receives a message, deletes it and sends another, so that the backlog stays what it is; the receive alone
is timed. Beside it, the rate of receives that wrk reaches with 16 connections, each receive giving its message back at
once (VisibilityTimeout 0).
"""

from bench import PAYLOAD, RawClient, Report, home, lab, percentile, wrk

SMALL, LARGE = 10, 1_000_000
CYCLES = 3000
WARM_UP = 200
BATCH = 10


def depth(client, url):
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    return sum(
        int(n) for n in client.call("GetQueueAttributes", QueueUrl=url, AttributeNames=names)["Attributes"].values()
    )


def fill(client, url, count):
    entries = [{"Id": str(number), "MessageBody": PAYLOAD} for number in range(BATCH)]
    while (missing := count - depth(client, url)) > 0:
        batch = client.prepare("SendMessageBatch", QueueUrl=url, Entries=entries[: min(BATCH, missing)])
        if missing > 50_000:
            wrk(client.endpoint, [batch], 16, 5)
        else:
            client.send(batch)


def latencies(client, url):
    """Seconds of each receive."""
    took = []
    for _ in range(WARM_UP + CYCLES):
        answer, seconds = client.send(client.prepare("ReceiveMessage", QueueUrl=url))
        [message] = answer["Messages"]
        took.append(seconds)
        client.call("DeleteMessage", QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        client.call("SendMessage", QueueUrl=url, MessageBody=PAYLOAD)
    return took[WARM_UP:]


def main():
    report = Report(f"Receives with {SMALL} and with {LARGE:,} messages waiting")
    weir = lab.Weir(home("receives"), lab.policy("idle", lab.sleeping_worker(), out=lab.NEVER)).start()
    client, found = RawClient(weir.endpoint, *weir.account()), {}
    try:
        for count in (SMALL, LARGE):
            url = client.call("CreateQueue", QueueName=f"backlog-{count}", Attributes={"VisibilityTimeout": "600"})[
                "QueueUrl"
            ]
            fill(client, url, count)
            took = latencies(client, url)
            assert depth(client, url) >= count
            back = client.prepare("ReceiveMessage", QueueUrl=url, VisibilityTimeout=0)
            found[count] = (percentile(took, 0.5), percentile(took, 0.95), wrk(client.endpoint, [back], 16, 5))
            report.figure(f"p50 with {count:,}", found[count][0] * 1000, "ms")
            report.figure(f"p95 with {count:,}", found[count][1] * 1000, "ms")
            report.figure(f"receives a second with {count:,}", found[count][2], "/s")
        # "As fast": within what two runs of the same thing differ by on a shared machine.
        report.figure("p50, a million ÷ ten", found[LARGE][0] / found[SMALL][0], "times", most=1.25)
        report.figure("rate, a million ÷ ten", found[LARGE][2] / found[SMALL][2], "times", least=0.8)
    finally:
        weir.end()
    report.end()


if __name__ == "__main__":
    main()
