# What of `scriptling.runtime` is written in the language: it takes callables and iterables of the caller.


def _runtime_map(batch, iterable):
    # Not in the generator: what cannot be iterated is refused at once.
    return _runtime_results(batch, iter(iterable))


def _runtime_results(batch, source):
    more = True
    try:
        while True:
            while more and not batch.full():
                try:
                    item = next(source)
                except StopIteration:
                    more = False
                else:
                    batch.feed(item)
            if batch.size() == 0:
                return
            yield batch.take()
    finally:
        batch.close()


def _runtime_retry(fn, attempts, backoff, longest, on, sleep, chance):
    while True:
        attempts -= 1
        try:
            return fn()
        except on:
            if attempts <= 0:
                raise
        sleep(min(backoff, longest) * (0.5 + chance() / 2))
        backoff *= 2
