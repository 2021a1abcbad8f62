"""The embedded queue, as boto3 sees it."""

import concurrent.futures
import hashlib
import json
import struct
import time
import uuid

import pytest
from botocore.exceptions import ClientError
from lab import client, until


@pytest.fixture
def queue(queues):
    return queues.queue(f"q-{uuid.uuid4().hex[:12]}")


@pytest.fixture
def sqs(queues):
    return queues.client()


def code_of(call, *arguments, **named):
    """The code of the error that the call must end with."""
    with pytest.raises(ClientError) as caught:
        call(*arguments, **named)
    return caught.value.response["Error"]["Code"]


class TestQueues:
    def test_create_find_list_delete(self, sqs):
        name = f"made-{uuid.uuid4().hex[:8]}"
        url = sqs.create_queue(QueueName=name)["QueueUrl"]
        assert url.endswith(f"/000000000000/{name}")
        assert sqs.create_queue(QueueName=name)["QueueUrl"] == url
        assert sqs.get_queue_url(QueueName=name)["QueueUrl"] == url
        assert url in sqs.list_queues(QueueNamePrefix="made-")["QueueUrls"]
        sqs.delete_queue(QueueUrl=url)
        assert url not in sqs.list_queues().get("QueueUrls", [])
        assert code_of(sqs.get_queue_url, QueueName=name) == "AWS.SimpleQueueService.NonExistentQueue"

    def test_the_queue_url_has_the_host_that_was_asked(self, queues):
        url = queues.client().create_queue(QueueName="hosted")["QueueUrl"]
        assert url == f"{queues.endpoint}/000000000000/hosted"
        key, secret = queues.account()
        by_name = client("sqs", f"http://localhost:{queues.port}", key=key, secret=secret)
        assert (
            by_name.get_queue_url(QueueName="hosted")["QueueUrl"]
            == f"http://localhost:{queues.port}/000000000000/hosted"
        )

    def test_pages_of_the_list(self, sqs):
        names = {f"page-{number}" for number in range(5)}
        for name in names:
            sqs.create_queue(QueueName=name)
        pages = sqs.get_paginator("list_queues").paginate(QueueNamePrefix="page-", PaginationConfig={"PageSize": 2})
        found = [page.get("QueueUrls", []) for page in pages]
        assert max(map(len, found)) <= 2
        assert {url.rsplit("/", 1)[1] for page in found for url in page} == names

    def test_attributes(self, queues):
        queue = queues.queue("attributed", VisibilityTimeout="45", DelaySeconds="0")
        answer = queue.sqs.get_queue_attributes(QueueUrl=queue.url, AttributeNames=["All"])["Attributes"]
        assert answer["VisibilityTimeout"] == "45"
        assert answer["MessageRetentionPeriod"] == "345600"
        assert answer["QueueArn"].endswith(":000000000000:attributed")
        queue.sqs.set_queue_attributes(QueueUrl=queue.url, Attributes={"VisibilityTimeout": "50"})
        changed = queue.sqs.get_queue_attributes(QueueUrl=queue.url, AttributeNames=["VisibilityTimeout"])["Attributes"]
        assert changed == {"VisibilityTimeout": "50"}

    def test_the_same_name_with_other_attributes_is_refused(self, sqs):
        sqs.create_queue(QueueName="settled", Attributes={"VisibilityTimeout": "40"})
        again = code_of(sqs.create_queue, QueueName="settled", Attributes={"VisibilityTimeout": "41"})
        assert again == "QueueAlreadyExists"

    def test_purge(self, queue):
        queue.send("1", "2")
        queue.receive()
        queue.send("3", DelaySeconds=600)
        queue.sqs.purge_queue(QueueUrl=queue.url)
        assert queue.depth() == (0, 0, 0)
        assert code_of(queue.sqs.purge_queue, QueueUrl=queue.url) == "AWS.SimpleQueueService.PurgeQueueInProgress"


class TestMessages:
    def test_send_receive_delete(self, queue):
        [sent] = queue.send("hello, Wörld ✓")
        assert queue.depth() == (1, 0, 0)
        [message] = queue.receive()
        assert (message["MessageId"], message["Body"]) == (sent, "hello, Wörld ✓")
        assert message["MD5OfBody"] == hashlib.md5("hello, Wörld ✓".encode()).hexdigest()
        assert message["Attributes"]["ApproximateReceiveCount"] == "1"
        assert abs(int(message["Attributes"]["SentTimestamp"]) / 1000 - time.time()) < 60
        assert queue.depth() == (0, 1, 0)
        assert queue.receive() == []
        queue.delete(message)
        assert queue.depth() == (0, 0, 0)
        queue.delete(message)  # deleting twice succeeds

    def test_md5_of_message_attributes(self, queue):
        attributes = {
            "number": {"DataType": "Number", "StringValue": "12.5"},
            "Text": {"DataType": "String.label", "StringValue": "grün"},
            "bytes": {"DataType": "Binary", "BinaryValue": b"\x00\x01\xff"},
        }

        def counted(data):
            return struct.pack(">I", len(data)) + data

        digest = hashlib.md5()
        for name in sorted(attributes):
            attribute = attributes[name]
            value = attribute.get("StringValue", "").encode() or attribute["BinaryValue"]
            kind = b"\x02" if attribute["DataType"].startswith("Binary") else b"\x01"
            digest.update(counted(name.encode()) + counted(attribute["DataType"].encode()) + kind + counted(value))

        answer = queue.sqs.send_message(QueueUrl=queue.url, MessageBody="x", MessageAttributes=attributes)
        assert answer["MD5OfMessageAttributes"] == digest.hexdigest()
        [message] = queue.receive()
        assert message["MessageAttributes"] == attributes
        assert message["MD5OfMessageAttributes"] == digest.hexdigest()

    def test_batches(self, queue):
        ids = queue.send_many([f"m{number}" for number in range(10)])
        assert len(set(ids)) == 10
        received = []
        until(lambda: received.extend(queue.receive(most=10)) or len(received) == 10, 5, "all ten come")
        entries = [{"Id": str(n), "ReceiptHandle": m["ReceiptHandle"]} for n, m in enumerate(received)]
        changed = queue.sqs.change_message_visibility_batch(
            QueueUrl=queue.url, Entries=[{**entry, "VisibilityTimeout": 0} for entry in entries[:5]]
        )
        assert len(changed["Successful"]) == 5
        assert queue.depth() == (5, 5, 0)
        deleted = queue.sqs.delete_message_batch(QueueUrl=queue.url, Entries=entries)
        assert len(deleted["Successful"]) == 10
        assert queue.depth() == (0, 0, 0)

    def test_a_batch_says_which_entries_failed(self, queue):
        answer = queue.sqs.send_message_batch(
            QueueUrl=queue.url,
            Entries=[{"Id": "good", "MessageBody": "x"}, {"Id": "bad", "MessageBody": "x", "DelaySeconds": 901}],
        )
        assert [entry["Id"] for entry in answer["Successful"]] == ["good"]
        [failed] = answer["Failed"]
        assert (failed["Id"], failed["SenderFault"]) == ("bad", True)

    def test_a_large_message(self, queue):
        body = "x" * 1_048_576
        queue.send(body)
        assert queue.receive()[0]["Body"] == body
        assert code_of(queue.send, body + "x") == "InvalidParameterValue"


class TestTime:
    def test_visibility_timeout_brings_it_back(self, queue):
        queue.send("again")
        [first] = queue.receive(VisibilityTimeout=1)
        assert queue.receive() == []
        [second] = until(queue.receive, 5, "it is visible again after a second")
        assert second["MessageId"] == first["MessageId"]
        assert second["Attributes"]["ApproximateReceiveCount"] == "2"
        assert second["ReceiptHandle"] != first["ReceiptHandle"]

    def test_change_visibility_gives_back_and_keeps(self, queue):
        queue.send("mine")
        [message] = queue.receive(VisibilityTimeout=1)
        queue.sqs.change_message_visibility(
            QueueUrl=queue.url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=600
        )
        end = time.monotonic() + 1.5
        until(lambda: time.monotonic() > end, 3, "longer than the first timeout")
        assert queue.depth() == (0, 1, 0)
        queue.sqs.change_message_visibility(
            QueueUrl=queue.url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0
        )
        assert queue.depth() == (1, 0, 0)
        again = code_of(
            queue.sqs.change_message_visibility,
            QueueUrl=queue.url,
            ReceiptHandle=message["ReceiptHandle"],
            VisibilityTimeout=10,
        )
        assert again == "AWS.SimpleQueueService.MessageNotInflight"

    def test_delay(self, queue):
        queue.send("later", DelaySeconds=1)
        assert queue.depth() == (0, 0, 1)
        assert queue.receive() == []
        assert until(queue.receive, 5, "it is due after a second")[0]["Body"] == "later"

    def test_the_delay_of_the_queue(self, queues):
        queue = queues.queue("slow", DelaySeconds="600")
        queue.send("as the queue says")
        queue.send("at once", DelaySeconds=0)
        assert queue.depth() == (1, 0, 1)

    def test_a_long_poll_is_woken_by_a_send(self, queue):
        with concurrent.futures.ThreadPoolExecutor() as pool:
            polled = pool.submit(queue.receive, wait=20)
            end = time.monotonic() + 0.5
            until(lambda: time.monotonic() > end, 2, "the poll waits")
            assert not polled.done()
            sent_at = time.monotonic()
            queue.send("wake up")
            [message] = polled.result(timeout=5)
            assert time.monotonic() - sent_at < 1, "not at a timer, at the send"
            assert message["Body"] == "wake up"

    def test_a_long_poll_ends_with_nothing(self, queue):
        began = time.monotonic()
        assert queue.receive(wait=1) == []
        assert 0.9 < time.monotonic() - began < 3


class TestDeadLetters:
    def test_after_the_last_receive_it_moves(self, queues):
        dead = queues.queue("dead")
        arn = dead.sqs.get_queue_attributes(QueueUrl=dead.url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        queue = queues.queue("deadly", RedrivePolicy=json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": "2"}))
        [sent] = queue.send("poison")
        for _ in range(2):
            [message] = queue.receive(VisibilityTimeout=0)
            assert message["MessageId"] == sent
        assert queue.receive() == []
        assert queue.depth() == (0, 0, 0)
        [moved] = dead.receive()
        assert (moved["MessageId"], moved["Body"]) == (sent, "poison")
        assert moved["Attributes"]["DeadLetterQueueSourceArn"].endswith(":deadly")


class TestRefusals:
    @pytest.mark.parametrize(
        "key, secret, code",
        [("{key}", "wrong", "SignatureDoesNotMatch"), ("AKIAUNKNOWN", "{secret}", "InvalidClientTokenId")],
    )
    def test_signatures(self, queues, key, secret, code):
        own_key, own_secret = queues.account()
        stranger = client("sqs", queues.endpoint, key=key.format(key=own_key), secret=secret.format(secret=own_secret))
        assert code_of(stranger.list_queues) == code

    @pytest.mark.parametrize(
        "action, arguments, code",
        [
            ("send_message", {"MessageBody": "\x01"}, "InvalidMessageContents"),
            ("send_message", {"MessageBody": "x", "DelaySeconds": 901}, "InvalidParameterValue"),
            ("receive_message", {"MaxNumberOfMessages": 11}, "InvalidParameterValue"),
            ("receive_message", {"WaitTimeSeconds": 21}, "InvalidParameterValue"),
            ("receive_message", {"VisibilityTimeout": 43_201}, "InvalidParameterValue"),
            ("delete_message", {"ReceiptHandle": "nonsense"}, "ReceiptHandleIsInvalid"),
            ("set_queue_attributes", {"Attributes": {"VisibilityTimeout": "43201"}}, "InvalidAttributeValue"),
            ("set_queue_attributes", {"Attributes": {"NoSuch": "1"}}, "InvalidAttributeName"),
            ("send_message_batch", {"Entries": []}, "AWS.SimpleQueueService.EmptyBatchRequest"),
            (
                "send_message_batch",
                {"Entries": [{"Id": "a", "MessageBody": "x"}] * 2},
                "AWS.SimpleQueueService.BatchEntryIdsNotDistinct",
            ),
            (
                "send_message_batch",
                {"Entries": [{"Id": str(n), "MessageBody": "x"} for n in range(11)]},
                "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
            ),
            (
                "send_message_batch",
                {"Entries": [{"Id": "a b", "MessageBody": "x"}]},
                "AWS.SimpleQueueService.InvalidBatchEntryId",
            ),
        ],
    )
    def test_codes(self, queue, action, arguments, code):
        assert code_of(getattr(queue.sqs, action), QueueUrl=queue.url, **arguments) == code

    def test_no_such_queue(self, queues, sqs):
        url = f"{queues.endpoint}/000000000000/none"
        with pytest.raises(sqs.exceptions.QueueDoesNotExist):
            sqs.send_message(QueueUrl=url, MessageBody="x")

    @pytest.mark.parametrize(
        "name, code",
        [
            ("", "InvalidParameterValue"),
            ("a b", "InvalidParameterValue"),
            ("x" * 81, "InvalidParameterValue"),
            ("ordered.fifo", "AWS.SimpleQueueService.UnsupportedOperation"),
        ],
    )
    def test_names(self, sqs, name, code):
        assert code_of(sqs.create_queue, QueueName=name) == code


def test_deleted_by_another_consumer_with_an_old_handle(queue):
    """Delete works while another consumer holds the message; an old handle may succeed and delete nothing."""
    queue.send("shared")
    [first] = queue.receive(VisibilityTimeout=0)
    [second] = queue.receive()
    queue.delete(first)
    queue.delete(second)
    assert queue.depth() == (0, 0, 0)


def test_many_senders_and_receivers(queues):
    queue = queues.queue("busy", VisibilityTimeout="300")
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        sent = [
            i for ids in pool.map(queue.send_many, [[f"{b}-{n}" for n in range(50)] for b in range(16)]) for i in ids
        ]
        seen = []

        def drain(_):
            while messages := queue.receive(most=10):
                seen.extend(message["MessageId"] for message in messages)
                for message in messages:
                    queue.delete(message)

        until(lambda: list(pool.map(drain, range(16))) and len(seen) >= len(sent), 30, "all are received")
    assert sorted(seen) == sorted(sent), "each exactly once"
    assert queue.depth() == (0, 0, 0)
