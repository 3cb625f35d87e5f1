"""nbgrader's own steps, called from Python: release, grade, feedback, export.

Submissions run here with the rights of whoever calls this: see course/instructor.md.
"""

import contextlib
import os
import pathlib
import re
import sys
import warnings

from lessons.toolkit.errors import UserError

_PRIVATE = ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR")


class Nbgrader:
    """One course directory, graded by plain nbgrader.

    Args:
        root: directory that holds (or will hold) source, release, submitted and so on.
        config_file: nbgrader_config.py of the course; `root` takes precedence over the
            root it names.
        db_url: of the gradebook; by default that of `root`.
    """

    def __init__(self, root, config_file, db_url=None):
        # nbgrader takes two seconds to import.
        from nbgrader.apps import NbGraderAPI
        from nbgrader.coursedir import CourseDirectory
        from traitlets.config import PyFileConfigLoader

        self.root = pathlib.Path(root)
        path = pathlib.Path(config_file)
        config = PyFileConfigLoader(path.name, path=str(path.parent)).load_config()
        config.CourseDirectory.root = str(self.root)
        own = f"sqlite:///{self.root / 'gradebook.db'}"
        config.CourseDirectory.db_url = db_url or own
        self._config = config
        self._directory = CourseDirectory(config=config)
        self._api = NbGraderAPI(self._directory, config=config)

    def release(self, slug):
        """Make the students' version from source/SLUG; returns its directory."""
        self._done(f"release of {slug}", self._api.generate_assignment(slug))
        return self.root / "release" / slug

    def autograde(self, slug, student):
        """Run one submission and store its points."""
        self._done(f"grading of {student}", self._api.autograde(slug, student))

    def feedback(self, slug, student):
        """Write one student's feedback page; returns its path."""
        self._done(f"feedback of {student}", self._api.generate_feedback(slug, student))
        return self.root / "feedback" / student / slug / f"{slug}.html"

    def gradebook(self):
        """The gradebook, as a context manager."""
        return self._api.gradebook

    def points(self, slug, student):
        """Points of one submission by grade id; None where a person must decide."""
        with self.gradebook() as book:
            notebook = book.find_submission_notebook(slug, slug, student)
            return {
                grade.name: None if grade.needs_manual_grade else grade.score
                for grade in notebook.grades
            }

    def mark(self, slug, student, name, points):
        """Give points by hand, as formgrader does."""
        with self.gradebook() as book:
            grade = book.find_grade(name, slug, slug, student)
            grade.manual_score, grade.needs_manual_grade = points, False
            book.db.commit()

    def export(self, path):
        """Write all grades as CSV."""
        from nbgrader.plugins import CsvExportPlugin

        plugin = CsvExportPlugin(config=self._config)
        plugin.to, plugin.student, plugin.assignment = str(path), [], []
        with self.gradebook() as book:
            plugin.export(book)
        return path

    def _done(self, what, result):
        if result["success"]:
            return
        log = f"{result.get('error') or ''}\n{result.get('log') or ''}"
        # The log ends in nbgrader's summary; the first error it names is the cause.
        errors = re.findall(r"^ *((?:\w+\.)*\w+(?:Error|Exception)\b.*)$", log, re.M)
        causes = [error for error in errors if "above traceback" not in error]
        reason = (causes or log.strip().splitlines() or ["no reason given"])[0]
        raise UserError(f"nbgrader's {what} failed: {reason}")


@contextlib.contextmanager
def environment(directory):
    """What nbgrader needs around it, for the time of a `with` block.

    nbgrader starts `alembic` by name to make a gradebook, so the programs beside this
    interpreter must be on the path, also where its environment is not activated. What
    IPython and Jupyter write goes into `directory`; the warnings of nbgrader's own code
    are held back.
    """
    programs = str(pathlib.Path(sys.executable).parent)
    changes = {name: str(pathlib.Path(directory, name.lower())) for name in _PRIVATE}
    changes["PATH"] = os.pathsep.join([programs, os.environ.get("PATH", os.defpath)])
    saved = {name: os.environ.get(name) for name in changes}
    os.environ.update(changes)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for name, value in saved.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
