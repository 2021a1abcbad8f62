"""A worker whose every call is asked for by a test: it reads a question from a file and writes the answer to another.

NOTES      folder of the files: INSTANCE.ask holds {"id", "service", "action", "arguments"}, INSTANCE.answer the result
STUBBORN   when set, SIGTERM is ignored
"""

import json
import os
import signal
import sys
import time
from pathlib import Path

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

NOTES = Path(os.environ["NOTES"])
INSTANCE = os.environ["WEIR_INSTANCE_ID"]


def write_whole(path, value):
    part = path.with_suffix(".part")
    part.write_text(json.dumps(value, default=str))
    part.replace(path)


def answer(question):
    client = boto3.client(question["service"], config=Config(retries={"total_max_attempts": 1}))
    try:
        result = getattr(client, question["action"])(**question["arguments"])
        result.pop("ResponseMetadata", None)
        return {"id": question["id"], "result": result}
    except ClientError as error:
        return {"id": question["id"], "error": error.response["Error"]}


def main():
    signal.signal(signal.SIGTERM, signal.SIG_IGN if os.environ.get("STUBBORN") else lambda *_: sys.exit(0))
    write_whole(NOTES / f"{INSTANCE}.environment", dict(os.environ))
    answered = None
    while True:
        ask = NOTES / f"{INSTANCE}.ask"
        if ask.exists():
            question = json.loads(ask.read_text())
            if question["id"] != answered:
                answered = question["id"]
                write_whole(NOTES / f"{INSTANCE}.answer", answer(question))
        time.sleep(0.02)


if __name__ == "__main__":
    main()
