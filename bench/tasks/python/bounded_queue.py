import asyncio
import sys
import time

WORKERS = 4

async def produce(queue, count):
    for i in range(count):
        await queue.put(i)

async def consume(queue):
    total = 0
    while (item := await queue.get()) is not None:
        total += item
    return total

async def main(count):
    each = count // WORKERS
    queue = asyncio.Queue(64)
    start = time.perf_counter()
    consumers = [asyncio.create_task(consume(queue)) for _ in range(WORKERS)]
    await asyncio.gather(*[produce(queue, each) for _ in range(WORKERS)])
    for _ in range(WORKERS):
        await queue.put(None)
    total = sum(await asyncio.gather(*consumers))
    took = time.perf_counter() - start
    assert total == WORKERS * each * (each - 1) // 2
    return took / (each * WORKERS) * 1e6

print(asyncio.run(main(int(sys.argv[1]))))
