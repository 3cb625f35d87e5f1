"""What was handed in for an assignment, and what is run for it."""

import collections
import dataclasses
import hashlib
import json
import os
import pathlib

from lessons import catalog
from lessons.grading.records import neutral
from lessons.grading.trusted import intake, plan
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
        fit: whether the folder's name can be a student's id in nbgrader's records.
    """

    student: str
    key: str
    notebooks: list
    timestamp: str | None
    fit: bool = True


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
        waiting: list of `Submission`. Of what they import only known names count, and
            only where several submissions would each take seconds for it.
    """
    names = {name for one in masters for name in plan.imports(one.skeleton)}
    counts = collections.Counter(
        name
        for submission in waiting
        for notebook in submission.notebooks
        for name in plan.imported(cell.source for cell in _own_code(notebook)) & _HEAVY
    )
    return sorted(names | {name for name, count in counts.items() if count > 1})


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
            notebook, digest = _notebook(base, master, assignment, options)
        notebooks.append(notebook)
        hashes += [master.name, master.digest, digest]
    key = hashlib.sha256(json.dumps(hashes).encode()).hexdigest()
    when = None if unfit else _timestamp(base)
    return Submission(student, f"{student}:{key}", notebooks, when, not unfit)


def _nothing(master, reason):
    planned, _ = plan.build(master.skeleton, None)
    return Notebook(master, planned, [], None, reason, [])


def _notebook(base, master, assignment, options):
    name = f"{master.name}.ipynb"
    try:
        handed_in = intake.read(*base, name)
    except intake.RejectedError as error:
        reason = f"{error}{_others(base, name)}"
        return _nothing(master, reason), reason
    planned, notes = plan.build(master.skeleton, handed_in)
    asked = [cell for cell in planned if cell.kind in ("answer", "written")]
    reason = None
    if asked and all(cell.missing for cell in asked):
        reason = "none of the notebook's cells is one of this assignment"
    steps, places = plan.steps(planned)
    job = None if reason else _job(steps, assignment, options)
    notebook = Notebook(master, planned, places, job, reason, notes, reason is None)
    return notebook, handed_in.digest


def _others(base, name):
    """Words about notebooks of another name, which a student may have meant."""
    root, *parts = base
    folder = pathlib.Path(root, *parts)
    found = []
    if folder.is_dir() and not folder.is_symlink():
        found = sorted(p.name for p in folder.iterdir() if p.suffix == ".ipynb")
        found = [other for other in found if other != name][:5]
    return f"; there is {', '.join(found)}" if found else ""


def _timestamp(base):
    try:
        data = intake.read_bytes(*base, "timestamp.txt", most=1000)
    except intake.RejectedError:
        return None
    return data.decode("utf-8", "replace").strip() or None


def _job(steps, assignment, options):
    limits = {"cell": options.timeout, "test": options.timeout, "start": 60.0}
    packages = {lesson.slug: str(lesson.folder) for lesson in catalog.LESSONS}
    return {
        "steps": steps,
        "limits": limits,
        "sandbox": {"memory": options.memory, "cpu": int(10 * options.timeout) + 60},
        "total_memory": options.memory,
        "masked": [packages[assignment]] if assignment in packages else [],
        "seconds": options.timeout * (4 + 2 * len(steps)) + 60,
    }
