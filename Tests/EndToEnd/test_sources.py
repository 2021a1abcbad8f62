"""Groups that are scaled by a queue elsewhere: an endpoint, a program, SQS."""

import http.server
import json
import threading

import lab
import pytest
from lab import always, client, policy, until

BY_VISIBLE = {
    "out": (
        lab.alarm("visible", ">=", 1),
        {"type": "step_scaling", "adjustment_type": "exact_capacity", "steps": [{"lower": 0, "adjustment": 3}]},
    ),
    "into": (lab.alarm("visible", "<=", 0), lab.exactly(0)),
}


def scaled_by(source, **more):
    return policy("remote", lab.sleeping_worker(), source=source, poll_interval="500ms", **BY_VISIBLE, **more)


@pytest.fixture
def endpoint():
    """An HTTP server that answers with what a test puts in `answer`; a number is a status without a body."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            server.asked.append(dict(self.headers))
            answer = server.answer
            status, body = (answer, b"broken") if isinstance(answer, int) else (200, json.dumps(answer).encode())
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.answer, server.asked = {"jobs": {"waiting": 0, "running": 0}}, []
    server.url = f"http://127.0.0.1:{server.server_port}/depth"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_http(weirs, endpoint):
    source = {
        "http": {
            "url": endpoint.url,
            "visible": "/jobs/waiting",
            "in_flight": "/jobs/running",
            "headers": {"Authorization": "Bearer ${DEPTH_TOKEN}"},
        }
    }
    weir = weirs(scaled_by(source), environment={"DEPTH_TOKEN": "sesame-0815"}).start()
    until(lambda: len(endpoint.asked) >= 2, 10, "it is asked again and again")
    assert endpoint.asked[0]["Authorization"] == "Bearer sesame-0815"
    assert weir.instances("remote") == []
    endpoint.answer = {"jobs": {"waiting": 7, "running": 2}}
    until(lambda: len(weir.in_service("remote")) == 3, 20, "seven wait")
    assert weir.group("remote")["measurement"]["in_flight"] == 2
    endpoint.answer = {"jobs": {"waiting": 0, "running": 0}}
    until(lambda: weir.is_at_zero("remote"), 20, "nothing waits")
    assert "sesame-0815" not in weir.log_text()


@pytest.mark.parametrize("broken", [500, {"jobs": "many"}, {"jobs": {"waiting": -1}}])
def test_a_source_that_fails_is_missing_data_and_nobody_is_stopped(weirs, endpoint, broken):
    weir = weirs(scaled_by({"http": {"url": endpoint.url, "visible": "/jobs/waiting"}})).start()
    endpoint.answer = {"jobs": {"waiting": 7}}
    until(lambda: len(weir.in_service("remote")) == 3, 20, "seven wait")
    instances = weir.instances("remote")
    endpoint.answer = broken
    until(lambda: weir.group("remote")["measurement"].get("visible") is None, 20, "the figure is missing, not zero")
    always(lambda: weir.instances("remote") == instances, 4, "not knowing is no reason to scale in")
    assert weir.group("remote")["source_backoff"]["failures"] >= 1
    endpoint.answer = {"jobs": {"waiting": 0}}
    until(lambda: weir.is_at_zero("remote"), 60, "known again, it goes on")


def test_command(weirs, tmp_path):
    depth = tmp_path / "depth.json"
    depth.write_text(json.dumps({"visible": 0}))
    weir = weirs(scaled_by({"command": {"program": ["cat", str(depth)]}})).start()
    until(lambda: weir.group("remote").get("measurement"), 10, "it is measured")
    assert weir.instances("remote") == []
    depth.write_text(json.dumps({"visible": 4, "in_flight": 1, "oldest_age": 12.5}))
    until(lambda: len(weir.in_service("remote")) == 3, 20, "four wait")
    assert weir.group("remote")["measurement"]["oldest_age_s"] == 12.5
    depth.write_text(json.dumps({"visible": 0}))
    until(lambda: weir.is_at_zero("remote"), 20, "nothing waits")


def test_sqs(weirs, moto):
    sqs = client("sqs", moto)
    url = sqs.create_queue(QueueName="far-away")["QueueUrl"]
    source = {"sqs": {"queue": "far-away", "endpoint": moto, "region": lab.REGION}}
    weir = weirs(scaled_by(source), environment={"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "s"}).start()
    until(lambda: weir.group("remote").get("measurement"), 10, "it is measured")
    for number in range(5):
        sqs.send_message(QueueUrl=url, MessageBody=str(number))
    sqs.receive_message(QueueUrl=url, VisibilityTimeout=600)
    until(lambda: len(weir.in_service("remote")) == 3, 20, "four wait")
    measured = weir.group("remote")["measurement"]
    assert (measured["visible"], measured["in_flight"]) == (4, 1)
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert attributes["ApproximateNumberOfMessages"] == "4", "looking does not change the queue"
    sqs.purge_queue(QueueUrl=url)
    until(lambda: weir.is_at_zero("remote"), 20, "nothing waits")


def test_sqs_by_profile(weirs, moto, tmp_path):
    """Credentials and region from ~/.aws, as AWS's own tools read them."""
    client("sqs", moto).create_queue(QueueName="profiled")
    (tmp_path / "credentials").write_text("[work]\naws_access_key_id = a\naws_secret_access_key = s\n")
    (tmp_path / "config").write_text(f"[profile work]\nregion = {lab.REGION}\n")
    weir = weirs(
        scaled_by({"sqs": {"queue": "profiled", "endpoint": moto, "profile": "work"}}),
        environment={"AWS_SHARED_CREDENTIALS_FILE": tmp_path / "credentials", "AWS_CONFIG_FILE": tmp_path / "config"},
    ).start()
    until(lambda: (weir.group("remote").get("measurement") or {}).get("visible") == 0, 15, "it is measured")


def test_an_sqs_that_is_away(weirs):
    source = {"sqs": {"queue": "far-away", "endpoint": f"http://127.0.0.1:{lab.free_port()}", "region": lab.REGION}}
    weir = weirs(scaled_by(source), environment={"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "s"}).start()
    until(lambda: (weir.group("remote").get("source_backoff") or {}).get("failures", 0) >= 2, 30, "it backs off")
    assert weir.healthy()
    assert weir.group("remote")["measurement"].get("visible") is None
