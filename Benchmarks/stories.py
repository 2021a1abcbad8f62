"""How many stories `weir test` tells in a second, with reading the files: the shipped ones, many times over."""

import json
import shutil
import subprocess

from bench import ROOT, Report, home, lab, processor_seconds

COPIES, ROUNDS = 20, 5


def main():
    report = Report("Stories beside policies")
    folder = home("stories")
    copies = [shutil.copytree(ROOT / "policies", folder / str(number)) for number in range(COPIES)]
    seconds = []
    for _ in range(ROUNDS):
        before = processor_seconds()
        words = [lab.BINARY, "test", *copies, "--format", "json"]
        done = subprocess.run(words, check=True, capture_output=True, text=True)
        seconds.append(processor_seconds() - before)
    stories = sum(len(file["stories"]) for file in json.loads(done.stdout)["files"])
    report.note(f"{stories:,} stories, the best of {ROUNDS}")
    report.figure("stories in a second of one core", stories / min(seconds), "a second", least=1000)
    report.end()


if __name__ == "__main__":
    main()
