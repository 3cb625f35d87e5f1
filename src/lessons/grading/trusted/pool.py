"""Where submissions run: slots on this machine, or the workers of a Dask cluster."""

import concurrent.futures
import contextlib
import queue

from lessons.grading.trusted.supervisor import Slot, SlotError

_TRIES = 3
_here = {}  # of a cluster's worker: its slots by what they import


@contextlib.contextmanager
def make(modules, workers, scheduler, isolated):
    """A runner: its `run(submissions)` gives (submission, outcomes) as they end.

    Args:
        modules: names to import before anything is forked.
        workers: slots on this machine.
        scheduler: address of a Dask scheduler, or None.
        isolated: see `Slot`.
    """
    if scheduler:
        runner = _Cluster(modules, scheduler, isolated)
    else:
        runner = _Local(modules, workers, isolated)
    try:
        yield runner
    finally:
        runner.close()


def grade(slot_of, jobs):
    """Outcomes of the jobs of one submission; a slot that fails is made anew.

    Args:
        slot_of: function that gives a `Slot`; `slot_of(True)` gives a new one.
        jobs: list of jobs; None runs nothing.
    """
    outcomes = []
    for job in jobs:
        outcome = None
        for attempt in range(_TRIES if job else 0):
            try:
                outcome = slot_of(attempt > 0).grade(job, job["seconds"])
                break
            except SlotError as error:
                outcome = _failed(job, error)
        outcomes.append(outcome)
    return outcomes


def _failed(job, error):
    return {
        "steps": [
            {
                "broken": f"the grader failed: {error}",
                "error": str(error),
                "score": 0,
                "trouble": None,
            }
            for _ in job["steps"]
        ],
        "restarts": 0,
        "seconds": 0.0,
        "memory": 0,
        "problem": str(error),
    }


class _Local:
    def __init__(self, modules, workers, isolated):
        self._modules, self._isolated = modules, isolated
        self._slots, self._free, self._closed = {}, queue.SimpleQueue(), False
        for number in range(workers):
            self._free.put(number)
        self._threads = concurrent.futures.ThreadPoolExecutor(workers)

    def run(self, submissions):
        """See `make`."""
        jobs = {}
        for submission in submissions:
            jobs[self._threads.submit(self._grade, submission)] = submission
        for job in concurrent.futures.as_completed(jobs):
            yield jobs[job], job.result()

    def _grade(self, submission):
        number = self._free.get()
        try:
            return grade(
                lambda anew: self._slot(number, anew),
                [notebook.job for notebook in submission.notebooks],
            )
        finally:
            self._free.put(number)

    def _slot(self, number, anew):
        if self._closed:
            raise SlotError("the grader was stopped")
        if anew and number in self._slots:
            self._slots.pop(number).close()
        if number not in self._slots:
            self._slots[number] = Slot(self._modules, self._isolated)
        return self._slots[number]

    def close(self):
        """End all slots; what runs is stopped."""
        self._closed = True
        self._threads.shutdown(wait=False, cancel_futures=True)
        for _ in range(2):  # a thread may just have made another one
            for slot in list(self._slots.values()):
                slot.close()
            self._threads.shutdown(wait=True)


class _Cluster:
    def __init__(self, modules, scheduler, isolated):
        from distributed import Client

        self._client = Client(scheduler, timeout=30, set_as_default=False)
        self._modules, self._isolated = modules, isolated

    def run(self, submissions):
        """See `make`."""
        from distributed import as_completed

        jobs, futures = {}, []
        for submission in submissions:
            future = self._client.submit(
                on_cluster,
                self._modules,
                self._isolated,
                [notebook.job for notebook in submission.notebooks],
                key=submission.key,
                retries=_TRIES,
            )
            jobs[future.key] = submission
            futures.append(future)
        for future in as_completed(futures, loop=self._client.loop):
            yield jobs[future.key], future.result()

    def close(self):
        """Leave the cluster."""
        self._client.close()


def on_cluster(modules, isolated, jobs):
    """Grade one submission in a worker of a cluster, which keeps its slot."""
    from lessons.grading.trusted import probe

    if isolated:
        probe.require()
    key = tuple(modules), isolated

    def slot_of(anew):
        if anew and key in _here:
            _here.pop(key).close()
        if key not in _here:
            _here[key] = Slot(modules, isolated)
        return _here[key]

    return grade(slot_of, jobs)
