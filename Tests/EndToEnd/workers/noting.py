"""A boto3 worker that knows nothing of weir and notes what happens to it: receive, work, delete.

It is as careless as a worker can be: SIGTERM ends it at once, also with a message in hand. So a worker that is stopped
while it works shows in its notes, and its message is delivered again.

    QUEUE    name of the queue             NOTES   folder for the notes: one file a worker, a line for each event
    WORK_SECONDS   how long one message takes
    LOAD_SECONDS   how long it loads what it needs before it asks for work
    LAUNCH_HOOK    a lifecycle hook that it completes itself, as on AWS, before it asks for work
"""

import json
import os
import signal
import sys
import time
import uuid

holding = None
notes = open(os.path.join(os.environ["NOTES"], f"{uuid.uuid4().hex}.jsonl"), "a", buffering=1)


def note(event, **more):
    notes.write(json.dumps({"at": time.time(), "event": event, **more}) + "\n")


def on_sigterm(*_):
    note("told to stop", holding=holding)
    os._exit(0)


# Before the rest is loaded: on a busy machine that takes longer than it may take until somebody is not needed any more.
signal.signal(signal.SIGTERM, on_sigterm)

import boto3  # noqa: E402
from botocore.config import Config  # noqa: E402
from botocore.exceptions import BotoCoreError, ClientError  # noqa: E402


def retried(call):
    """The answer of AWS's server, which may be away for a moment."""
    while True:
        try:
            return call()
        except (BotoCoreError, ClientError) as error:
            note("error", text=str(error)[:300])
            time.sleep(0.1)


def complete_launch_hook():
    autoscaling = boto3.client("autoscaling", config=Config(retries={"total_max_attempts": 1}))
    retried(
        lambda: autoscaling.complete_lifecycle_action(
            AutoScalingGroupName=os.environ["WEIR_GROUP"],
            InstanceId=os.environ["WEIR_INSTANCE_ID"],
            LifecycleHookName=os.environ["LAUNCH_HOOK"],
            LifecycleActionResult="CONTINUE",
        )
    )
    note("completed its launch hook")


def main():
    global holding
    note("started", host=os.uname().nodename, instance=os.environ.get("WEIR_INSTANCE_ID"))
    time.sleep(float(os.environ.get("LOAD_SECONDS", "0")))
    if os.environ.get("LAUNCH_HOOK"):
        complete_launch_hook()
    note("ready")
    sqs = boto3.client("sqs", config=Config(retries={"total_max_attempts": 1}))
    url = retried(lambda: sqs.get_queue_url(QueueName=os.environ["QUEUE"]))["QueueUrl"]
    work_seconds = float(os.environ.get("WORK_SECONDS", "1"))
    while True:
        answer = retried(
            lambda: sqs.receive_message(
                QueueUrl=url, WaitTimeSeconds=20, MessageSystemAttributeNames=["ApproximateReceiveCount"]
            )
        )
        for message in answer.get("Messages", []):
            holding = message["MessageId"]
            count = int(message["Attributes"]["ApproximateReceiveCount"])
            note("received", message=holding, body=message["Body"], count=count)
            time.sleep(work_seconds)
            note("deleting", message=holding)
            retried(lambda: sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"]))
            note("deleted", message=holding)
            holding = None


if __name__ == "__main__":
    sys.exit(main())
