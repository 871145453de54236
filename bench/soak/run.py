#!/usr/bin/env python3
"""Runs soak.py and watches its memory: run.py SCRIPTLING [SECONDS] [SEED] (600 seconds; a seed by chance).

Fails if the script does, if it does not end, or if the median of its resident memory in the last quarter of the time is more than
a fifth above that in the second quarter.
"""
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import time

EVERY = 2.0
GROWTH = 1.2
# Scenarios under way when the time is over end within their own patience (60 s).
GRACE = 90


def resident(pid):
    """MiB, or None when it has ended."""
    try:
        status = pathlib.Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return None
    line = next((line for line in status.splitlines() if line.startswith("VmRSS:")), None)
    return int(line.split()[1]) / 1024 if line else None


def watch(child, seconds):
    """The samples as (seconds since the start, MiB); whether it has ended by itself."""
    start, samples = time.monotonic(), []
    while child.poll() is None:
        now = time.monotonic() - start
        if now > seconds + GRACE:
            return samples, False
        memory = resident(child.pid)
        if memory is not None and now <= seconds:
            samples.append((now, memory))
            if len(samples) % 15 == 1:
                print(f"  {now:.0f} s: {memory:.1f} MiB", flush=True)
        time.sleep(EVERY)
    return samples, True


def quarter(samples, seconds, number):
    part = [memory for now, memory in samples if number * seconds / 4 <= now < (number + 1) * seconds / 4]
    return statistics.median(part) if part else 0.0


def main():
    scriptling = sys.argv[1]
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 600.0
    seed = sys.argv[3] if len(sys.argv) > 3 else str(random.randrange(10**9))
    script = pathlib.Path(__file__).with_name("soak.py")
    with tempfile.TemporaryDirectory() as folder:
        print(f"seed {seed}, {seconds:.0f} s", flush=True)
        child = subprocess.Popen([scriptling, str(script), seed, str(seconds), folder])
        samples, ended = watch(child, seconds)
        if not ended:
            child.kill()
        code = child.wait()
    second, last = quarter(samples, seconds, 1), quarter(samples, seconds, 3)
    print(f"resident memory: {second:.1f} MiB in the second quarter, {last:.1f} MiB in the last one")
    if not ended:
        sys.exit(f"FAILED: seed {seed} did not end")
    if code:
        sys.exit(f"FAILED: seed {seed} ended with {code}")
    if last > second * GROWTH:
        sys.exit(f"FAILED: seed {seed}: memory grows")
    print("ok")


if __name__ == "__main__":
    main()
