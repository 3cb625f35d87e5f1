"""Holds a stored notebook against its text source and against the rules."""

import copy

from lessons import catalog
from lessons.toolkit.notebook import rules, source


def problems(path):
    """Every rule that the notebook of a text source breaks.

    Args:
        path: the text source; the stored notebook lies beside it.

    Returns:
        A list of sentences; empty when all is well.

    Raises:
        UserError: the text source cannot be read.
    """
    import nbformat

    written = source.build(path)
    stored_path = path.with_suffix(".ipynb")
    if not stored_path.is_file():
        return [f"{stored_path.name} is missing: run `make notebooks`."]
    try:
        stored = nbformat.read(stored_path, as_version=4)
    except Exception as error:  # whatever nbformat makes of a damaged file
        return [f"{stored_path.name} cannot be read: {error}"]
    found = list(same_cells(written, stored))
    tour = path.stem == catalog.START_HERE.slug
    for rule in rules.TOUR_RULES if tour else rules.RULES:
        found += rule(stored)
    return found


def same_cells(written, stored):
    """The text source and the stored notebook hold the same cells.

    Stored cells carry one thing more, the alternative text of their picture; the text
    source has none, since the picture brings it along.
    """
    for number, cell in enumerate(written.cells, start=1):
        if "mystnb" in cell.metadata:
            yield (
                f"cell {number}: the text source describes its figure in `mystnb`. "
                "Allowed: the `alt` of the `Figure` that it shows."
            )
    described = copy.deepcopy(stored)
    source.describe(described)
    for number, (found, expected) in enumerate(
        zip(stored.cells, described.cells, strict=True), start=1
    ):
        if found.metadata != expected.metadata:
            yield (
                f"cell {number}: its alternative text is not the one that its figure "
                "brings along: run `python -m lessons.toolkit.notebook refresh --text`."
            )
        found.metadata.pop("mystnb", None)
    if len(written.cells) != len(stored.cells):
        yield (
            f"the text source has {len(written.cells)} cells, the stored notebook "
            f"{len(stored.cells)}: run `make notebooks`."
        )
    for number, (ours, theirs) in enumerate(
        zip(written.cells, stored.cells, strict=False), start=1
    ):
        for part in ("cell_type", "source", "metadata", "id"):
            if ours.get(part) != theirs.get(part):
                yield (
                    f"cell {number}: its {part} differs between the text source and "
                    "the stored notebook: run `make notebooks`."
                )
                break
