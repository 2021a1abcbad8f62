# The tiles worker: Python and boto3, and nothing of weir. (boto3 brings its certificates along.) Build at the top:
#
#     docker build --file docker/worker.Dockerfile --tag weir-tiles-worker .
FROM debian:bookworm-slim

RUN apt-get update \
    && apt-get install --yes --no-install-recommends python3-minimal python3-venv \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/*

COPY examples/tiles-worker/requirements.txt /worker/
RUN python3 -m venv /worker/venv \
    && /worker/venv/bin/pip install --no-cache-dir --disable-pip-version-check --requirement /worker/requirements.txt

COPY examples/tiles-worker/worker.py examples/tiles-worker/send.py /worker/
WORKDIR /worker
CMD ["/worker/venv/bin/python", "/worker/worker.py"]
