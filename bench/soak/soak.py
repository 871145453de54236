# A random program that uses everything the runtime has, checks that nothing is lost, and ends. Arguments: SEED SECONDS FOLDER.
#
# A few drivers run one scenario after the other, each with names of its own, so a failure names the seed, the driver and the scenario.
# Nothing may last longer than PATIENCE: what does is stuck. Nothing may be left behind: the list of names is empty in the end.
import sys
import time
import scriptling.runtime as runtime
import scriptling.runtime.kv as kv
import scriptling.runtime.sync as sync

DRIVERS = 4
PATIENCE = 60


class Random:
    def __init__(self, seed):
        self.state = (seed * 2862933555777941757 + 3037000493) % 2**64

    def below(self, limit):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.state >> 33) % limit

    def between(self, low, high):
        return low + self.below(high - low + 1)

    def chance(self, percent):
        return self.below(100) < percent

    def choice(self, items):
        return items[self.below(len(items))]


class Planned(Exception):
    pass


def check(got, wanted, what):
    if got != wanted:
        raise AssertionError(f"{what}: {got!r} instead of {wanted!r}")


def join(tasks):
    # Exceptions are results here, cancellations too.
    for task in tasks:
        try:
            task.wait(timeout=PATIENCE)
        except (Planned, CancelledError):
            pass


def busy(turns):
    for _ in range(turns):
        pass


# --- Queues ---

def produce(queue, first, count, pause):
    for item in range(first, first + count):
        queue.put(item, timeout=PATIENCE)
        if pause and item % 7 == 0:
            runtime.sleep(0.0001)


def consume(queue, results, number):
    # Storing in a list is no safepoint: a cancellation comes before an item was taken, or after it is in the list.
    got = []
    try:
        try:
            while True:
                got += [queue.get(timeout=PATIENCE)]
        except sync.Closed:
            results.put((number, got))
    except CancelledError:
        # It may have come while the items were handed in: then they are there twice, or not yet.
        results.put((number, got))


def queue_loses_nothing(random, name):
    queue, results = sync.Queue(name, random.choice([0, 1, 2, 64])), sync.Queue(name + " results")
    producers, count = random.between(1, 4), random.between(1, 300)
    consumers = [runtime.run(consume, queue, results, c) for c in range(random.between(2, 6))]
    sources = [runtime.run(produce, queue, p * count, count, random.chance(30)) for p in range(producers)]
    # All but one of the consumers may be cancelled, whatever they are doing.
    for consumer in consumers[1:]:
        if random.chance(40):
            busy(random.below(2000))
            consumer.cancel()
    join(sources)
    queue.close()
    join(consumers)
    got = {}
    while not results.empty():
        number, items = results.get_nowait()
        got[number] = items
    # The first consumer was never cancelled: the queue did not end for it before all was taken, what a cancelled one gave back too.
    check(queue.empty(), True, "empty")
    check(sorted(sum(got.values(), [])), list(range(producers * count)), "items")
    queue.delete()
    results.delete()


def receive(subscription, results):
    results.put([item for item in subscription])


def topic_tells_everybody_the_same(random, name):
    topic, results = sync.Topic(name), sync.Queue(name + " results")
    readers = [runtime.run(receive, topic.subscribe(random.between(1, 20)), results) for _ in range(random.between(1, 5))]
    publishers = [runtime.run(publish, topic, p, random.between(1, 40)) for p in range(2)]
    join(publishers)
    topic.close()
    join(readers)
    first = results.get(timeout=PATIENCE)
    for _ in readers[1:]:
        check(results.get(timeout=PATIENCE), first, "order")
    topic.delete()
    results.delete()


def publish(topic, publisher, count):
    for i in range(count):
        topic.publish((publisher, i), timeout=PATIENCE)


# --- Mutual exclusion ---

def add_with(lock, shared, count):
    for _ in range(count):
        with lock:
            value = shared.get()
            if count % 3 == 0:
                yield_now()
            shared.set(value + 1)


def locks_exclude(random, name):
    lock = random.choice([sync.Lock, sync.RLock, sync.Semaphore, sync.Condition])(name)
    shared = sync.Shared(name, 0)
    tasks, count = random.between(2, 10), random.between(1, 50)
    runtime.gather(*[runtime.run(add_with, lock, shared, count) for _ in range(tasks)])
    check(shared.get(), tasks * count, "count under a lock")
    lock.delete()
    if isinstance(lock, sync.Condition):
        sync.delete("RLock", name)
    shared.delete()


def take_permits(semaphore, inside, most, permits, count):
    for _ in range(count):
        n = 1 + count % permits
        semaphore.acquire(n, timeout=PATIENCE)
        try:
            now = inside.add(n)
            if now > permits:
                most.set(now)
            yield_now()
        finally:
            inside.sub(n)
            semaphore.release(n)


def semaphore_counts(random, name):
    permits = random.between(1, 4)
    semaphore, inside, most = sync.Semaphore(name, permits), sync.Atomic(name), sync.Atomic(name + " most")
    join([runtime.run(take_permits, semaphore, inside, most, permits, random.between(1, 30)) for _ in range(8)])
    check((most.get(), inside.get(), semaphore.available()), (0, 0, permits), "permits")
    for handle in (semaphore, inside, most):
        handle.delete()


def hold(lock, semaphore):
    with semaphore:
        with lock:
            yield_now()
            runtime.sleep(0.0005)


def cancelled_holders_give_back(random, name):
    lock, semaphore = sync.Lock(name), sync.Semaphore(name, 2)
    tasks = [runtime.run(hold, lock, semaphore) for _ in range(random.between(3, 12))]
    for task in tasks:
        if random.chance(50):
            busy(random.below(3000))
            task.cancel()
    join(tasks)
    check((lock.locked(), semaphore.available()), (False, 2), "held")
    lock.delete()
    semaphore.delete()


def add_one(value, by=1):
    return value + by


def add_late(value):
    yield_now()
    return value + 1


def fail_update(value):
    raise Planned("update")


def update_often(shared, atomic, count):
    for i in range(count):
        if i % 5 == 0:
            try:
                shared.update(fail_update)
            except Planned:
                pass
        shared.update(add_late if i % 7 == 0 else add_one)
        atomic.add(2**60)


def updates_add_up(random, name):
    shared, atomic = sync.Shared(name, 0), sync.Atomic(name)
    tasks, count = random.between(1, 8), random.between(1, 60)
    waiting = runtime.run(wait_for_at_least, shared, tasks * count)
    runtime.gather(*[runtime.run(update_often, shared, atomic, count) for _ in range(tasks)])
    check(waiting.get(timeout=PATIENCE), tasks * count, "what wait_for saw")
    check((shared.get(), atomic.get()), (tasks * count, tasks * count * 2**60), "updates")
    shared.delete()
    atomic.delete()


def wait_for_at_least(shared, wanted):
    return shared.wait_for(lambda value: value >= wanted, timeout=PATIENCE)


# --- Signals ---

def wait_here(event, group, passed):
    try:
        event.wait(timeout=PATIENCE)
        passed.add(1)
    finally:
        group.done()


def event_frees_everybody(random, name):
    event, group, passed = sync.Event(name), sync.WaitGroup(name), sync.Atomic(name)
    count = random.between(1, 100)
    group.add(count)
    tasks = [runtime.run(wait_here, event, group, passed) for _ in range(count)]
    busy(random.below(5000))
    event.set()
    group.wait(timeout=PATIENCE)
    join(tasks)
    check(passed.get(), count, "passed the event")
    for handle in (event, group, passed):
        handle.delete()


def meet(barrier, rounds, places):
    for _ in range(rounds):
        places.add(barrier.wait(timeout=PATIENCE))


def barrier_holds_all(random, name):
    parties, rounds = random.between(1, 6), random.between(1, 20)
    barrier, places = sync.Barrier(name, parties), sync.Atomic(name)
    runtime.gather(*[runtime.run(meet, barrier, rounds, places) for _ in range(parties)])
    check(places.get(), rounds * parties * (parties - 1) // 2, "places at the barrier")
    barrier.delete()
    places.delete()


def broken_barrier_tells_everybody(random, name):
    barrier, places = sync.Barrier(name, 4), sync.Atomic(name)
    tasks = [runtime.run(meet, barrier, 1, places) for _ in range(3)]
    random.choice(tasks).cancel()
    for task in tasks:
        try:
            # A task that was cancelled before it came has broken nothing.
            task.wait(timeout=0.05)
        except (CancelledError, TimeoutError, sync.BrokenBarrierError):
            pass
    barrier.abort()
    for task in tasks:
        task_error(task, (sync.BrokenBarrierError,))
    barrier.delete()
    places.delete()


def task_error(task, expected):
    try:
        error = task.exception(timeout=PATIENCE)
        if not isinstance(error, expected):
            raise AssertionError(f"{error!r} instead of {expected}")
    except CancelledError:
        # It may be the driver that is cancelled, by the failure of another one.
        if not task.cancelled():
            raise


def hand_over(condition, shared, mine, parties, rounds):
    for _ in range(rounds):
        with condition:
            condition.wait_for(lambda: shared.get() % parties == mine, timeout=PATIENCE)
            shared.set(shared.get() + 1)
            condition.notify_all()


def condition_takes_turns(random, name):
    parties, rounds = random.between(1, 5), random.between(1, 15)
    condition, shared = sync.Condition(name), sync.Shared(name, 0)
    runtime.gather(*[runtime.run(hand_over, condition, shared, mine, parties, rounds) for mine in range(parties)])
    check(shared.get(), parties * rounds, "turns")
    condition.delete()
    sync.delete("RLock", name)
    shared.delete()


def make_once(calls, fail):
    yield_now()
    if calls.add(1) <= fail:
        raise Planned("once")
    return [calls.get()]


def call_once(once, calls, fail):
    return once.call(make_once, calls, fail)


def once_is_once(random, name):
    once, calls, fail = sync.Once(name), sync.Atomic(name), random.below(3)
    tasks = [runtime.run(call_once, once, calls, fail) for _ in range(fail + random.between(1, 10))]
    results = runtime.gather(*tasks, return_exceptions=True)
    check(len([r for r in results if isinstance(r, Planned)]), fail, "failures of once")
    check([r for r in results if not isinstance(r, Planned) and r != [fail + 1]], [], "results of once")
    once.delete()
    calls.delete()


def acquire_some(limiter, count):
    for _ in range(count):
        limiter.acquire(timeout=PATIENCE)


def limiter_limits(random, name):
    limiter, tasks, count = sync.RateLimiter(name, 2000, 5), random.between(1, 4), random.between(1, 20)
    start = time.perf_counter()
    runtime.gather(*[runtime.run(acquire_some, limiter, count) for _ in range(tasks)])
    took = time.perf_counter() - start
    if took < (tasks * count - 5) / 2000 - 0.001:
        raise AssertionError(f"{tasks * count} tokens in {took} s")
    limiter.delete()


# --- Tasks ---

def park(name, how, started, cleaned):
    try:
        started.add(1)
        wait_for_ever(name, how)
    finally:
        cleaned.add(1)


def wait_for_ever(name, how):
    if how == 0:
        sync.Queue(name).get(timeout=PATIENCE)
    elif how == 1:
        sync.Event(name).wait(timeout=PATIENCE)
    elif how == 2:
        runtime.sleep(PATIENCE)
    elif how == 3:
        with sync.Lock(name):
            runtime.sleep(PATIENCE)
    elif how == 4:
        sync.Semaphore(name, 1).acquire(2, timeout=PATIENCE)
    elif how == 5:
        runtime.run(runtime.sleep, PATIENCE).cancel()
        sync.Shared(name, 0).wait_for(lambda value: value, timeout=PATIENCE)
    elif how == 6:
        with runtime.TaskGroup() as group:
            group.run(runtime.sleep, PATIENCE)
    else:
        while True:
            pass


KINDS = ["Queue", "Event", "Lock", "Semaphore", "Shared"]


def cancelling_reaches_everybody(random, name):
    cleaned, started = sync.Atomic(name + " cleaned"), sync.Atomic(name + " started")
    tasks = [runtime.run(park, name, random.below(8), started, cleaned) for _ in range(random.between(1, 60))]
    busy(random.below(20000))
    for task in tasks:
        task.cancel()
    for task in tasks:
        try:
            task.wait(timeout=PATIENCE)
            raise AssertionError("a cancelled task returned")
        except CancelledError:
            pass
    # A cancellation may come between the `try` and what counts it, so there may be more finally blocks, but never fewer.
    check(cleaned.get() >= started.get(), True, "finally blocks")
    for kind in KINDS:
        sync.delete(kind, name)
    cleaned.delete()
    started.delete()


def fail(what):
    yield_now()
    raise Planned(what)


def failures_arrive(random, name):
    tasks = [runtime.background(name, fail, i) if random.chance(60) else runtime.run(add_one, i) for i in range(20)]
    for i, result in enumerate(runtime.gather(*tasks, return_exceptions=True)):
        if isinstance(result, Planned):
            check(result.args, (i,), "failure")
        else:
            check(result, i + 1, "result")
    first = runtime.wait_any([runtime.run(add_one, 1), runtime.run(add_one, 1)], timeout=PATIENCE)
    check(first.get(), 2, "wait_any")


def child(depth, failing):
    if depth:
        with runtime.TaskGroup() as group:
            for i in range(3):
                group.run(child, depth - 1, failing if i == 1 else False)
    elif failing:
        raise Planned("deep")
    return depth


def groups_leave_nobody(random, name):
    failing, depth = random.chance(50), random.between(1, 3)
    promises = []
    try:
        with runtime.TaskGroup() as group:
            promises = [group.background(name, child, depth, failing) for _ in range(random.between(1, 3))]
        check(failing, False, "a group without the failure")
    except* Planned:
        check(failing, True, "a group with a failure")
    for promise in promises:
        check(promise.done(), True, "a task of a group that has ended")
        task_error(promise, (ExceptionGroup, type(None)))


def square(x):
    if x < 0:
        raise Planned(x)
    busy(x % 50)
    return x * x


def map_gives_all(random, name):
    count, workers, ordered = random.between(0, 200), random.choice([None, 1, 2, 9]), random.chance(50)
    results = list(runtime.map(square, range(count), workers=workers, ordered=ordered))
    if not ordered:
        results.sort()
    check(results, [x * x for x in range(count)], "map")
    taken = 0
    for result in runtime.map(square, iter(range(10**9)), workers=workers):
        taken += 1
        if taken > count:
            break
    try:
        for result in runtime.map(square, [1, 2, -3, 4], workers=workers):
            pass
        raise AssertionError("map lost a failure")
    except Planned:
        pass


def tick(group, ticks, wanted):
    if ticks.add(1) <= wanted:
        group.done()


def schedules_tick(random, name):
    wanted = random.between(1, 10)
    group, ticks = sync.WaitGroup(name), sync.Atomic(name)
    group.add(wanted)
    schedule = runtime.every(0.002, tick, group, ticks, wanted, name=name, max_overlap=random.between(1, 2))
    group.wait(timeout=PATIENCE)
    schedule.cancel()
    schedule.wait(timeout=PATIENCE)
    # A run may still be under way: its handles would raise Deleted, so its names go when nobody ticks any more.
    while [task for task in runtime.tasks() if task["name"].startswith(name)]:
        yield_now()
    group.delete()
    ticks.delete()


def shared_tasks_share(random, name):
    counter, tasks, count = [0], random.between(1, 20), random.between(1, 100)

    def work(n):
        for i in range(n):
            counter[0] = counter[0] + 1
            if i % 10 == 3:
                yield_now()

    runtime.gather(*[runtime.background(f"{name} {i}", work, count, shared=True) for i in range(tasks)])
    check(counter[0], tasks * count, "count of shared tasks")
    endless = runtime.background(name, wait_for_ever, name, 7, shared=True)
    runtime.sleep(0.001)
    endless.cancel()
    join([endless])


def run_out():
    while True:
        pass


def grow():
    rows = []
    while True:
        rows.append("x" * 1000)


def limits_end_one_task(random, name):
    out_of_fuel = runtime.run(run_out, limits=runtime.Limits(fuel=random.between(1, 100000)))
    out_of_time = runtime.run(run_out, limits=runtime.Limits(seconds=0.01))
    out_of_memory = runtime.run(grow, limits=runtime.Limits(memory=1 << 20))
    task_error(out_of_fuel, (FuelExhausted,))
    task_error(out_of_time, (TimeLimitExceeded,))
    task_error(out_of_memory, (MemoryError,))


def flaky(tries, fail):
    if tries.add(1) <= fail:
        raise Planned("flaky")
    return tries.get()


def retry_tries_again(random, name):
    tries, fail = sync.Atomic(name), random.below(4)
    check(runtime.retry(lambda: flaky(tries, fail), attempts=5, backoff=0.0001), fail + 1, "tries")
    tries.delete()


def time_out(queue, seconds):
    try:
        return queue.get(timeout=seconds)
    except TimeoutError:
        return None


def timeouts_lose_nothing(random, name):
    queue, count = sync.Queue(name), random.between(1, 50)
    tasks = [runtime.run(time_out, queue, random.below(30) / 10000) for _ in range(count)]
    for i in range(count):
        queue.put(i)
        busy(random.below(500))
    got = [item for item in runtime.gather(*tasks) if item is not None]
    while not queue.empty():
        got += [queue.get_nowait()]
    got.sort()
    check(got, list(range(count)), "items after timeouts")
    queue.delete()


# --- Stores ---

def transfer(store, prefix, random, accounts, count):
    done = 0
    while done < count:
        a, b = prefix + str(random.below(accounts)), prefix + str(random.below(accounts))
        try:
            with store.transaction() as t:
                t[a] = t[a] - 1
                if random.chance(5):
                    yield_now()
                t[b] = t[b] + 1
                if random.chance(5):
                    raise Planned("rolled back")
            done += 1
        except kv.Conflict:
            pass
        except Planned:
            pass
        store.incr(prefix + "done")
        store.update(prefix + "list", lambda value: value[-3:] + [done])


def store_keeps_the_sum(store, prefix, random, count):
    accounts = random.between(2, 6)
    store.mset({prefix + str(i): 100 for i in range(accounts)})
    store.set(prefix + "list", [])
    tasks = [runtime.run(transfer, store, prefix, Random(random.below(10**9)), accounts, count) for _ in range(random.between(1, 4))]
    victim = runtime.run(transfer, store, prefix, Random(random.below(10**9)), accounts, 10**9)
    runtime.gather(*tasks)
    victim.cancel()
    join([victim])
    check(sum(store.mget([prefix + str(i) for i in range(accounts)])), 100 * accounts, "sum of the accounts")
    store.set(prefix + "gone", b"x" * random.below(2000), ttl=0.001)
    check(store.pop(prefix + "list") is not None, True, "list")
    for key in store.keys(prefix + "*"):
        store.delete(key)
    for key in store.scan(prefix=prefix)[0]:
        check(key, prefix + "gone", "key left behind")


def memory_store(random, name):
    with kv.open(":memory:" + name) as store:
        store_keeps_the_sum(store, name, random, random.between(1, 50))
    store_keeps_the_sum(kv.default, name, random, random.between(1, 50))


def bounded_store(random, name):
    with kv.open(":memory:" + name, max_entries=50) as store:
        for i in range(300):
            store.set(str(random.below(1000)), "x" * random.below(3000), ttl=random.choice([0, 0.001, 10]))
        check(len(store) <= 50, True, "entries of a bounded store")


def file_store(random, name):
    durability = random.choice(["immediate", "eventual", "eventual"])
    with kv.open(FOLDER + "/" + durability + ".db", durability=durability) as store:
        store_keeps_the_sum(store, name, random, random.between(1, 10))


SCENARIOS = [
    queue_loses_nothing, topic_tells_everybody_the_same, locks_exclude, semaphore_counts, cancelled_holders_give_back,
    updates_add_up, event_frees_everybody, barrier_holds_all, broken_barrier_tells_everybody, condition_takes_turns,
    once_is_once, limiter_limits, cancelling_reaches_everybody, failures_arrive, groups_leave_nobody, map_gives_all,
    schedules_tick, shared_tasks_share, limits_end_one_task, retry_tries_again, timeouts_lose_nothing, memory_store,
    bounded_store, file_store,
]


def drive(number, random, until):
    rounds = sync.Atomic("rounds")
    step = 0
    while time.monotonic() < until:
        scenario = random.choice(SCENARIOS)
        name = f"{number}.{step}.{scenario.__name__}"
        try:
            scenario(random, name)
        except BaseException as error:
            if not isinstance(error, CancelledError):
                print(f"FAILED seed {SEED} {name}: {error!r}")
            raise
        rounds.add(1)
        step += 1


def report(start):
    rounds = sync.Atomic("rounds").get()
    print(f"{time.monotonic() - start:.0f} s: {rounds} rounds, {len(runtime.tasks())} tasks, {len(sync.list())} names")
    sys.stdout.flush()


SEED, SECONDS, FOLDER = int(sys.argv[1]), float(sys.argv[2]), sys.argv[3]
start = time.monotonic()
progress = runtime.every(5, report, start, name="progress")
drivers = [runtime.background(f"driver {i}", drive, i, Random(SEED * 1000 + i), start + SECONDS) for i in range(DRIVERS)]
runtime.gather(*drivers)
progress.cancel()
sync.delete("Atomic", "rounds")
check(sync.list(), [], "names left behind")
print("ok", SEED)
