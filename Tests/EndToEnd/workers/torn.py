"""A boto3 worker for the torture test: knows nothing of weir, is as careless as a worker can be, and keeps a journal.

The body of a message is JSON: a number that tells it from all others, and how many seconds it takes. SIGTERM ends the
worker at once, also in the middle of a message. What it noted is with the kernel, so SIGKILL takes nothing of it away.

    QUEUE    name of the queue      NOTES    folder for the journals: one file a worker, a line for each event
"""

import json
import os
import re
import signal
import sys
import time
import uuid

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

journal = open(os.path.join(os.environ["NOTES"], f"{uuid.uuid4().hex}.jsonl"), "a", buffering=1)
# What it is doing: nothing, working (the message is its own), deleting (the work is done).
doing, job = None, None


def note(event, **more):
    journal.write(json.dumps({"at": time.time(), "event": event, **more}) + "\n")


def on_sigterm(*_):
    note("told to stop", doing=doing, job=job)
    os._exit(0)


def retried(call):
    """The answer of AWS's server, which may be away for a while. What it refuses stays refused: None."""
    while True:
        try:
            return call()
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] < 500:
                note("refused", text=str(error)[:200])
                return None
            time.sleep(0.1)
        except BotoCoreError:
            time.sleep(0.1)


def container_id():
    """The engine mounts files of its own into every container, and their path tells the container's id."""
    found = re.search(r"/containers/([0-9a-f]{64})/", open("/proc/self/mountinfo").read())
    return found[1] if found else None


def main():
    global doing, job
    signal.signal(signal.SIGTERM, on_sigterm)
    note("started", instance=os.environ["WEIR_INSTANCE_ID"], container=container_id())
    sqs = boto3.client("sqs", config=Config(retries={"total_max_attempts": 1}, connect_timeout=5, read_timeout=30))
    url = None
    while not url:
        url = (retried(lambda: sqs.get_queue_url(QueueName=os.environ["QUEUE"])) or {}).get("QueueUrl")
    while True:
        answer = retried(lambda: sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20))
        if answer is None:
            # Refused: it is on its way out, or weir does not know yet that it is there.
            time.sleep(0.5)
            continue
        for message in answer.get("Messages", []):
            body = json.loads(message["Body"])
            doing, job = "working", body["job"]
            note("received", job=job, message=message["MessageId"])
            time.sleep(body["seconds"])
            doing = "deleting"
            note("deleting", job=job)
            if retried(lambda: sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])):
                note("deleted", job=job)
            doing, job = None, None


if __name__ == "__main__":
    sys.exit(main())
