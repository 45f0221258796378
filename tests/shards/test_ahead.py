import threading

import pytest

from seqmill.shards.ahead import in_order


@pytest.mark.parametrize("threads", [0, 1, 4])
def test_results_come_in_the_order_of_the_tasks_although_work_ends_in_another(threads):
    late = threading.Event()

    def work(task):
        if task == 0 and threads > 1:
            late.wait(10)
        if task == 1:
            late.set()
        return task * task

    assert list(in_order(work, range(20), threads)) == [task * task for task in range(20)]


@pytest.mark.parametrize("threads", [1, 3])
def test_no_more_is_begun_than_may_be_ahead(threads):
    begun = []
    results = in_order(begun.append, range(100), threads)
    for taken in range(10):
        next(results)
        assert len(begun) <= taken + 1 + threads
    results.close()


@pytest.mark.parametrize("threads", [0, 2])
def test_an_error_comes_where_its_result_would(threads):
    results = in_order(lambda task: 1 // (3 - task), range(9), threads)
    assert [next(results) for _ in range(3)] == [0, 0, 1]
    with pytest.raises(ZeroDivisionError):
        next(results)
