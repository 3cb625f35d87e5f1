"""A course's directory: its settings, its gradebook, one writer at a time."""

import contextlib
import fcntl
import pathlib
import re
import shutil
import tempfile

from lessons.grading import plain
from lessons.grading.records import master
from lessons.toolkit.errors import UserError

# In an address of a database "?" begins settings, "%41" is a letter; "$A" is no name.
_ODD = re.compile(r"\?|%[0-9A-Fa-f]{2}|\$[\w{]")
FOLDER = "grading"  # in the course's directory: journals and reports


@contextlib.contextmanager
def opened(course, assignment):
    """The course's gradebook, with the assignment as it is today, for a `with` block.

    Args:
        course: the course's directory.
        assignment: its name.

    Raises:
        UserError: there is no such assignment, or a run is grading it.
    """
    from nbgrader.api import Gradebook

    course = pathlib.Path(course).resolve()
    masters, folder = master.load(course, assignment), course / FOLDER / assignment
    folder.mkdir(parents=True, exist_ok=True)
    with lock(folder), plain.environment(folder / "ipython"):
        _, db_url, course_id = configuration(course)
        with temporary(folder / "temporary"):
            master.save(masters, assignment, db_url)
        with Gradebook(db_url, course_id) as book:
            yield book


def feedback_hides_tests(course):
    """Whether feedback pages, as this course sets them up, leave out hidden tests."""
    config, *_ = configuration(pathlib.Path(course).resolve())
    return "HideTests" in str(config.GenerateFeedback.get("preprocessors"))


@contextlib.contextmanager
def lock(folder):
    """Only one run at a time writes for an assignment."""
    with open(folder / "lock", "w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UserError(
                f"another run is grading in {folder}. Allowed: one at a time."
            ) from None
        yield


@contextlib.contextmanager
def temporary(folder):
    """Let temporary files lie here; what a killed run has left here goes."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    before, tempfile.tempdir = tempfile.tempdir, str(folder)
    try:
        yield
    finally:
        tempfile.tempdir = before
        shutil.rmtree(folder, ignore_errors=True)


def configuration(course):
    """(configuration, gradebook's address, id) of a course."""
    from traitlets.config import Config, PyFileConfigLoader

    if odd := _ODD.search(str(course)):
        raise UserError(
            f"the course's folder {str(course)!r} has {odd[0]!r} in its path, which "
            "nbgrader and its gradebook would read as something else. Allowed: another "
            "name."
        )
    config = Config()
    if (course / "nbgrader_config.py").is_file():
        loader = PyFileConfigLoader("nbgrader_config.py", path=str(course))
        config = loader.load_config()
    section = config.CourseDirectory
    db_url = section.get("db_url")
    if not db_url:
        db_url = f"sqlite:///{course / 'gradebook.db'}"
    return config, str(db_url), str(section.get("course_id") or "")
