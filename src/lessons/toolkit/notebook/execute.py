"""Runs a lesson's notebook for a person, and leaves one page to read."""

import base64
import tempfile
import time
from pathlib import Path

from lessons.toolkit.notebook import (
    environment,
    files,
    overview,
    runner,
    source,
    watch,
)
from lessons.toolkit.notebook.page import page

_SHOWN_LINES = 30
_ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/svg+xml": "svg"}


def execute(path, out, console):
    """Build a notebook from its text source, run it with progress, write the page.

    Everything is written after the last cell has ended: `NAME.html`, `NAME.ipynb` and
    `figures/NAME_NN.png`. The stored notebook beside the text source is not touched.
    When a cell fails, `NAME.failed.ipynb` is written instead.

    Args:
        path: the text source.
        out: the folder to write to.
        console: a `rich.console.Console`.

    Returns:
        Path of the page, or None when a cell failed.

    Raises:
        UserError: the source cannot be read, an equation or an output cannot be shown,
            or `out` cannot be written.
    """
    path, out = Path(path), Path(out)
    notebook = source.build(path)
    files.check_folder(out)
    page(notebook)  # fail now, not after a minute, if an equation cannot be rendered
    failed = out / f"{path.stem}.failed.ipynb"
    start = time.monotonic()
    try:
        _run(notebook, path.parent, console)
    except runner.CellFailed as failure:
        files.write(failed, _text(failure.notebook))
        _explain(failure, failed, console)
        return None
    overview.put_cover(notebook)
    document = page(notebook)
    _write(notebook, document, out, path.stem)
    failed.unlink(missing_ok=True)
    _conclude(notebook, console)
    target = out / f"{path.stem}.html"
    seconds = time.monotonic() - start
    _say(console, f"Done in {seconds:.0f} s. Open {target}")
    return target


def _run(notebook, folder, console):
    with tempfile.TemporaryDirectory() as private:
        reports = Path(private) / "progress.jsonl"
        variables = environment.interactive(reports)
        with watch.watcher(notebook, reports, console) as watcher:
            runner.run(notebook, folder, variables, watcher)


def _text(notebook):
    import nbformat

    return nbformat.writes(notebook)


def _write(notebook, document, out, name):
    """Write the figures, the notebook and, last, the page that shows them."""
    fresh = set()
    for number, (_, output, kind) in enumerate(source.images(notebook), start=1):
        target = out / "figures" / f"{name}_{number:02d}.{_ENDINGS[kind]}"
        data = output.data[kind]
        content = data if kind == "image/svg+xml" else base64.b64decode(data)
        files.write(target, content)
        fresh.add(target)
    for old in (out / "figures").glob(f"{name}_[0-9][0-9].*"):
        if old not in fresh:  # of an earlier run that drew more
            old.unlink()
    files.write(out / f"{name}.ipynb", _text(notebook))
    files.write(out / f"{name}.html", document)


def _conclude(notebook, console):
    """Repeat what the cells tagged `summary` printed."""
    for cell in notebook.cells:
        if "summary" in source.tags(cell) and source.printed(cell):
            _say(console, "\n" + source.printed(cell))
    _say(console, "")


def _explain(failure, failed, console):
    """Say which cell failed, show its code and the error, both short."""
    cell = failure.notebook.cells[failure.index]
    title = source.titles(failure.notebook)[failure.index]
    lines = cell.source.splitlines()
    if len(lines) > _SHOWN_LINES:
        lines = [*lines[:_SHOWN_LINES], f"... {len(lines) - _SHOWN_LINES} more lines"]
    _say(console, f"\nCell {failure.index + 1} failed ({title}):\n")
    _say(console, "\n".join(f"    {line}".rstrip() for line in lines))
    message = failure.message[-2000:]
    _say(console, f"\n{failure.name}: {message}\n\nFor inspection: {failed}")


def _say(console, text):
    console.print(text, markup=False, highlight=False, soft_wrap=True)
