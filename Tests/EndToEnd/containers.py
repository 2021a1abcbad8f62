"""Groups of containers on a real engine, and a record of all that the engine says of them."""

import json
import subprocess

import lab

WORKER = ["/worker/venv/bin/python", "/workers/noting.py"]


class Engine:
    """A real engine, and a record of all that it says of one group's containers."""

    def __init__(self, address, group, home):
        self.address, self.group, self.path = address, group, home / "engine.jsonl"
        self.process = subprocess.Popen(
            [
                "docker",
                "events",
                "--filter",
                f"label=weir.group={group}",
                "--filter",
                "type=container",
                "--format",
                "{{json .}}",
            ],
            stdout=self.path.open("w"),
            env=self.environment(),
        )

    def environment(self):
        return lab.clean_environment(DOCKER_HOST=self.address)

    def docker(self, *words):
        return lab.run("docker", *words, environment=self.environment()).stdout.split()

    def containers(self, everything=True):
        return self.docker(
            "ps", "--quiet", *(["--all"] if everything else []), "--filter", f"label=weir.group={self.group}"
        )

    def events(self, action):
        lines = [json.loads(line) for line in self.path.read_text().splitlines() if line.endswith("}")]
        return [event for event in lines if event["Action"] == action]

    def end(self):
        # weir may be removing one of them at this moment, which the engine refuses to do twice.
        lab.until(self.all_removed, 60, "the containers of the test are removed")
        self.process.terminate()
        self.process.wait()

    def all_removed(self):
        containers = self.containers()
        if containers:
            lab.run("docker", "rm", "--force", *containers, environment=self.environment(), check=False)
        return not self.containers()

    def run_image(self, everything=False):
        """The images of the group's containers, by instance; of those that run, or of all that are there."""
        lines = self.docker(
            "ps",
            *(["--all"] if everything else []),
            "--filter",
            f"label=weir.group={self.group}",
            "--format",
            '{{.Label "weir.instance"}}={{.Image}}',
        )
        return dict(line.split("=", 1) for line in lines)

    def build(self, tag, dockerfile):
        """Makes an image from lines of a Dockerfile that needs no files."""
        subprocess.run(
            ["docker", "build", "--network", "host", "--tag", tag, "-"],
            input="\n".join(dockerfile),
            text=True,
            check=True,
            capture_output=True,
            env=self.environment() | {"DOCKER_BUILDKIT": "0"},
        )


def launcher(engine, group, notes, work_seconds=1, image="weir-tiles-worker", environment=None, **more):
    """The section of workers that note what happens to them."""
    return {
        "docker": {
            "image": image,
            "command": WORKER,
            "network": "host",
            "pull": "never",
            "host": engine,
            "environment": {
                "QUEUE": group,
                "NOTES": "/notes",
                "WORK_SECONDS": str(work_seconds),
                **(environment or {}),
            },
            "mounts": [f"{lab.WORKERS}:/workers:ro", f"{notes}:/notes"],
            **more,
        }
    }


def told(weir, event):
    return [noted for noted in lab.events(weir.notes) if noted["event"] == event]
