"""Shows how far a running notebook is: a live bar, or lines for a log."""

import json
import threading
import time
from pathlib import Path

from lessons.toolkit.notebook import runner, source

_POLL_SECONDS = 0.2
_SIGN_OF_LIFE_SECONDS = 15.0


class ProgressFile:
    """The newest report of `lessons.toolkit.progress` in a file that grows.

    Attributes:
        path: the file named by `LESSONS_PROGRESS`.
    """

    def __init__(self, path):
        self.path = Path(path)
        self._read, self._rest = 0, b""

    def newest(self):
        """The newest whole report since the last call, as a dict, or None."""
        try:
            with open(self.path, "rb") as file:
                file.seek(self._read)
                added = file.read()
        except OSError:  # nothing has reported yet
            return None
        self._read += len(added)
        *lines, self._rest = (self._rest + added).split(b"\n")
        for line in reversed(lines):
            try:
                return json.loads(line)
            except ValueError:  # two writers at once
                continue
        return None


def describe(report):
    """One report as text: "training 3/25 loss 1.2"."""
    parts = [report["task"], f"{report['step']}/{report['total']}", report["text"]]
    return " ".join(part for part in parts if part)


class Lines(runner.Watcher):
    """One line for every cell that ended, and a sign of life in long ones.

    Args:
        notebook: what is being run.
        reports: a `ProgressFile`.
        console: a `rich.console.Console`.
        quiet_seconds: how long a cell may run before a line says that it does.
    """

    def __init__(self, notebook, reports, console, quiet_seconds=_SIGN_OF_LIFE_SECONDS):
        self.console, self._reports = console, reports
        self._titles = source.titles(notebook)
        code = [i for i, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
        self.total = len(code)
        self._number = {index: number for number, index in enumerate(code, start=1)}
        self._quiet_seconds = quiet_seconds
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._poll, daemon=True)
        self._index, self._since, self._said, self._report = None, 0.0, 0.0, None

    def __enter__(self):
        self.show()
        self._thread.start()
        return self

    def __exit__(self, *error):
        self._ended.set()
        self._thread.join()
        self.hide()

    def started(self, index):
        """Remember which cell runs."""
        with self._lock:
            self._index, self._report = index, None
            self._since = self._said = time.monotonic()
            self.refresh()

    def finished(self, index, seconds):
        """Print the cell's line."""
        with self._lock:
            self._report = self._reports.newest() or self._report
            self._index = None
            self._print(index, f"{seconds:6.1f} s  ")

    def label(self, index):
        """Which cell of how many, and its title."""
        width = len(str(self.total))
        number = f"[{self._number[index]:{width}}/{self.total}]"
        return number, self._titles[index]

    def _print(self, index, middle):
        number, title = self.label(index)
        text = f"{number} {middle}{title}"
        if self._report:
            text += f" · {describe(self._report)}"
        self.console.print(text, markup=False, highlight=False, soft_wrap=True)

    def _poll(self):
        while not self._ended.wait(_POLL_SECONDS):
            with self._lock:
                if self._index is not None:
                    self._report = self._reports.newest() or self._report
                    self.refresh()

    def show(self):
        """Begin to show."""

    def hide(self):
        """Stop showing."""

    def refresh(self):
        """Say that a long cell is alive (called with the lock held)."""
        now = time.monotonic()
        if now - self._said >= self._quiet_seconds:
            self._said = now
            self._print(self._index, f"{now - self._since:6.0f} s… ")


class Live(Lines):
    """A line for every cell that ended, above a bar that moves."""

    def show(self):
        """Draw the bars: cells above, the newest report of a long loop below."""
        from rich import progress

        self._bar = progress.Progress(
            progress.SpinnerColumn(),
            progress.TextColumn("{task.description}", markup=False),
            progress.BarColumn(bar_width=24),
            progress.MofNCompleteColumn(),
            progress.TimeElapsedColumn(),
            progress.TextColumn("{task.fields[text]}", markup=False),
            console=self.console,
            transient=True,
        )
        self._cells = self._bar.add_task("cells", total=self.total, text="")
        self._loop = self._bar.add_task("", total=1, text="", visible=False)
        self._bar.start()

    def hide(self):
        """Take the bars away; the lines stay."""
        self._bar.stop()

    def refresh(self):
        """Bring both bars up to date (called with the lock held)."""
        number, title = self.label(self._index)
        done = self._number[self._index] - 1
        seconds = time.monotonic() - self._since
        text = f"{number} {title} ({seconds:.0f} s)"
        self._bar.update(self._cells, completed=done, text=text)
        if self._report is None:
            self._bar.update(self._loop, visible=False)
            return
        if not self._bar.tasks[self._loop].visible:
            self._bar.reset(self._loop)  # its clock starts with the loop
        self._bar.update(
            self._loop,
            visible=True,
            description=self._report["task"],
            completed=self._report["step"],
            total=self._report["total"],
            text=self._report["text"],
        )


def watcher(notebook, progress_file, console):
    """The `Lines` that suits the console: live in a terminal, plain in a log."""
    kind = Live if console.is_terminal and not console.is_dumb_terminal else Lines
    return kind(notebook, ProgressFile(progress_file), console)
