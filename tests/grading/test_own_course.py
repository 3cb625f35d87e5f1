"""A course of one's own: started by a command, rehearsed, classes as answers."""

import csv
import functools
import pathlib
import re

import nbformat
import pytest

from lessons import cli
from lessons.grading import coursedir, exercise, grade, pages, plain, rehearsal
from lessons.grading.trusted.submissions import Options
from lessons.toolkit.errors import UserError
from tests.grading.small_course import SLUG, answered, hand_in, make_course

GUIDE = pathlib.Path(__file__).parents[2] / "course" / "instructor.md"
OPTIONS = Options(timeout=20.0, memory=512 << 20)
COUNTER = '''\
# %% nbgrader={"grade_id": "setup", "locked": true}
import numpy as np

# %% [markdown]
# Sums such as $\\sum_i x_i^2 < \\alpha$.
#
# ## Question 1 (3 points)

# %% nbgrader={"grade_id": "counter", "solution": true}
### BEGIN SOLUTION
class Counter:
    """Counts up from a start."""

    def __init__(self, start=0):
        self.value = start

    def add(self, step=1):
        self.value += step
        return self.value

    def __add__(self, other):
        return Counter(self.value + other.value)

    def __len__(self):
        return self.value

def squares(n):
    return [i * i for i in range(n)]
### END SOLUTION

# %% nbgrader={"grade_id": "counter_tests", "grade": true, "points": 3}
c = Counter()
c.add()
assert c.add() == 2
assert isinstance(c, Counter) and not isinstance(3, Counter)
### BEGIN HIDDEN TESTS
other = Counter(start=5)
both = c + other
assert both.value == 7 and len(both) == 7
other.value = 9
assert other.add(step=2) == 11
assert squares(3) == [0, 1, 4]
assert np.allclose(squares(4), [0, 1, 4, 9])
### END HIDDEN TESTS

# %% [markdown]
# ## Question 2 (1 point)

# %% [markdown] nbgrader={"grade_id": "why", "points": 1, MANUAL}
# Why?
# ### BEGIN SOLUTION
# Because.
# ### END SOLUTION
'''
COUNTER = COUNTER.replace("MANUAL", '"grade": true, "solution": true')


@functools.cache
def counting(text=COUNTER):
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "counting.py")
        path.write_text(text)
        return exercise.read(path)


def solution(notebook, name):
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == name:
            return cell
    raise KeyError(name)


LIAR = """
class Counter:
    def __init__(self, start=0): self.value = start
    def add(self, step=1): return self
    def __eq__(self, other): return True
    def __sub__(self, other): return 0
    def __len__(self): return 3
    def __add__(self, other): return self
def squares(n): return Counter()"""


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course made by the command, its assignment released."""
    root = tmp_path_factory.mktemp("own") / "my course"
    assert cli.main(["new-course", str(root)]) == 0
    path = root / "source" / "counting" / "counting.ipynb"
    exercise.write(counting(), path)
    with plain.environment(root / "env"):
        grader = plain.Nbgrader(root, root / "nbgrader_config.py")
        released = grader.release("counting") / "counting.ipynb"
    notebook = nbformat.read(released, as_version=4)
    answers = {
        "right": solution(counting(), "counter").source,
        "liar": LIAR,
        "wrong": solution(counting(), "counter").source.replace("+= step", "+= 1"),
    }
    for student, text in answers.items():
        solution(notebook, "counter").source = text
        solution(notebook, "why").source = f"Because $x < {len(text)}$."
        nbformat.write(notebook, hand_in(root, student, b"", "counting.ipynb"))
        made = root / "submitted" / student / SLUG
        made.rename(made.with_name("counting"))
    return root


@pytest.fixture(scope="module")
def rows(course, isolating):
    return grade.run(course, "counting", options=OPTIONS)


def test_objects_of_a_students_class_are_driven_through_a_stand_in(rows):
    points = {row["student"]: row["book"]["score"] for row in rows}
    told = {
        row["student"]: row["notebooks"]["counting"]["scores"]["counter_tests"]["error"]
        for row in rows
    }
    assert points == {"right": 3, "liar": 0, "wrong": 0}, told


def test_a_visible_assertion_without_a_sentence_is_shown(course, rows):
    (row,) = [row for row in rows if row["student"] == "liar"]
    error = row["notebooks"]["counting"]["scores"]["counter_tests"]["error"]
    assert "c.add() == 2" in error or "no plain value" in error


def test_feedback_has_equations_and_asks_nothing_of_anybody(course, rows):
    with plain.environment(course / "env"):
        grader = plain.Nbgrader(course, course / "nbgrader_config.py")
        page = grader.feedback("counting", "wrong").read_text()
    assert "<math" in page and r"\sum_i" in page.replace("&#92;", "\\")
    assert "<script" not in page and "cdnjs" not in page
    assert pages.POLICY in page
    assert "other.add(step=2)" not in page
    assert 'class="tex2jax_ignore mathjax_ignore"' in page


def test_the_whole_loop_ends_in_a_table(course, rows, tmp_path):
    with plain.environment(course / "env"):
        grader = plain.Nbgrader(course, course / "nbgrader_config.py")
        grader.mark("counting", "right", "why", 1.0)
        grade.run(course, "counting", options=OPTIONS)
        exported = grader.export(tmp_path / "grades.csv")
    with open(exported, newline="") as file:
        scores = {row["student_id"]: row["score"] for row in csv.DictReader(file)}
    assert scores["right"] == "4.0"
    text = (course / "grading" / "counting" / "scores.csv").read_text()
    table = {row["student"]: row for row in csv.DictReader(text.splitlines())}
    assert (table["right"]["score"], table["right"]["waiting"]) == ("4", "False")
    assert (table["wrong"]["score"], table["wrong"]["waiting"]) == ("0", "True")


def test_its_feedback_hides_tests_and_a_bare_course_is_told(course, tmp_path):
    assert coursedir.feedback_hides_tests(course)
    assert coursedir.feedback_hides_tests(GUIDE.parent)
    assert not coursedir.feedback_hides_tests(make_course(tmp_path))


def test_a_new_course_keeps_names_and_marks_out_of_git(course):
    ignored = (course / ".gitignore").read_text().split()
    assert {"/submitted/", "/gradebook.db*", "*.csv", "/grading/"} <= set(ignored)
    assert cli.main(["new-course", str(course)]) == 2  # never over something else


def test_a_wrong_solution_stops_the_run(tmp_path, isolating):
    make_course(tmp_path)
    path = tmp_path / "source" / SLUG / f"{SLUG}.ipynb"
    text = path.read_text()
    assert "return 2 * np.asarray(x)" in text
    path.write_text(text.replace("return 2 * np.asarray(x)", "return 7"))
    hand_in(tmp_path, "ada", answered())
    said = "double_tests: the instructor's own solution gets 0 of 2 points"
    with pytest.raises(UserError, match=said):
        grade.run(tmp_path, SLUG, options=OPTIONS)
    assert not (tmp_path / "autograded").exists()


def test_a_release_that_gets_points_stops_the_run(tmp_path, isolating):
    make_course(tmp_path)
    path = tmp_path / "source" / SLUG / f"{SLUG}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    solution(notebook, "twice_tests").source = "assert True"
    nbformat.write(notebook, path)
    hand_in(tmp_path, "ada", answered())
    with pytest.raises(UserError, match="twice_tests: the untouched release gets 2"):
        grade.run(tmp_path, SLUG, options=OPTIONS)


def test_a_rehearsal_is_done_once_for_each_version(tmp_path, isolating):
    from lessons.grading.records import master

    make_course(tmp_path)
    hand_in(tmp_path, "ada", answered())
    folder = tmp_path / coursedir.FOLDER / SLUG
    masters = master.load(tmp_path, SLUG)
    assert rehearsal.needed(folder, masters)
    grade.run(tmp_path, SLUG, options=OPTIONS)
    assert not rehearsal.needed(folder, masters)


def test_nobody_elses_course_is_taken(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["grade", "vae"]) == 2
    said = " ".join(capsys.readouterr().err.split())
    assert f"there is no course in {tmp_path}" in said
    with pytest.raises(UserError, match="no course in"):
        exercise.course_directory()
    make_course(tmp_path)
    assert cli.main(["grade", SLUG]) == 2
    assert "nobody has handed in" in capsys.readouterr().err
    assert not (tmp_path / "gradebook.db").exists()


def test_every_command_of_the_guide_exists():
    from nbgrader.apps.nbgraderapp import NbGraderApp

    text = GUIDE.read_text()
    known = set(NbGraderApp().subcommands)
    named = set(re.findall(r"`(?:cd course && )?nbgrader ([a-z_]+)", text))
    assert named <= known, named - known
    words = cli.parser()._subparsers._group_actions[0].choices
    own = set(re.findall(r"`lessons ([a-z-]+)[^`]*`", text))
    assert own and own <= set(words), own - set(words)
    makefile = (GUIDE.parents[1] / "Makefile").read_text()
    targets = set(re.findall(r"`make ([a-z]+)[^`]*`", text))
    assert targets <= set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    modules = set(re.findall(r"`python -m lessons.grading.course (\w+)", text))
    assert modules <= {"build", "check", "roundtrip", "mutate"}
