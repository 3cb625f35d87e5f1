"""Progress of long work, shown where the work is watched.

* In a terminal: a bar with the time left.
* In an interactive notebook: one line that is replaced as it changes.
* In a notebook executed by `make run`: `LESSONS_PROGRESS` names a file; each step is
  appended to it as one JSON line, and the executor shows it beside the cell number.
* In a file or a pipe, such as of a batch job: a line every half minute.
* With `LESSONS_PROGRESS=off` (tests, stored notebooks): nothing.
"""

import contextlib
import json
import os
import sys
import time

OFF = "off"
_SECONDS_BETWEEN_REPORTS = 0.1
_SECONDS_BETWEEN_LINES = 30.0


class _Silent:
    def update(self, step, text=""):
        """Report that `step` steps are done."""

    def close(self):
        """End the report."""


class _Terminal(_Silent):
    def __init__(self, description, total):
        from rich import console, progress

        self._bar = progress.Progress(
            progress.TextColumn("{task.description}"),
            progress.BarColumn(),
            progress.MofNCompleteColumn(),
            progress.TimeRemainingColumn(),
            progress.TextColumn("{task.fields[text]}"),
            transient=True,
            # Not into a file or pipe that takes the results: `lessons run > log`.
            console=console.Console(stderr=sys.stderr.isatty()),
        )
        self._bar.start()
        self._task = self._bar.add_task(description, total=total, text="")

    def update(self, step, text=""):
        self._bar.update(self._task, completed=step, text=text)

    def close(self):
        self._bar.stop()


class _Lines(_Silent):
    def __init__(self, description, total):
        self._description, self._total = description, total
        self._start = self._last = time.monotonic()

    def update(self, step, text=""):
        now = time.monotonic()
        if now - self._last < _SECONDS_BETWEEN_LINES:
            return
        self._last = now
        spent = now - self._start
        left = f", {spent / step * (self._total - step):.0f} s left" if step else ""
        line = f"{self._description}: {step}/{self._total} {text}".rstrip()
        print(f"{line} ({spent:.0f} s{left})", file=sys.stderr, flush=True)


class _Relay(_Silent):
    def __init__(self, description, total, path):
        self._description, self._total, self._path = description, total, path

    def update(self, step, text=""):
        line = {
            "task": self._description,
            "step": step,
            "total": self._total,
            "text": text,
        }
        with open(self._path, "a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")


class _Notebook(_Silent):
    def __init__(self, description, total):
        from IPython.display import display

        self._description, self._total = description, total
        self._handle = display(self._text(0, ""), display_id=True)

    def _text(self, step, text):
        from IPython.display import Pretty

        return Pretty(f"{self._description}: {step}/{self._total} {text}")

    def update(self, step, text=""):
        self._handle.update(self._text(step, text))


def wanted():
    """Whether anybody watches; tests and stored notebooks are silent."""
    return os.environ.get("LESSONS_PROGRESS") != OFF


def _in_notebook():
    shell = sys.modules.get("IPython") and sys.modules["IPython"].get_ipython()
    return shell is not None and hasattr(shell, "kernel")


def _reporter(description, total):
    if not wanted():
        return _Silent()
    where = os.environ.get("LESSONS_PROGRESS")
    if where:
        return _Relay(description, total, where)
    if _in_notebook():
        return _Notebook(description, total)
    if sys.stderr.isatty() or sys.stdout.isatty():
        return _Terminal(description, total)
    return _Lines(description, total)


@contextlib.contextmanager
def reporting(description, total):
    """Show the progress of `total` steps; yields `update(step, text)`.

    Args:
        description: what is being done, a few words.
        total: number of steps.
    """
    reporter = _reporter(description, total)
    last = 0.0

    def update(step, text=""):
        nonlocal last
        now = time.monotonic()
        if now - last >= _SECONDS_BETWEEN_REPORTS or step >= total:
            last = now
            reporter.update(step, text)

    try:
        yield update
    finally:
        reporter.close()


def track(items, description):
    """Yield the items of a sized iterable, showing progress."""
    with reporting(description, len(items)) as update:
        for step, item in enumerate(items):
            update(step)
            yield item
        update(len(items))
