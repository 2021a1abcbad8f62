"""A group that keeps a waiting time, live: it is decided by each message, and every decision can be decided again."""

import json

import lab
from lab import until


def keeping(group, worker, target):
    sections = {
        "queue": {"embedded": group, "poll_interval": "5s"},
        "workers": {**worker, "warmup": "0s", "stop_timeout": "10s"},
        "min_size": 0,
        "max_size": 6,
        "scaling_policies": {"keep": {"type": "wait_target", "target": target}},
    }
    return f"group: {group}\n" + "".join(f"{key}: {json.dumps(value)}\n" for key, value in sections.items())


def test_messages_bring_workers_and_their_absence_ends_them(weirs, tmp_path):
    worker = lab.noting_worker("hasty", tmp_path / "notes", work_seconds=0.5)
    weir = weirs(keeping("hasty", worker, "3s")).start()
    queue = weir.queue("hasty")
    for wave in (1, 12):
        queue.send_many([f"{wave}-{number}" for number in range(wave)])
        until(lambda: len(weir.in_service("hasty")) > 0, 20, "somebody comes")
        until(lambda: weir.is_at_zero("hasty"), 60, "all is done, and nobody is left")
    assert weir.group("hasty")["totals"]["launches"] >= 2
    assert 'because="keep: 1 waiting' in weir.log_text()
    weir.end()
    # What the queue told of each message is in the records, so the same is decided again, bit for bit.
    report = json.loads(lab.run(lab.BINARY, "replay", weir.state, "--format", "json").stdout)
    assert report["same"] == report["ticks"] > 10 and report["differing"] == 0
    seen = [
        json.loads(line)["seen"].get("measurement", {}).get("traffic")
        for path in (weir.state / "records").glob("*.jsonl")
        for line in path.read_text().splitlines()
    ]
    assert any(seen), "the queue told of its messages"
