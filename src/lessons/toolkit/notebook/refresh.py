"""Rewrites a stored notebook from its text source, the same bytes every time."""

import ast

import nbformat

from lessons.toolkit.errors import UserError
from lessons.toolkit.notebook import environment, files, overview, runner, source

# Widgets are known by random names, and a control without its kernel cannot be used.
_VOLATILE = ("application/vnd.jupyter.widget-view+json",)


def refresh(path, watcher=None):
    """Execute a text source and store the notebook with its outputs beside it.

    Args:
        path: the text source.
        watcher: a function from the notebook to a context manager that yields a
            `runner.Watcher`; silent without one.

    Returns:
        Path of the stored notebook.

    Raises:
        UserError: a cell raised an error or wrote to standard error; the notebook
            stored before is kept.
    """
    notebook = source.build(path)
    target = path.with_suffix(".ipynb")
    try:
        if watcher is None:
            runner.run(notebook, path.parent, environment.stored())
        else:
            with watcher(notebook) as watch:
                runner.run(notebook, path.parent, environment.stored(), watch)
    except runner.CellFailed as failure:
        raise UserError(
            f"{path.name}, {failure}. {target.name} is unchanged."
        ) from None
    for index, cell in enumerate(notebook.cells):
        complaint = standard_error(cell)
        if complaint:
            raise UserError(
                f"{path.name}, cell {index + 1} wrote to standard error: "
                f"{complaint[:500]!r}. {target.name} is unchanged."
            )
    files.write(target, stored_text(notebook))
    return target


def retext(path):
    """Store changed prose, comments and tags, and keep the outputs.

    Args:
        path: the text source; its code, comments aside, must be that of the stored
            notebook.

    Returns:
        Path of the stored notebook.

    Raises:
        UserError: there is no stored notebook, or its code differs from the source.
    """
    written, target = source.build(path), path.with_suffix(".ipynb")
    try:
        stored = nbformat.read(target, as_version=4)
    except OSError as error:
        raise UserError(f"cannot read {target}: {error.strerror}.") from None
    cells, executed = (
        [cell for cell in notebook.cells if cell.cell_type == "code"]
        for notebook in (written, stored)
    )
    if list(map(_code, cells)) != list(map(_code, executed)):
        raise UserError(
            f"the code of {path.name} is not that of {target.name}, whose outputs "
            "would be kept. Allowed: execute it again, without --text."
        )
    for cell, old in zip(cells, executed, strict=True):
        cell.outputs, cell.execution_count = old.outputs, old.execution_count
    files.write(target, stored_text(written))
    return target


def _code(cell):
    """What a cell does: its code without comments, where it can be read."""
    tree = source.tree(cell)
    return ast.dump(tree) if tree.body else cell.source


def standard_error(cell):
    """What a cell wrote to standard error."""
    streams = source.outputs(cell, "stream")
    return "".join(output.text for output in streams if output.name == "stderr")


def stored_text(notebook):
    """The file content of an executed notebook, without what varies between runs."""
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        for output in source.outputs(cell):
            output.pop("transient", None)
            for kind in _VOLATILE:
                output.get("data", {}).pop(kind, None)
    source.describe(notebook)
    overview.put_cover(notebook)
    notebook.metadata = nbformat.from_dict(source.METADATA)
    nbformat.validate(notebook)
    return nbformat.writes(notebook)
