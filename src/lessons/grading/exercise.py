"""An exercise: from its text source to nbgrader's notebook, and what must hold of it.

`course/exercises/SLUG.py` is a py:percent file. A cell's `nbgrader` metadata gives only
what differs from the defaults; `read` completes it:

    {"grade_id": "setup", "locked": true}       its imports; `setup_cell` adds the rest
    {"grade_id": "NAME", "solution": true}                       a function to write
    {"grade_id": "NAME_tests", "grade": true, "points": 2, "axes": 1}   its tests
    {"grade_id": "ID", "grade": true, "solution": true, "points": 3}   marked by hand

"axes" says how many axes the function's result has, as in `watched.watched`; without it
nothing is held of results. All calls that tests make are watched: a function that
changes what it is given fails.
"""

import ast
import dataclasses
import hashlib
import json
import os
import pathlib
import re
import tempfile

from lessons.grading import setup_cell
from lessons.toolkit.errors import UserError, unknown

BEGIN_SOLUTION, END_SOLUTION = "### BEGIN SOLUTION", "### END SOLUTION"
BEGIN_HIDDEN, END_HIDDEN = setup_cell.BEGIN_HIDDEN, setup_cell.END_HIDDEN
STUB = "# YOUR CODE HERE\nraise NotImplementedError()"  # what nbgrader writes
TESTS = "_tests"
_DEFAULTS = {"grade": False, "solution": False, "schema_version": 3, "task": False}
_KEYS = {*_DEFAULTS, "grade_id", "locked", "points", "axes"}
_METADATA = {
    "kernelspec": {
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
        "name": "python3",
    },
    "language_info": {"name": "python"},
}


@dataclasses.dataclass(frozen=True)
class Question:
    """One question: its name, its points, and whether a person marks it."""

    name: str
    points: int
    written: bool


def course_directory(path=None):
    """The course's directory: `path`, or `course` here or beside the package."""
    here = pathlib.Path("course")
    beside = pathlib.Path(__file__).resolve().parents[3] / "course"
    candidates = [pathlib.Path(path)] if path else [here, beside]
    for candidate in candidates:
        if (candidate / "exercises").is_dir():
            return candidate.resolve()
    raise UserError(
        f"no course in {' or '.join(map(str, candidates))}. "
        "Allowed: a directory that holds exercises/SLUG.py (option --course)."
    )


def slugs(course):
    """The slugs of all exercises, sorted."""
    return sorted(path.stem for path in (course / "exercises").glob("*.py"))


def source_path(course, slug):
    """Path of the text source of one exercise."""
    if slug not in slugs(course):
        raise unknown("exercise", slug, slugs(course))
    return course / "exercises" / f"{slug}.py"


def read(path):
    """The instructor's notebook of a text source, complete and validated.

    Args:
        path: `course/exercises/SLUG.py`.

    Returns:
        An nbformat 4.5 notebook without outputs; the same text gives the same notebook.

    Raises:
        UserError: the source is not a sound assignment; the message says where.
    """
    import jupytext

    notebook = jupytext.reads(path.read_text(encoding="utf-8"), fmt="py:percent")
    notebook.metadata = _METADATA
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    for cell in notebook.cells:
        if "nbgrader" in cell.metadata:
            meta = _complete(path.name, cell.metadata["nbgrader"])
            axes = meta.pop("axes", setup_cell.UNSAID)  # nbgrader has no such field
            cell.metadata["nbgrader"], name = meta, meta["grade_id"]
            if name == setup_cell.NAME:
                cell.source = setup_cell.complete(cell.source, path.stem)
            elif meta["grade"] and BEGIN_HIDDEN in cell.source:
                function = name.removesuffix(TESTS)
                cell.source = setup_cell.watch(cell.source, function, axes)
    _name_cells(notebook)
    validate(notebook, path.name)
    return notebook


def questions(notebook):
    """The questions of a notebook, in order."""
    found = []
    for cell in notebook.cells:
        meta = cell.metadata.get("nbgrader", {})
        name = meta.get("grade_id", "").removesuffix(TESTS)
        if meta.get("grade"):
            found.append(Question(name, meta["points"], meta["solution"]))
    return tuple(found)


def write(notebook, path):
    """Write a notebook in one step: a reader sees the old file or the new one."""
    import nbformat

    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(
        "w", dir=path.parent, suffix=".part", delete=False, encoding="utf-8"
    ) as file:
        file.write(nbformat.writes(notebook) + "\n")
    os.chmod(file.name, 0o644)
    os.replace(file.name, path)


def _complete(where, meta):
    extra = set(meta) - _KEYS
    if extra:
        raise UserError(f"{where}: unknown nbgrader fields {sorted(extra)}.")
    if not meta.get("grade_id"):
        raise UserError(f"{where}: an nbgrader cell has no grade_id: {dict(meta)}.")
    full = _DEFAULTS | dict(meta)
    # A cell of tests is locked: nbgrader puts the instructor's text back into it.
    full.setdefault("locked", full["grade"] and not full["solution"])
    return dict(sorted(full.items()))


def _name_cells(notebook):
    """Give each cell an id made from its grade id or its text."""
    taken = set()
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name is None:
            name = hashlib.sha256(cell.source.encode()).hexdigest()[:12]
        while name in taken:
            name = hashlib.sha256(name.encode()).hexdigest()[:12]
        taken.add(name)
        cell["id"] = name


def validate(notebook, where):
    """Raise `UserError` unless the notebook is a sound assignment.

    Checked: unique grade ids; the first code cell is locked; each function to write
    has a solution region and a cell of tests with points after it; cells of tests are
    locked, hold hidden tests and leave no value (nbgrader would read a number as
    partial credit); each heading's points are those of the metadata.
    """
    problems = list(_problems(notebook))
    if problems:
        raise UserError(f"{where}: " + "; ".join(problems) + ".")


def _problems(notebook):
    cells = [(cell, cell.metadata.get("nbgrader", {})) for cell in notebook.cells]
    ids = [meta["grade_id"] for _, meta in cells if meta]
    for name in sorted({name for name in ids if ids.count(name) > 1}):
        yield f"grade_id {name!r} is used {ids.count(name)} times"
    first = next((meta for cell, meta in cells if cell.cell_type == "code"), {})
    if not first.get("locked"):
        yield "the first code cell must be locked (it refuses the lesson's package)"
    for cell, meta in cells:
        for begin, end in ((BEGIN_SOLUTION, END_SOLUTION), (BEGIN_HIDDEN, END_HIDDEN)):
            if cell.source.count(begin) != cell.source.count(end):
                yield f"{meta.get('grade_id')!r}: {begin!r} without {end!r}"
        yield from _cell_problems(cell, meta, ids)
    yield from _heading_problems(cells)


def _cell_problems(cell, meta, ids):
    name, code = meta.get("grade_id"), cell.cell_type == "code"
    if not meta.get("solution") and BEGIN_SOLUTION in cell.source:
        yield f"a solution stands in {name!r}, which is not a solution cell"
    if not meta.get("grade") and BEGIN_HIDDEN in cell.source:
        yield f"hidden tests stand in {name!r}, which is not a cell of tests"
    if meta.get("solution") and BEGIN_SOLUTION not in cell.source:
        yield f"{name!r} has no {BEGIN_SOLUTION!r}"
    if code and meta.get("solution") and f"{name}{TESTS}" not in ids:
        yield f"{name!r} has no cell of tests named '{name}{TESTS}'"
    points = meta.get("points")
    if meta.get("grade") and not (isinstance(points, int) and points > 0):
        yield f"{name!r} needs a positive whole number of points, got {points!r}"
    if code and meta.get("grade"):
        if meta["solution"] or not meta["locked"]:
            yield f"{name!r}: a cell of tests must be locked and hold no solution"
        if name.removesuffix(TESTS) not in ids or not name.endswith(TESTS):
            yield f"{name!r} tests no question"
        if BEGIN_HIDDEN not in cell.source:
            yield f"{name!r} has no hidden tests"
        for part in split_tests(cell.source):
            last = ast.parse(part).body[-1:]
            value = last[0].value if last and isinstance(last[0], ast.Expr) else None
            if value and not isinstance(value, ast.Call):
                yield f"{name!r} ends with a value, which nbgrader reads as points"


def _heading_problems(cells):
    """Compare "(2 points)" in each heading with the graded cell that follows it."""
    stated = None
    for cell, meta in cells:
        heading = re.search(r"^##+ .*\((\d+) points?\)", cell.source, re.MULTILINE)
        if cell.cell_type == "markdown" and heading:
            stated = int(heading.group(1))
        if meta.get("grade") and stated != meta.get("points"):
            yield (
                f"the heading above {meta['grade_id']!r} gives {stated} points, "
                f"its metadata {meta.get('points')}"
            )


def split_tests(source):
    """The visible and the hidden part of a cell of tests."""
    visible, _, hidden = source.partition(BEGIN_HIDDEN)
    return visible, hidden.partition(END_HIDDEN)[0]


def secrets(notebook):
    """The lines that students must not see: solutions and hidden tests.

    Lines that also stand in a visible place, or that are too short to tell anything
    (a lone bracket), are left out.
    """
    hidden, shown, inside = set(), set(STUB.splitlines()), False
    for cell in notebook.cells:
        for line in map(str.strip, cell.source.splitlines()):
            inside = inside or line.startswith((BEGIN_SOLUTION, BEGIN_HIDDEN))
            (hidden if inside else shown).add(line)
            inside = inside and not line.startswith((END_SOLUTION, END_HIDDEN))
    return {line for line in hidden - shown if len(line) > 8}


def leaks(notebook, directory):
    """What a released directory gives away: secret lines and files beside notebooks."""
    found = []
    secret = secrets(notebook)
    for path in sorted(p for p in directory.rglob("*") if p.is_file()):
        if path.suffix != ".ipynb":
            found.append(f"file {path.name}")
            continue
        texts = _texts(json.loads(path.read_text(encoding="utf-8")))
        shown = {line.strip() for text in texts for line in text.splitlines()}
        found += [f"{path.name}: {line}" for line in sorted(secret & shown)]
    return found


def _texts(value):
    """All texts in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, dict)):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)
