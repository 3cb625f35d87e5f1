"""Compute the runs of a sweep, on this machine's cores or on a Dask scheduler.

Dask hands out the runs; each has a process of its own (`lessons.toolkit.isolated`),
so a run in a sweep gives the numbers of the same run alone.
"""

import contextlib
import dataclasses
import logging
import tempfile

from lessons.toolkit import isolated, machine, progress
from lessons.toolkit.errors import UserError
from lessons.toolkit.sweep import Outcome

_SECONDS_TO_CONNECT = 5

# A cluster that only waits for processes need not sample its own threads a hundred
# times a second: 1.7 % of a core, not 5 %.
_IDLE = {
    "distributed.worker.profile.enabled": False,
    "distributed.admin.tick.interval": "500ms",
}


def run(package, jobs, *, workers=None, scheduler=None, on_outcome=None):
    """Compute the jobs of a sweep; a failed one does not stop the others.

    Args:
        package: dotted name of the lesson's package.
        jobs: what `sweep.plan` made.
        workers: number of runs at a time on this machine; by default one per core.
        scheduler: address of a Dask scheduler to use instead of this machine.
        on_outcome: called with each outcome as it arrives, so that what is done is
            kept when a later run, or the machine, does not end.

    Returns:
        The outcomes in the order of `jobs`.

    Raises:
        UserError: the scheduler cannot be reached.
    """
    import distributed

    outcomes = {}
    count = min(workers or machine.usable_cores(), len(jobs))
    with _silent_logs(), _client(count, scheduler) as client:
        futures = {
            client.submit(_compute, package, _fields(job.config), pure=False): job
            for job in jobs
        }
        arriving = distributed.as_completed(futures, loop=client.loop)
        try:
            with progress.reporting("runs", len(jobs)) as update:
                update(0)
                for done, future in enumerate(arriving, start=1):
                    job = futures[future]
                    outcomes[job] = _outcome(job, future)
                    if on_outcome is not None:
                        on_outcome(outcomes[job])
                    update(done, f"{job.setting}, seed {job.config.seed}")
        finally:
            client.cancel(list(futures))  # after Ctrl-C, ends what still runs
    return [outcomes[job] for job in jobs]


def _fields(config):
    """The configuration as plain values: a scheduler need not know its class."""
    return {
        field.name: getattr(config, field.name) for field in dataclasses.fields(config)
    }


def _compute(package, fields):
    """One run, in a thread of a Dask worker."""
    import distributed

    worker = distributed.get_worker()
    key = worker.get_current_task()

    def is_cancelled():
        task = worker.state.tasks.get(key)
        return task is None or task.state == "cancelled"

    return isolated.run(package, fields, is_cancelled)


def _outcome(job, future):
    if future.status == "finished":
        return Outcome(job, **future.result())
    if future.status == "error":
        return Outcome(job, error=isolated.one_line(future.exception()))
    return Outcome(job, error="the connection to the scheduler was lost")


@contextlib.contextmanager
def _silent_logs():
    """Hold back Dask's logs; what matters comes back as the outcome of a run."""
    names = [name for name in logging.root.manager.loggerDict if "distributed" in name]
    levels = {name: logging.getLogger(name).level for name in names}
    for name in names:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)


@contextlib.contextmanager
def _client(workers, scheduler):
    """A Dask client, of a cluster in this process unless an address is given."""
    import dask
    import distributed

    if scheduler is not None:
        _probe(scheduler)
        with distributed.Client(scheduler, set_as_default=False) as client:
            yield client
        return
    with (
        tempfile.TemporaryDirectory(prefix="lessons-sweep-") as scratch,
        dask.config.set({"temporary-directory": scratch} | _IDLE),
        distributed.LocalCluster(
            n_workers=1,
            threads_per_worker=workers,
            processes=False,  # each run has its own process, the worker needs none
            dashboard_address=None,
            # Without a dashboard Dask still serves its health over HTTP, by default
            # on one port of the whole machine: any free port will do.
            scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},
            silence_logs=logging.CRITICAL,
            memory_limit=0,
        ) as cluster,
        distributed.Client(cluster, set_as_default=False) as client,
    ):
        yield client


def _probe(address):
    """Shake hands with the scheduler: a client that cannot takes long to give up."""
    import asyncio

    from distributed import comm, security

    async def shake_hands():
        how = security.Security().get_connection_args("client")
        link = await comm.connect(address, timeout=_SECONDS_TO_CONNECT, **how)
        await link.close()

    try:
        asyncio.run(shake_hands())
    except Exception as error:  # whatever answers there, it is no scheduler
        raise UserError(
            f"cannot reach a Dask scheduler at {address!r} within "
            f"{_SECONDS_TO_CONNECT} seconds ({isolated.one_line(error)}). "
            "Allowed: the address of a running one, such as tcp://127.0.0.1:8786."
        ) from None
