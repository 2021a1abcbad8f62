"""The embedded queue, as the AWS CLI sees it (version 1, which needs --endpoint-url for SQS)."""

import json

import pytest
from lab import ROOT, REGION, clean_environment, run


@pytest.fixture
def aws(queues):
    def aws(*words, check=True):
        environment = clean_environment(
            AWS_SHARED_CREDENTIALS_FILE=queues.state / "credentials", AWS_DEFAULT_REGION=REGION
        )
        done = run(
            ROOT / ".build-venv/bin/aws",
            "--endpoint-url",
            queues.endpoint,
            "--output",
            "json",
            "sqs",
            *words,
            environment=environment,
            check=check,
        )
        if not check:
            return done
        return json.loads(done.stdout) if done.stdout.strip() else {}

    return aws


def test_a_message_from_send_to_delete(aws):
    url = aws("create-queue", "--queue-name", "cli")["QueueUrl"]
    assert aws("get-queue-url", "--queue-name", "cli")["QueueUrl"] == url
    assert url in aws("list-queues")["QueueUrls"]
    sent = aws("send-message", "--queue-url", url, "--message-body", "from a shell")
    [message] = aws("receive-message", "--queue-url", url, "--wait-time-seconds", "1")["Messages"]
    assert (message["MessageId"], message["Body"]) == (sent["MessageId"], "from a shell")
    handle = ("--receipt-handle", message["ReceiptHandle"])
    aws("change-message-visibility", "--queue-url", url, *handle, "--visibility-timeout", "60")
    aws("delete-message", "--queue-url", url, *handle)
    names = ("--attribute-names", "ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
    depth = aws("get-queue-attributes", "--queue-url", url, *names)["Attributes"]
    assert set(depth.values()) == {"0"}
    aws("purge-queue", "--queue-url", url)
    aws("delete-queue", "--queue-url", url)
    assert url not in aws("list-queues").get("QueueUrls", [])


def test_batches_and_attributes(aws):
    url = aws("create-queue", "--queue-name", "cli-batch", "--attributes", "VisibilityTimeout=33")["QueueUrl"]
    entries = json.dumps([{"Id": str(n), "MessageBody": f"m{n}"} for n in range(3)])
    assert len(aws("send-message-batch", "--queue-url", url, "--entries", entries)["Successful"]) == 3
    aws("set-queue-attributes", "--queue-url", url, "--attributes", "VisibilityTimeout=44")
    assert (
        aws("get-queue-attributes", "--queue-url", url, "--attribute-names", "All")["Attributes"]["VisibilityTimeout"]
        == "44"
    )
    messages = aws("receive-message", "--queue-url", url, "--max-number-of-messages", "10")["Messages"]
    handles = json.dumps([{"Id": str(n), "ReceiptHandle": m["ReceiptHandle"]} for n, m in enumerate(messages)])
    assert len(aws("delete-message-batch", "--queue-url", url, "--entries", handles)["Successful"]) == len(messages)


def test_an_error_has_its_code(aws, queues):
    done = aws(
        "send-message", "--queue-url", f"{queues.endpoint}/000000000000/none", "--message-body", "x", check=False
    )
    assert done.returncode != 0
    assert "AWS.SimpleQueueService.NonExistentQueue" in done.stderr
