"""The instructor's notebooks, and their copy in nbgrader's gradebook."""

import dataclasses
import functools
import hashlib
import json
import pathlib

from lessons.toolkit.errors import UserError


@dataclasses.dataclass(frozen=True)
class Master:
    """One notebook of an assignment.

    Attributes:
        name: of the notebook, without ".ipynb".
        skeleton: the instructor's notebook, solutions and hidden tests included.
        graded: the same as nbgrader stores it: stubs in place of solutions, checksums.
        digest: SHA-256 of the skeleton's cells.
    """

    name: str
    skeleton: object
    graded: object
    digest: str

    @functools.cached_property
    def by_name(self):
        """The cells of `graded` by grade id."""
        named = [cell for cell in self.graded.cells if "nbgrader" in cell.metadata]
        return {cell.metadata.nbgrader["grade_id"]: cell for cell in named}


def load(course, assignment):
    """All notebooks of `course/source/ASSIGNMENT`.

    Raises:
        UserError: there are none.
    """
    import nbformat

    folder = pathlib.Path(course) / "source" / assignment
    paths = sorted(folder.glob("*.ipynb")) if folder.is_dir() else []
    if not paths:
        sources = pathlib.Path(course) / "source"
        known = sorted(path.parent.name for path in sources.glob("*/*.ipynb"))
        raise UserError(
            f"assignment {assignment!r} has no notebook in {folder}. Allowed: "
            + (", ".join(dict.fromkeys(known)) or "none yet; `make course` builds ours")
            + "."
        )
    masters = []
    for path in paths:
        skeleton = nbformat.read(path, as_version=4)
        cells = [
            [c.cell_type, c.source, c.metadata.get("nbgrader")] for c in skeleton.cells
        ]
        digest = hashlib.sha256(json.dumps(cells, sort_keys=True).encode()).hexdigest()
        masters.append(Master(path.stem, skeleton, _as_stored(skeleton), digest))
    return masters


def _as_stored(skeleton):
    """What nbgrader makes of the instructor's notebook before it saves it."""
    import copy

    from nbgrader import preprocessors

    notebook, resources = copy.deepcopy(skeleton), {"nbgrader": {}}
    for step in (
        preprocessors.LockCells,
        preprocessors.ClearSolutions,
        preprocessors.ClearOutput,
        preprocessors.CheckCellMetadata,
        preprocessors.ComputeChecksums,
    ):
        notebook, resources = step().preprocess(notebook, resources)
    return notebook


def save(masters, assignment, db_url):
    """Bring the gradebook up to date with the instructor's notebooks.

    Raises:
        UserError: questions were added or taken away after students handed in.
    """
    from nbgrader.api import Gradebook
    from nbgrader.preprocessors import SaveCells

    with Gradebook(db_url) as book:
        book.update_or_create_assignment(assignment)
    for master in masters:
        if _is_stored(master, assignment, db_url):
            continue
        place = {"notebook": master.name, "assignment": assignment, "db_url": db_url}
        try:
            SaveCells().preprocess(master.graded, {"nbgrader": place})
        except RuntimeError as error:
            raise UserError(
                f"assignment {assignment!r} has other questions than when students "
                f"handed in: {error}"
            ) from None


def _is_stored(master, assignment, db_url):
    from nbgrader import utils
    from nbgrader.api import Gradebook, MissingEntry

    kinds = utils.is_grade, utils.is_solution, utils.is_locked, utils.is_task
    wanted = {
        cell.metadata.nbgrader["grade_id"]: cell.source
        for cell in master.graded.cells
        if any(kind(cell) for kind in kinds)
    }
    with Gradebook(db_url) as book:
        try:
            notebook = book.find_notebook(master.name, assignment)
        except MissingEntry:
            return False
        return wanted == {cell.name: cell.source for cell in notebook.source_cells}
