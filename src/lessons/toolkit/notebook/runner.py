"""Runs a notebook in a fresh kernel, cell by cell, and lets someone watch."""

import asyncio
import contextlib
import os
import signal
import tempfile
import time
from pathlib import Path


class CellFailed(Exception):
    """A cell raised, or the kernel died in it.

    Attributes:
        index: position of the cell in the notebook.
        name, message: type and text of the error.
        notebook: the notebook as far as it was executed.
    """

    def __init__(self, index, name, message, notebook):
        super().__init__(f"cell {index + 1}: {name}: {message}")
        self.index, self.name, self.message = index, name, message
        self.notebook = notebook


class Watcher:
    """Told what happens while a notebook runs; this one stays silent."""

    def started(self, index):
        """Tell that the cell at position `index` has begun."""

    def finished(self, index, seconds):
        """Tell that the cell at position `index` ended well after `seconds`."""


def run(notebook, folder, environment, watcher=None):
    """Execute a notebook in place, in a kernel of its own.

    Args:
        notebook: as `source.build` makes it; outputs are filled in.
        folder: working directory of the kernel.
        environment: the kernel's environment variables.
        watcher: a `Watcher`.

    Returns:
        The same notebook.

    Raises:
        CellFailed: a cell raised an error, or the kernel died.
        KeyboardInterrupt: on Ctrl-C, after the kernel has been stopped.
        asyncio.CancelledError: on the signal SIGTERM.
    """
    with tempfile.TemporaryDirectory() as private:
        # A profile of the reader's own IPython must not change what a lesson prints.
        environment = environment | {"IPYTHONDIR": private}
        with open(Path(private) / "kernel.log", "w+b") as log:
            session = _run(notebook, folder, environment, watcher or Watcher(), log)
            asyncio.run(session)
    return notebook


async def _run(notebook, folder, environment, watcher, log):
    from nbclient import NotebookClient

    client = NotebookClient(
        notebook,
        timeout=None,
        startup_timeout=120,
        kernel_name="python3",
        record_timing=False,
        store_widget_state=True,  # nbclient needs it for output widgets
        coalesce_streams=True,
        allow_errors=False,
    )
    client.log.disabled = True  # its messages repeat the exceptions handled below
    client.km = client.create_kernel_manager()
    client.reset_execution_trackers()
    try:
        with _cancelled_by(signal.SIGTERM):
            await client.async_start_new_kernel(
                env=environment, cwd=os.fspath(folder), stdout=log, stderr=log
            )
            await client.async_start_new_kernel_client()
            for index in range(len(notebook.cells)):
                await _run_cell(client, index, watcher, log)
    finally:
        if client.kc is not None:
            client.kc.stop_channels()
        await client.km.shutdown_kernel(now=True)


async def _run_cell(client, index, watcher, log):
    from nbclient import exceptions

    cell = client.nb.cells[index]
    if cell.cell_type != "code":
        return
    watcher.started(index)
    start = time.monotonic()
    count = client.code_cells_executed + 1
    try:
        await client.async_execute_cell(cell, index, execution_count=count)
    except exceptions.CellExecutionError as error:
        message = error.evalue.strip()
        raise CellFailed(index, error.ename, message, client.nb) from None
    except exceptions.DeadKernelError:
        # nbclient takes a cancellation of this task for the death of the kernel.
        if asyncio.current_task().cancelling():
            raise asyncio.CancelledError from None
        message = "the kernel stopped; perhaps the machine ran out of memory"
        raise CellFailed(index, "DeadKernel", message + _tail(log), client.nb) from None
    watcher.finished(index, time.monotonic() - start)


def _tail(log, size=1000):
    """The end of what the kernel wrote outside its cells."""
    log.seek(0, os.SEEK_END)
    log.seek(max(0, log.tell() - size))
    text = log.read().decode("utf-8", "replace").strip()
    return f"\n{text}" if text else ""


@contextlib.contextmanager
def _cancelled_by(number):
    """Cancel the current task when a signal arrives, where the platform can."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    try:
        loop.add_signal_handler(number, task.cancel)
    except (NotImplementedError, RuntimeError, ValueError):
        yield  # Windows, or not in the main thread
        return
    try:
        yield
    finally:
        loop.remove_signal_handler(number)
