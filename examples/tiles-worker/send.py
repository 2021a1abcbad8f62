"""Sends the tiles of a picture to the queue that worker.py reads: one message a tile, a row a second.

Where the queue is and with which keys to sign come from the environment, as boto3 reads it.

    QUEUE    name of the queue; default: tiles
"""

import json
import os
import time

import boto3

COLUMNS, ROWS, TILE_SIZE = 12, 6, 96
CENTRE_RE, CENTRE_IM, WIDTH = -0.743643887, 0.131825904, 0.0045
ITERATIONS, SAMPLES = 400, 3

SECONDS_BETWEEN_ROWS = 1.0
MESSAGES_A_CALL = 10


def rows():
    """Lists of tiles, each tile as worker.py understands it."""
    step = WIDTH / (COLUMNS * TILE_SIZE)
    left, top = CENTRE_RE - WIDTH / 2, CENTRE_IM + ROWS * TILE_SIZE * step / 2
    for row in range(ROWS):
        yield [
            {
                "row": row,
                "column": column,
                "size": TILE_SIZE,
                "step": step,
                "re": left + column * TILE_SIZE * step,
                "im": top - row * TILE_SIZE * step,
                "iterations": ITERATIONS,
                "samples": SAMPLES,
            }
            for column in range(COLUMNS)
        ]


def send_row(sqs, queue_url, tiles):
    for first in range(0, len(tiles), MESSAGES_A_CALL):
        entries = [
            {"Id": str(tile["column"]), "MessageBody": json.dumps(tile)}
            for tile in tiles[first : first + MESSAGES_A_CALL]
        ]
        answer = sqs.send_message_batch(QueueUrl=queue_url, Entries=entries)
        if answer.get("Failed"):
            raise RuntimeError(f"a message was refused: {answer['Failed'][0]}")


def main():
    sqs = boto3.client("sqs")
    # Creating a queue that is there is asking for its URL.
    queue_url = sqs.create_queue(QueueName=os.environ.get("QUEUE", "tiles"))["QueueUrl"]
    for row in rows():
        send_row(sqs, queue_url, row)
        print(f"sent {len(row)} tiles", flush=True)
        time.sleep(SECONDS_BETWEEN_ROWS)


if __name__ == "__main__":
    main()
