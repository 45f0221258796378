"""Work done ahead in threads, its results in order."""

from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")


def in_order(
    work: Callable[[Task], Result], tasks: Iterable[Task], threads: int
) -> Generator[Result, None, None]:
    """Yield ``work(task)`` for each task in order, at most `threads` + 1 of them ahead.

    Parameters
    ----------
    work : callable
        Called in a thread; an error is raised where its result would come.
    tasks : iterable
        What to work on.
    threads : int
        How many threads; 0 works when asked.
    """
    if not threads:
        yield from map(work, tasks)
        return
    ahead: deque[Future[Result]] = deque()
    pool = ThreadPoolExecutor(threads, thread_name_prefix="seqmill-ahead")
    try:
        for task in tasks:
            ahead.append(pool.submit(work, task))
            if len(ahead) > threads:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)
