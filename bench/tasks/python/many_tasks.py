import asyncio
import sys
import time

async def park(number, parked, go):
    parked.release()
    await go.wait()
    return number

async def main(count):
    parked, go = asyncio.Semaphore(0), asyncio.Event()
    start = time.perf_counter()
    tasks = [asyncio.create_task(park(number, parked, go)) for number in range(count)]
    for _ in range(count):
        await parked.acquire()
    created = time.perf_counter()
    go.set()
    total = 0
    for task in tasks:
        total += await task
    woken = time.perf_counter()
    assert total == count * (count - 1) // 2
    return {"create": (created - start) / count * 1e6, "wake": (woken - created) / count * 1e6}

times = asyncio.run(main(int(sys.argv[1])))
print(times[sys.argv[2]] if len(sys.argv) > 2 else times)
