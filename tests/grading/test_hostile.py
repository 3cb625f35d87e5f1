"""Every submission of the corpus gets what it deserves, and touches nothing else."""

import contextlib
import fcntl
import hashlib
import json
import os
import pathlib
import socket
import time

import pytest

from lessons import cli
from lessons.grading import grade
from lessons.grading.records import prose
from lessons.grading.trusted import pool, probe, supervisor
from lessons.grading.trusted.submissions import Options
from tests.grading import corpus, small_course

OPTIONS = Options(timeout=6.0, memory=400 << 20)


def processes(user):
    """The processes that belong to a user: number, name in brackets, state."""
    found = set()
    for folder in pathlib.Path("/proc").iterdir():
        if folder.name.isdigit():
            with contextlib.suppress(OSError):
                if folder.stat().st_uid == user:
                    text = (folder / "stat").read_text()
                    found.add(" ".join(text.split()[:5]))
    return found


class Watched(supervisor.Slot):
    """A slot that looks, when it ends, whether anything of its user goes on."""

    users, left = set(), set()

    def close(self):
        """End the slot; its user's number is not given away before the look."""
        claim, self._claim = self._claim, socket.socket()
        super().close()
        end = time.monotonic() + 1  # the kernel takes a moment to clear up
        while processes(self.user) and time.monotonic() < end:
            time.sleep(0.02)
        self.users.add(self.user)
        self.left |= processes(self.user)
        claim.close()


def grade_corpus(root):
    """Grade the corpus by two workers; (course, results, number of slots, left)."""
    small_course.make_course(root)
    for case in corpus.CASES:
        case.make(root, case.name)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pool, "Slot", Watched)
        rows = grade.run(root, small_course.SLUG, workers=2, options=OPTIONS)
    return str(root), rows, len(Watched.users), sorted(Watched.left)


@pytest.fixture(scope="session")
def graded(tmp_path_factory, isolating, worker_id):
    """(course, results by student, processes left) of one run.

    It takes half a minute: where several processes test, the first one runs it.
    """
    folder = tmp_path_factory.getbasetemp()
    if worker_id != "master":
        folder = folder.parent  # shared by the processes of one test run
    told = folder / "corpus.json"
    with open(folder / "corpus.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not told.exists():
            found = grade_corpus(tmp_path_factory.mktemp("corpus"))
            told.write_text(json.dumps(found))
    root, rows, users, left = json.loads(told.read_text())
    assert users >= 2
    return pathlib.Path(root), {row["student"]: row for row in rows}, left


def test_the_corpus_is_large_and_its_names_are_different():
    names = [case.name for case in corpus.CASES]
    assert len(names) == len(set(names)) >= 60


@pytest.mark.parametrize("case", corpus.CASES, ids=lambda case: case.name)
def test_a_submission_gets_what_it_deserves(graded, case):
    result = graded[1][case.name]
    told = json.dumps(result["notebooks"][small_course.SLUG]["scores"])
    assert result["state"] == case.state, (result["reason"], result["notes"])
    assert small_course.scores(result) == case.points, (told, result["notes"])
    said = " ".join([result["reason"] or "", *result["notes"], told])
    assert case.says in said


def test_nothing_of_a_student_goes_on_running(graded):
    assert graded[2] == []


def test_nothing_was_written_outside(graded):
    root, *_ = graded
    assert not list(root.rglob("pwned"))
    for place in ("/tmp", "/", "/usr", "/etc", pathlib.Path.home()):
        assert not os.path.lexists(pathlib.Path(place, "pwned"))
    known = {"source", "submitted", "autograded", "grading", "gradebook.db"}
    assert {path.name for path in root.iterdir()} == known | {"nbgrader_config.py"}


def test_the_gradebook_agrees_with_the_results(graded):
    from nbgrader.api import Gradebook

    root, results, _ = graded
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as book:
        for case in corpus.CASES:
            notebook = book.find_submission_notebook(
                small_course.SLUG, small_course.SLUG, case.name
            )
            given = {grade.name: grade for grade in notebook.grades}
            names = ("double_tests", "twice_tests", "total_tests")
            assert tuple(given[name].auto_score for name in names) == case.points
            assert not any(given[name].needs_manual_grade for name in names) or (
                case.state == "review"
            )
        written = {
            student: book.find_grade("why", *[small_course.SLUG] * 2, student)
            for student in ("h_right", "h_stub", "f_empty", "f_another_notebook")
        }
    assert written["h_right"].needs_manual_grade
    assert not written["h_stub"].needs_manual_grade
    assert not written["f_empty"].needs_manual_grade
    assert written["f_another_notebook"].needs_manual_grade


def test_graded_notebooks_are_valid_and_hold_nothing_active(graded):
    import nbformat

    root, *_ = graded
    for case in corpus.CASES:
        path = root / "autograded" / case.name / small_course.SLUG / "sums.ipynb"
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
        for cell in notebook.cells:
            own = cell.metadata.get("nbgrader", {}).get("solution")
            own = own or cell.id == "reason"
            if cell.cell_type == "markdown" and own:
                untouched = cell.source == "Why?\nYOUR ANSWER HERE"
                assert untouched or prose.is_neutral(cell.source), cell.source
            for output in cell.get("outputs", ()):
                data = output.get("data", {})
                assert set(data) <= {"image/png", "text/plain"}
                assert "\x1b" not in json.dumps(output).replace("\\u001b", "\x1b")


def test_a_figure_is_kept(graded):
    import nbformat

    root, *_ = graded
    path = root / "autograded" / "h_draws" / small_course.SLUG / "sums.ipynb"
    notebook = nbformat.read(path, as_version=4)
    kinds = [
        kind
        for cell in notebook.cells
        for output in cell.get("outputs", ())
        for kind in output.get("data", ())
    ]
    assert kinds == ["image/png"]


def test_grading_again_changes_nothing(graded):
    root, results, _ = graded
    before = hashlib.sha256((root / "gradebook.db").read_bytes()).hexdigest()
    rows = grade.run(root, small_course.SLUG, workers=1, options=OPTIONS)
    assert {row["student"]: row for row in rows} == results
    assert hashlib.sha256((root / "gradebook.db").read_bytes()).hexdigest() == before


def test_without_a_wall_it_refuses(tmp_path, monkeypatch, capsys):
    small_course.make_course(tmp_path)
    small_course.hand_in(tmp_path, "ada", small_course.answered())
    monkeypatch.setattr(probe, "missing", lambda: "no namespaces")
    assert cli.main(["grade", "sums", "--course", str(tmp_path)]) == 2
    assert "cannot isolate students' code: no namespaces" in capsys.readouterr().err
    assert not (tmp_path / "gradebook.db").exists()
