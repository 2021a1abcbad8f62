"""Renders tiles of a Mandelbrot picture: an ordinary boto3 worker, as one would write it for SQS on AWS.

It receives a message, renders the tile that the message describes, writes it to a folder as a PNG, and deletes the
message; again and again. On SIGTERM it finishes the tile that it has begun, and ends. Nothing here knows of weir: where
the queue is and with which keys to sign come from the environment, as boto3 reads it (AWS_ENDPOINT_URL, AWS_REGION,
AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY).

    QUEUE    name of the queue; default: tiles
    OUTPUT   folder where tiles are written; default: tiles
"""

import json
import math
import os
import signal
import struct
import sys
import time
import zlib
from pathlib import Path

import boto3
from botocore.exceptions import BotoCoreError, ClientError

LONG_POLL_SECONDS = 20
PAUSE_AFTER_ERROR_SECONDS = 1


class Stop:
    """Whether SIGTERM came. Between messages it ends the worker at once; during one, when the tile is done."""

    def __init__(self):
        self.working = False
        self.asked = False
        signal.signal(signal.SIGTERM, self._on_signal)

    def _on_signal(self, *_):
        self.asked = True
        if not self.working:
            sys.exit(0)


def escape_time(re, im, iterations):
    """How fast the point leaves, smoothed to a fraction of a step; None when it stays."""
    x = y = x2 = y2 = 0.0
    for step in range(iterations):
        if x2 + y2 > 256.0:
            return step + 1 - math.log2(math.log2(x2 + y2) / 8)
        y = 2 * x * y + im
        x = x2 - y2 + re
        x2 = x * x
        y2 = y * y
    return None


def colour(escape):
    """Red, green, blue, 0 to 1: dark where the point stays, else along a wheel of blues and golds."""
    if escape is None:
        return 0.02, 0.03, 0.09
    angle = 1.05 * math.sqrt(escape)
    return tuple(0.5 + 0.5 * math.cos(angle + shift) for shift in (3.4, 2.9, 2.2))


def pixel(re, im, tile):
    """One pixel: the mean colour of `samples` by `samples` points in its square, which smooths the edges."""
    count, spacing = tile["samples"], tile["step"] / tile["samples"]
    colours = [
        colour(escape_time(re + column * spacing, im - row * spacing, tile["iterations"]))
        for row in range(count)
        for column in range(count)
    ]
    return bytes(int(255 * sum(channel) / len(colours)) for channel in zip(*colours))


def render(tile):
    """Rows of RGB pixels of one tile: `size` by `size` of them, `step` apart, from the upper left corner (re, im)."""
    size, step = tile["size"], tile["step"]
    return [
        b"".join(pixel(tile["re"] + column * step, tile["im"] - row * step, tile) for column in range(size))
        for row in range(size)
    ]


def png(rows):
    """The rows as a PNG file, 8 bits a channel, unfiltered."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", len(rows[0]) // 3, len(rows), 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + row for row in rows))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def write_whole(path, data):
    """All of the file or nothing: a tile that is rendered twice replaces itself."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    part.write_bytes(data)
    part.replace(path)


def work(message, output):
    received_at = time.time()
    tile = json.loads(message["Body"])
    name = f"{tile['row']:03d}-{tile['column']:03d}"
    write_whole(output / f"{name}.png", png(render(tile)))
    story = {
        "tile": name,
        "waited_s": round(received_at - int(message["Attributes"]["SentTimestamp"]) / 1000, 3),
        "worked_s": round(time.time() - received_at, 3),
        "deliveries": int(message["Attributes"]["ApproximateReceiveCount"]),
    }
    write_whole(output / f"{name}.json", json.dumps(story).encode())
    print(json.dumps(story), flush=True)


def main():
    stop = Stop()
    output = Path(os.environ.get("OUTPUT", "tiles"))
    output.mkdir(parents=True, exist_ok=True)
    sqs = boto3.client("sqs")
    queue = None
    while not stop.asked:
        try:
            if queue is None:
                queue = sqs.get_queue_url(QueueName=os.environ.get("QUEUE", "tiles"))["QueueUrl"]
            answer = sqs.receive_message(
                QueueUrl=queue,
                WaitTimeSeconds=LONG_POLL_SECONDS,
                MessageSystemAttributeNames=["SentTimestamp", "ApproximateReceiveCount"],
            )
            for message in answer.get("Messages", []):
                stop.working = True
                work(message, output)
                sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
                stop.working = False
        except (BotoCoreError, ClientError) as error:
            stop.working = False
            print(f"trying again in {PAUSE_AFTER_ERROR_SECONDS} s: {error}", file=sys.stderr, flush=True)
            time.sleep(PAUSE_AFTER_ERROR_SECONDS)


if __name__ == "__main__":
    main()
