"""`weir explain`, `weir replay` and simulations with records: as docs/flight-recorder.md has them."""

import datetime
import json
import shutil
import signal

import lab
import pytest
from lab import ROOT, run

RECORDS = ROOT / "Tests/WeirRuntimeTests/Fixtures/records"


@pytest.fixture(scope="module")
def state(tmp_path_factory):
    """A state folder of which nothing is left but the records of a demo."""
    folder = tmp_path_factory.mktemp("state")
    (folder / "records").mkdir()
    shutil.copy(RECORDS / "demo.jsonl", folder / "records/tiles.00000001.jsonl")
    return folder


def weir(*words, check=True):
    return run(lab.BINARY, *words, check=check, within=120)


def told(*words):
    return json.loads(weir(*words, "--format", "json").stdout)


def demo():
    return [json.loads(line) for line in (RECORDS / "demo.jsonl").read_text().splitlines()]


def demo_end():
    """The last tick at which it was not leaving yet: one that measured."""
    return [record["at"] for record in demo() if "measurement" in record["seen"]][-1]


def rfc3339(milliseconds):
    moment = datetime.datetime.fromtimestamp(milliseconds / 1000, datetime.timezone.utc)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def test_what_was_recorded_is_decided_again_the_same(state):
    for words in ([RECORDS / "demo.jsonl", RECORDS / "storm.jsonl", RECORDS / "demo-version-3.jsonl"], [state]):
        report = told("replay", *words)
        assert report["differing"] == report["not_decided"] == 0 and report["damaged"] == []
        assert report["same"] == report["ticks"] > 100
    text = weir("replay", state).stdout
    assert "all are decided the same" in text


def test_a_difference_is_told_and_so_is_damage(tmp_path):
    lines = (RECORDS / "demo.jsonl").read_text().splitlines()
    changed = json.loads(lines[2])
    changed["desired"] += 1
    (tmp_path / "changed.jsonl").write_text("\n".join([*lines[:2], json.dumps(changed), *lines[3:8]]) + "\n")
    done = weir("replay", tmp_path / "changed.jsonl", check=False)
    assert done.returncode == 1
    assert "changed.jsonl:3: tiles at " in done.stdout
    assert f"desired: recorded {changed['desired']}, now {changed['desired'] - 1}" in done.stdout

    (tmp_path / "damaged.jsonl").write_text("\n".join([*lines[:5], "{rubbish", *lines[6:], lines[0][:90]]))
    done = weir("replay", tmp_path / "damaged.jsonl", "--format", "json", check=False)
    report = json.loads(done.stdout)
    assert done.returncode == 1
    assert report["damaged"] == [{"file": str(tmp_path / "damaged.jsonl"), "line": 6, "problem": "it is no JSON"}]
    # Nothing is claimed of those that follow, up to the next that says where it starts from.
    again = next(number for number, line in enumerate(lines) if number > 5 and "checkpoint" in json.loads(line))
    assert report["not_decided"] == again - 6 and report["same"] == len(lines) - 1 - report["not_decided"]
    assert report["differing"] == 0 and len(report["torn"]) == 1

    # Where nothing says what the first of them starts from, nothing can be said of any.
    (tmp_path / "late.jsonl").write_text("\n".join(lines[1:5]) + "\n")
    done = weir("replay", tmp_path / "late.jsonl", check=False)
    assert done.returncode == 1 and "the same" not in done.stdout
    assert "4 ticks: none can be decided again, as records before them are missing" in done.stdout

    # Nor does a file have to begin with its first record. But none between others may be missing.
    again = next(number for number, line in enumerate(lines) if number > 0 and "checkpoint" in json.loads(line))
    (tmp_path / "late.jsonl").write_text("\n".join(lines[2:]) + "\n")
    report = told("replay", tmp_path / "late.jsonl")
    assert report["missing"] == [] and report["not_decided"] == again - 2 and report["same"] > 0
    (tmp_path / "gap.jsonl").write_text("\n".join(lines[:5] + lines[7:]) + "\n")
    done = weir("replay", tmp_path / "gap.jsonl", check=False)
    assert done.returncode == 1 and "gap.jsonl:6: ticks 6 to 7 of tiles, before this one, are missing" in done.stdout
    assert "; records are missing in one place" in done.stdout
    done = weir("replay", tmp_path / "gap.jsonl", "--format", "json", check=False)
    [missing] = json.loads(done.stdout)["missing"]
    assert missing["line"] == 6 and missing["problem"].startswith("ticks 6 to 7")

    done = weir("replay", ROOT / "README.md", check=False)
    assert done.returncode == 2 and "there are no records in" in done.stderr


def test_each_decision_of_the_demo_is_explained(state):
    changes = [record for record in demo() if "was" in record]
    assert len(changes) >= 3
    for record in changes:
        answer = told("explain", "tiles", "--state", state, "--at", rfc3339(record["at"]))
        assert (answer["from"], answer["desired"]) == (record["was"], record["desired"])
        assert answer["decided_the_same"] and answer["alternatives"]
        assert "asked" in {reason["role"] for reason in answer["reasons"]}
        for alternative in answer["alternatives"]:
            assert alternative["sentence"][1:] in answer["text"] and alternative["desired"] != record["desired"]
    # The same moment, written otherwise.
    utc = datetime.datetime.fromtimestamp(changes[1]["at"] // 1000 + 1, datetime.timezone.utc)
    abroad = utc.astimezone(datetime.timezone(datetime.timedelta(hours=1))).isoformat()
    at = [told("explain", "tiles", "--state", state, "--at", moment)["at"] for moment in (f"{utc:%FT%TZ}", abroad)]
    assert at[0] == at[1] >= rfc3339(changes[1]["at"])
    text = weir("explain", "tiles", "--state", state, "--at", rfc3339(demo_end())).stdout
    assert text.startswith("tiles  desired ") and "It has been 0 since" in text
    # It ended with --drain.
    left = told("explain", "tiles", "--state", state, "--at", "1s")
    assert left["at"] == rfc3339(demo()[-1]["at"]) and "tiles had left" in left["text"] and "silence" not in left


def test_a_moment_or_a_group_without_records(state):
    done = weir("explain", "tiles", "--state", state, "--at", "2001-01-01T00:00:00Z", check=False)
    assert done.returncode == 2 and "the records of 'tiles' begin later, at 20" in done.stderr
    done = weir("explain", "tile", "--state", state, check=False)
    assert done.returncode == 2 and "did you mean 'tiles'?" in done.stderr
    done = weir("explain", "tiles", "--state", state, "--at", "noon", check=False)
    assert done.returncode == 2


def test_a_moment_of_which_nothing_is_recorded(tmp_path):
    lines = (RECORDS / "demo.jsonl").read_text().splitlines()
    lines = [line for line in lines if json.loads(line)["at"] <= demo_end()]
    records = tmp_path / "records"
    records.mkdir()
    (records / "tiles.00000001.jsonl").write_text("\n".join(lines) + "\n")
    last = json.loads(lines[-1])
    state = ["--state", tmp_path]
    # weir has ended; 20 minutes later nobody knows what would have been.
    moment = rfc3339(last["at"] + 1_200_000)
    answer = told("explain", "tiles", *state, "--at", moment)
    assert answer["silence"]["from"] == rfc3339(last["at"]) and "until" not in answer["silence"]
    assert answer["silence"]["due"] == rfc3339(last["at"] + last["next"][0])
    assert not [one for one in answer["alternatives"] if one["change"] == "time" and one["at"] <= moment]
    text = " ".join(weir("explain", "tiles", *state, "--at", moment).stdout.split())
    assert "there are no records (a tick was due at " in text
    assert "silence" not in told("explain", "tiles", *state)

    done = weir("explain", "tiles", *state, "--at", "2130-01-01T00:00:00Z", check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "from now; what is to come is not in the records" in done.stderr

    # Ten records that are lost.
    gap = next(at for at in range(20, len(lines)) if "checkpoint" not in lines[at] and "measurement" in lines[at - 1])
    (records / "tiles.00000001.jsonl").write_text("\n".join(lines[:gap] + lines[gap + 10 :]) + "\n")
    before, after = json.loads(lines[gap - 1]), json.loads(lines[gap + 10])
    answer = told("explain", "tiles", *state, "--at", rfc3339(after["at"] - 1))
    assert answer["silence"]["from"] == rfc3339(before["at"]) and answer["silence"]["until"] == rfc3339(after["at"])


def test_records_of_another_version_are_named(tmp_path):
    (tmp_path / "records").mkdir()
    path = tmp_path / "records/tiles.00000001.jsonl"
    other = "version: version 99; this weir reads"
    for content, problem in [('{"version":99}\n', other), ("rubbish\n", "it is no JSON")]:
        path.write_text(content)
        for words in (["--state", tmp_path], ["--records", path], ["--records", path, "--at", "10m"]):
            done = weir("explain", "tiles", *words, check=False)
            assert done.returncode == 2 and f"{path}:1: {problem}" in done.stderr, done.stderr


def test_named_records_are_of_any_day(tmp_path):
    records = tmp_path / "records.jsonl"
    words = ["--generate", "diurnal rate=90/h for=4h taking=60s", "--seed", "1"]
    weir("simulate", "policies/thumbnails.yaml", *words, "--records", records)

    def at(moment):
        return told("explain", "thumbnails", "--records", records, "--at", moment)

    last = json.loads(records.read_text().splitlines()[-1])["at"]
    assert at("03:12")["asked_at"] == "2026-01-05T03:12:00Z" and at("03:12")["at"] > "2026-01-05T03:11"
    assert at("10m")["asked_at"] == rfc3339(last - 600_000)
    assert at("2026-01-05T02:00:00+01:00")["asked_at"] == "2026-01-05T01:00:00Z"
    assert at(rfc3339(last + 30_000))["desired"] == told("explain", "thumbnails", "--records", records)["desired"]
    for moment in ("2019-01-01T00:00:00Z", rfc3339(last + 3_600_000), "12:00", "5h"):
        done = weir("explain", "thumbnails", "--records", records, "--at", moment, check=False)
        assert done.returncode == 2 and done.stdout == ""
        span = f"go from 2026-01-05T00:00:00Z to {rfc3339(last)}: '{moment}' is outside of them"
        assert done.stderr == f"weir: the records of 'thumbnails' in {records} {span}\n"


def test_a_simulation_of_the_recorded_load(state, tmp_path):
    records = tmp_path / "simulated.jsonl"
    report = told("simulate", "policies/demo.yaml", "--from-records", state, "--records", records)
    real = [record for record in demo() if "measurement" in record["seen"]]
    spans = [(now, (then["at"] - now["at"]) / 1000) for now, then in zip(real, real[1:])]
    sent = sum(
        then["seen"]["measurement"].get("arrivalRate", 0) * (then["at"] - now["at"]) / 1000
        for now, then in zip(real, real[1:])
    )
    assert report["jobs"] == report["completed"] == round(sent)
    # Little's law: what waited, over time, for each message that came.
    waited = sum(now["seen"]["measurement"]["visible"] * seconds for now, seconds in spans) / sent
    assert report["wait_s"]["mean"] == pytest.approx(waited, rel=0.1)
    assert report["peak_instances"] == max(record["desired"] for record in demo())

    def changes(lines):
        found = [line for line in lines if line.get("was", line["desired"]) != line["desired"]]
        return [(line["was"], line["desired"]) for line in found], [line["at"] for line in found]

    simulated = [json.loads(line) for line in records.read_text().splitlines()]
    (sizes, moments), (real_sizes, real_moments) = changes(simulated), changes(demo())
    assert sizes == real_sizes == [(0, 1), (1, 4), (4, 0)]
    # Within a measurement, and the last one within a period of its alarm: a real job takes a little more or less.
    assert moments[:2] == pytest.approx(real_moments[:2], rel=0, abs=1100)
    assert moments[2] == pytest.approx(real_moments[2], rel=0, abs=5000)
    lasts = (demo()[-1]["at"] - real[0]["at"]) / 1000
    assert report["span_s"] == pytest.approx(lasts, abs=2), "it goes on until the records end"

    text = weir("explain", "tiles", "--records", records).stdout
    assert "kept its desired capacity of 0" in text
    replayed = told("replay", records)
    assert replayed["same"] == replayed["ticks"] > 20
    again = tmp_path / "again.jsonl"
    weir("simulate", "policies/demo.yaml", "--from-records", state, "--records", again)
    assert again.read_bytes() == records.read_bytes(), "the same simulation is the same bytes"


def test_a_file_of_records_that_somebody_removes(weirs):
    daemon = weirs(lab.policy("idle", lab.sleeping_worker(), poll_interval="500ms", out=lab.NEVER)).start()
    path = daemon.state / "records/idle.00000001.jsonl"
    lab.until(lambda: path.exists() and path.read_bytes().count(b"\n") > 3, 10, "ticks are recorded")
    path.unlink()
    lab.until(lambda: path.exists() and path.read_bytes().count(b"\n") > 2, 10, "they are recorded again")
    assert "was removed while it was written to" in daemon.log_text()
    daemon.end()
    report = told("replay", path)
    assert report["same"] == report["ticks"] and report["not_decided"] == 0


def test_a_group_whose_policy_was_taken_away(weirs):
    text = lab.policy("short", lab.sleeping_worker(), poll_interval="500ms", min_size=1, out=lab.NEVER, into=lab.NEVER)
    daemon = weirs(lab.policy("idle", lab.sleeping_worker(), out=lab.NEVER), text).start()
    lab.until(lambda: len(daemon.in_service("short")) == 1, 15, "it runs")
    (daemon.policies / "short.yaml").unlink()
    daemon.signal(signal.SIGHUP)
    lab.until(lambda: [group["group"] for group in daemon.groups()] == ["idle"], 30, "it has left")
    answer = told("explain", "short", "--state", daemon.state, "--at", "0s")
    assert "short had left (its policy was taken away, or weir drained)" in answer["text"]
    assert answer["alternatives"] == [] and "silence" not in answer and answer["instances"]["in_service"] == 0


def test_a_state_folder_whose_records_are_a_file(weirs):
    daemon = weirs(lab.policy("idle", lab.sleeping_worker(), out=lab.NEVER))
    daemon.state.mkdir()
    (daemon.state / "records").write_text("")
    done = weir("run", daemon.policies, "--state", daemon.state, check=False)
    assert done.returncode != 0 and "records is a file, not a folder; move it away" in done.stderr


def test_a_daemon_that_is_killed_while_it_writes(weirs):
    daemon = weirs(lab.policy("idle", lab.sleeping_worker(), poll_interval="500ms", out=lab.NEVER)).start()
    [path] = lab.until(lambda: list((daemon.state / "records").glob("*.jsonl")), 10, "the first tick is recorded")
    lab.until(lambda: path.read_bytes().count(b"\n") > 3, 10, "more ticks are recorded")
    assert told("explain", "idle", "--state", daemon.state)["desired"] == 0, "while it runs"
    daemon.kill9()
    whole = path.read_bytes().count(b"\n")
    with path.open("ab") as file:
        file.write(path.read_bytes()[:200].split(b"\n")[0][:150])
    assert told("explain", "idle", "--state", daemon.state)["desired"] == 0, "after it has ended"
    daemon.start("--records-age", "1d", "--records-size", "1MB")
    lab.until(lambda: path.read_bytes().count(b"\n") > whole + 3, 10, "ticks are recorded again")
    assert "is cut off" in daemon.log_text()
    daemon.end()
    report = told("replay", daemon.state)
    assert report["same"] == report["ticks"] > whole + 3 and report["damaged"] == report["torn"] == []
