import asyncio
import sys
import time

async def produce(queue, count):
    for i in range(count):
        await queue.put(i)

async def main(count):
    queue = asyncio.Queue(1000)
    start = time.perf_counter()
    task = asyncio.create_task(produce(queue, count))
    total = 0
    for i in range(count):
        total += await queue.get()
    took = time.perf_counter() - start
    await task
    assert total == count * (count - 1) // 2
    return took / count * 1e6

print(asyncio.run(main(int(sys.argv[1]))))
