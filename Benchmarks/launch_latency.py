"""From an enqueue to a group at zero to the launch request on the engine.

Fifty groups at zero with the docker launcher. A message is sent to one after the other, and a stand-in for a Docker
engine notes when `POST /containers/create` arrives. The clock starts before the send is written to its socket, so the
figure has everything in it: signature, commit to disk, waking the group, deciding, storing the decision, asking the
engine.
"""

import http.server
import json
import random
import socketserver
import threading
import time
import urllib.parse

from bench import RawClient, Report, home, lab, percentile

GROUPS = 50
ROUNDS = 4


class Engine(socketserver.ThreadingUnixStreamServer):
    """As much of the Engine API as a launcher needs. Containers start at once and end when they are stopped."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, path):
        self.containers, self.created, self.lock = {}, {}, threading.Lock()
        self.closing = threading.Event()
        super().__init__(str(path), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, *_):
        """A weir that ends leaves its connections; that is no news."""


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, value=None):
        body = b"" if value is None else json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def route(self):
        """The words of the path without the API's version, and the query."""
        path, _, query = self.path.partition("?")
        words = [word for word in path.split("/") if word]
        if words and words[0].startswith("v1."):
            words = words[1:]
        return words, dict(urllib.parse.parse_qsl(query))

    def find(self, name):
        return next((c for c in self.server.containers.values() if name in (c["Id"], c["Name"])), None)

    def do_GET(self):
        words, query = self.route()
        if words == ["events"]:
            self.send_response(200)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.wfile.flush()
            self.server.closing.wait()
            self.close_connection = True
            return
        with self.server.lock:
            if words == ["containers", "json"]:
                wanted = json.loads(query.get("filters", "{}")).get("label", [])
                pairs = [label.split("=", 1) for label in wanted]
                self.answer(
                    200, [c for c in self.server.containers.values() if all(c["Labels"].get(k) == v for k, v in pairs)]
                )
            elif len(words) == 3 and words[0] == "containers" and words[2] == "json":
                container = self.find(words[1])
                state = container and {"Status": container["State"], "ExitCode": 0, "OOMKilled": False}
                (
                    self.answer(200, {"Id": container["Id"], "State": state, "Config": {"Labels": container["Labels"]}})
                    if container
                    else self.answer(404, {"message": "No such container"})
                )
            elif words[-1:] == ["logs"]:
                self.answer(200)
            else:
                self.answer(200, {"ApiVersion": "1.41", "Version": "20.10"})

    def do_POST(self):
        arrived = time.perf_counter()
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        words, query = self.route()
        with self.server.lock:
            if words == ["containers", "create"]:
                labels = json.loads(body)["Labels"]
                container = {
                    "Id": f"{len(self.server.created):064x}",
                    "Name": query["name"],
                    "State": "created",
                    "Labels": labels,
                }
                self.server.created[query["name"]] = (labels["weir.group"], arrived)
                self.server.containers[container["Id"]] = container
                self.answer(201, {"Id": container["Id"], "Warnings": []})
            else:
                container = self.find(words[1])
                container["State"] = "running" if words[2] == "start" else "exited"
                self.answer(204)

    def do_DELETE(self):
        words, _ = self.route()
        with self.server.lock:
            container = self.find(words[1])
            if container:
                del self.server.containers[container["Id"]]
            self.answer(204)


def policy(group, socket):
    launcher = {"docker": {"image": "nothing", "network": "host", "pull": "never", "host": f"unix://{socket}"}}
    return lab.policy(group, launcher, max_size=1, poll_interval="10s", **lab.as_usual(1))


def main():
    report = Report(f"From an enqueue to the launch request ({GROUPS} groups at zero, {ROUNDS} rounds)")
    folder = home("launch")
    engine = Engine(folder / "engine.sock")
    names = [f"group-{number}" for number in range(GROUPS)]
    weir = lab.Weir(folder, *(policy(name, folder / "engine.sock") for name in names)).start()
    key, secret = weir.account()
    client, took = RawClient(weir.endpoint, key, secret), []
    try:
        urls = {name: client.call("GetQueueUrl", QueueName=name)["QueueUrl"] for name in names}
        for _ in range(ROUNDS):
            for name in random.Random(7).sample(names, GROUPS):
                prepared = client.prepare("SendMessage", QueueUrl=urls[name], MessageBody="wake up")
                before = set(engine.created)
                began = time.perf_counter()
                client.send(prepared)
                arrived = lab.until(
                    lambda: next(
                        (
                            at
                            for key, (group, at) in list(engine.created.items())
                            if key not in before and group == name
                        ),
                        None,
                    ),
                    10,
                    f"{name} asks for an instance",
                    every=0.001,
                )
                took.append((arrived - began) * 1000)
            for name in names:
                [message] = client.call("ReceiveMessage", QueueUrl=urls[name])["Messages"]
                client.call("DeleteMessage", QueueUrl=urls[name], ReceiptHandle=message["ReceiptHandle"])
            lab.until(lambda: not engine.containers, 120, "every group is at zero again")
        report.figure("p50", percentile(took, 0.5), "ms")
        report.figure("p95", percentile(took, 0.95), "ms", most=100)
        report.figure("longest", max(took), "ms")
    finally:
        engine.closing.set()
        weir.end()
        engine.shutdown()
    report.end()


if __name__ == "__main__":
    main()
