"""From starting the program to its first answer: GET /healthz, with ten groups whose state is there from before."""

import socket
import time

from bench import Report, home, lab, percentile

GROUPS = 10
STARTS = 20
ASK = b"GET /healthz HTTP/1.1\r\nHost: weir\r\nConnection: close\r\n\r\n"


def first_answer(port, deadline):
    while time.perf_counter() < deadline:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
                connection.sendall(ASK)
                if connection.recv(4096).startswith(b"HTTP/1.1 200"):
                    return time.perf_counter()
        except OSError:
            time.sleep(0.0005)
    raise RuntimeError("no answer")


def main():
    report = Report(f"From start to the first answer ({GROUPS} groups, {STARTS} starts)")
    policies = [lab.policy(f"group-{n}", lab.sleeping_worker()) for n in range(GROUPS)]
    weir, took = lab.Weir(home("start"), *policies).start(), []
    try:
        for _ in range(STARTS):
            weir.stop()
            began = time.perf_counter()
            weir.start(wait=False)
            took.append((first_answer(weir.port, began + 20) - began) * 1000)
        report.figure("p50", percentile(took, 0.5), "ms")
        report.figure("p95", percentile(took, 0.95), "ms", most=100)
    finally:
        weir.end()
    report.end()


if __name__ == "__main__":
    main()
