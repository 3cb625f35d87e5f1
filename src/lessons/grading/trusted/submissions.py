"""What was handed in for an assignment, and what is run for it."""

import dataclasses
import hashlib
import json
import os
import pathlib

from lessons import catalog
from lessons.grading.records import neutral
from lessons.grading.trusted import intake, plan, syntax
from lessons.toolkit.errors import unknown

_HEAVY = {
    *("keras", "matplotlib.pyplot", "pandas", "scipy", "scipy.fft"),
    *("scipy.integrate", "scipy.interpolate", "scipy.linalg", "scipy.ndimage"),
    *("scipy.optimize", "scipy.signal", "scipy.sparse", "scipy.spatial"),
    *("scipy.spatial.distance", "scipy.special", "scipy.stats", "sklearn", "sympy"),
    *("tensorflow", "tensorflow_probability"),
}
VERSION = 2  # of the grader: another version grades again
NO_ID = "the folder's name cannot be a student's id, please rename it"


@dataclasses.dataclass
class Notebook:
    """One notebook of one submission, ready to run.

    Attributes:
        master: a `master.Master`.
        planned: list of `plan.Planned`.
        places: where in `planned` each step stands.
        job: for `supervisor.Slot.grade`; None if there is nothing to run.
        reason: why it cannot be graded, or None.
        notes: remarks for the instructor.
        known: whether any cell of the student's notebook is one of the assignment's.
    """

    master: object
    planned: list
    places: list
    job: dict | None
    reason: str | None
    notes: list
    known: bool = True


@dataclasses.dataclass
class Submission:
    """Everything one student handed in for one assignment.

    Attributes:
        student: id.
        key: hash of what was handed in, the tests, the limits and the grader.
        notebooks: list of `Notebook`.
        timestamp: text of timestamp.txt, or None.
        secret: text of submission_secret.txt, by which nbgrader's exchange knows whose
            feedback is whose, or None.
        fit: whether the folder's name can be a student's id in nbgrader's records.
    """

    student: str
    key: str
    notebooks: list
    timestamp: str | None
    fit: bool = True
    secret: str | None = None


@dataclasses.dataclass(frozen=True)
class Options:
    """How submissions are run.

    Attributes:
        timeout: seconds for one cell, and for one cell of tests.
        memory: bytes for all processes of a submission together.
    """

    timeout: float = 60.0
    memory: int = 2 << 30


def students(course, assignment, chosen=None):
    """Ids of those who handed something in, sorted.

    Raises:
        UserError: one of the chosen did not.
    """
    folder = pathlib.Path(course) / "submitted"
    found = []
    if folder.is_dir():
        found = sorted(
            path.name
            for path in folder.iterdir()
            if not path.name.startswith(".") and os.path.lexists(path / assignment)
        )
    for name in chosen or ():
        if name not in found:
            raise unknown("student", name, found)
    return [name for name in found if not chosen or name in chosen]


def modules(masters, waiting):
    """What to import before forking: what tests need, and heavy modules of students.

    Args:
        masters: list of `master.Master`.
        waiting: list of `Submission`. Of what they import only known names count: a
            submission may be run three times, and each would take seconds for it.
    """
    names = {name for one in masters for name in plan.imports(one.skeleton)}
    for submission in waiting:
        for notebook in submission.notebooks:
            sources = (cell.source for cell in _own_code(notebook))
            names |= plan.imported(sources) & _HEAVY
    return sorted(names)


def _own_code(notebook):
    return [cell for cell in notebook.planned if cell.kind in ("answer", "extra")]


def load(course, assignment, student, masters, options):
    """Read one submission and plan what to run.

    Args:
        course: the course's directory.
        assignment: its name.
        student: id.
        masters: list of `master.Master`.
        options: an `Options`.
    """
    base = [pathlib.Path(course) / "submitted", student, assignment]
    notebooks, hashes = [], [VERSION, dataclasses.astuple(options)]
    unfit = neutral.bad_id(student)
    for master in masters:
        if unfit:
            notebook, digest = _nothing(master, f"{NO_ID}: {unfit}"), unfit
        else:
            notebook, digest = _notebook(base, master, options)
        notebooks.append(notebook)
        hashes += [master.name, master.digest, digest]
    key = hashlib.sha256(json.dumps(hashes).encode()).hexdigest()
    when = None if unfit else _line(base, "timestamp.txt")
    secret = None if unfit else _line(base, "submission_secret.txt")
    return Submission(student, f"{student}:{key}", notebooks, when, not unfit, secret)


def _nothing(master, reason):
    planned, _ = plan.build(master.skeleton, None)
    return Notebook(master, planned, [], None, reason, [])


def _notebook(base, master, options):
    name = f"{master.name}.ipynb"
    try:
        handed_in = intake.read(*base, name)
    except intake.RejectedError as error:
        reason = f"{error}{_others(base, name)}"
        return _nothing(master, reason), reason
    return planned_notebook(master, handed_in, options), handed_in.digest


def planned_notebook(master, handed_in, options):
    """A `Notebook` of what was handed in.

    Args:
        master: a `master.Master`.
        handed_in: an `intake.Submission`.
        options: an `Options`.
    """
    released = {name: cell.source for name, cell in master.by_name.items()}
    planned, notes = plan.build(master.skeleton, handed_in, released)
    asked = [cell for cell in planned if cell.kind in ("answer", "written")]
    reason = None
    if asked and all(cell.missing for cell in asked):
        reason = "none of the notebook's cells is one of this assignment"
    steps, places = plan.steps(planned)
    made = None if reason else job(steps, planned, options)
    return Notebook(master, planned, places, made, reason, notes, reason is None)


def _others(base, name):
    """Words about notebooks of another name, which a student may have meant."""
    root, *parts = base
    folder = pathlib.Path(root, *parts)
    found = []
    if folder.is_dir() and not folder.is_symlink():
        found = sorted(p.name for p in folder.iterdir() if p.suffix == ".ipynb")
        found = [other for other in found if other != name][:5]
    return f"; there is {', '.join(found)}" if found else ""


def _line(base, name):
    try:
        data = intake.read_bytes(*base, name, most=1000)
    except intake.RejectedError:
        return None
    return data.decode("utf-8", "replace").strip() or None


def job(steps, planned, options):
    """What `supervisor.Slot.grade` runs.

    Args:
        steps: as from `plan.steps`.
        planned: the cells, a list of `plan.Planned`.
        options: an `Options`.
    """
    limits = {"cell": options.timeout, "test": options.timeout, "start": 60.0}
    # What a student adds does not lengthen the time there is for the whole.
    own = sum(step["kind"] != "extra" for step in steps)
    return {
        "steps": steps,
        "pictures": [data for cell in planned for _, data in cell.pictures],
        "classes": sorted({name for cell in planned for name in _classes(cell)}),
        "limits": limits,
        "sandbox": {"memory": options.memory, "cpu": int(10 * options.timeout) + 60},
        "total_memory": options.memory,
        "masked": _lessons(),
        "seconds": options.timeout * (4 + 2 * own) + 60,
    }


def _classes(planned):
    return syntax.classes(planned.cell.source) if planned.kind == "answer" else ()


def _lessons():
    """Folders of all lessons' sources: what another lesson has, none may look up."""
    return sorted({str(lesson.folder.parent) for lesson in catalog.LESSONS})
