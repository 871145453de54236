import asyncio
import sys
import time

async def doze(seconds):
    start = time.perf_counter()
    await asyncio.sleep(seconds)
    return time.perf_counter() - start - seconds

async def main(count):
    tasks = [asyncio.create_task(doze(2 + i * 7919 % count / count * 4)) for i in range(count)]
    late = [await task for task in tasks]
    late.sort()
    return late[count * 99 // 100] * 1e3

print(asyncio.run(main(int(sys.argv[1]))))
