"""M/M/c in SimPy: mmc.py JOBS SERVERS LOAD; prints JSON."""

import json
import random
import sys
import time

import simpy


def job(world, servers, waits):
    came = world.now
    with servers.request() as turn:
        yield turn
        waits.append(world.now - came)
        yield world.timeout(random.expovariate(1))


def arrivals(world, servers, jobs, rate, waits):
    for _ in range(jobs):
        yield world.timeout(random.expovariate(rate))
        world.process(job(world, servers, waits))


def main():
    jobs, count, load = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    random.seed(1)
    waits = []
    began = time.perf_counter()
    world = simpy.Environment()
    servers = simpy.Resource(world, capacity=count)
    world.process(arrivals(world, servers, jobs, load * count, waits))
    world.run()
    took = time.perf_counter() - began
    print(json.dumps({"jobs": jobs, "seconds": took, "mean": sum(waits) / jobs}))


if __name__ == "__main__":
    main()
