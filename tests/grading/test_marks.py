"""Marks given by hand belong to the text they were given for; all points agree."""

import csv
import shutil

import pytest

from lessons import cli
from lessons.grading import grade
from lessons.grading.trusted.submissions import Options
from lessons.toolkit.errors import UserError
from tests.grading.small_course import (
    SLUG,
    answered,
    book,
    hand_in,
    make_course,
)

pytestmark = pytest.mark.usefixtures("isolating")
OPTIONS = Options(timeout=20.0, memory=512 << 20)


class Course:
    """A course with one student, and what a person does to it."""

    def __init__(self, root):
        self.root = make_course(root)

    def hand_in(self, **answers):
        hand_in(self.root, "ada", answered(**answers))

    def grade(self, timeout=20.0, **options):
        options = {"options": Options(timeout=timeout, memory=512 << 20)} | options
        (row,) = grade.run(self.root, SLUG, **options)
        return row

    def mark(self, score, name="why", extra=None):
        """As formgrader does it."""
        with book(self.root) as opened:
            found = opened.find_grade(name, SLUG, SLUG, "ada")
            found.manual_score, found.extra_credit = score, extra
            found.needs_manual_grade = score is None and found.auto_score is None
            opened.db.commit()

    def says(self, name="why"):
        """(mark, whether it waits) in the gradebook."""
        with book(self.root) as opened:
            found = opened.find_grade(name, SLUG, SLUG, "ada")
            return found.manual_score, found.needs_manual_grade

    def table(self, name="scores.csv"):
        text = (self.root / "grading" / SLUG / name).read_text()
        return list(csv.DictReader(text.splitlines()))


@pytest.fixture
def course(tmp_path):
    made = Course(tmp_path)
    made.hand_in()
    made.grade()
    return made


def forget_journal(course):
    shutil.rmtree(course.root / "grading")


def forget_notebooks(course):
    shutil.rmtree(course.root / "autograded")


REGRADES = {
    "another limit": lambda course: course.grade(timeout=21),
    "restart": lambda course: course.grade(restart=True),
    "the same command": lambda course: course.grade(),
    "a journal that was deleted": lambda c: (forget_journal(c), c.grade()),
    "notebooks that were deleted": lambda c: (forget_notebooks(c), c.grade()),
    "both deleted": lambda c: (forget_journal(c), forget_notebooks(c), c.grade()),
}


def test_another_text_waits_through_all_regrades(course):
    course.mark(1.0)
    course.grade()
    assert course.says() == (1.0, False)
    course.hand_in(why="I do not know.")
    for name, again in REGRADES.items():
        again(course)
        assert course.says() == (None, True), name
        (row,) = course.table()
        assert (row["score"], row["waiting"]) == ("8", "True"), name
    assert course.table("moodle.csv")[0][SLUG] == ""


def test_the_same_text_keeps_its_mark_through_all_regrades(course):
    course.mark(0.5, extra=0.25)
    for name, again in REGRADES.items():
        again(course)
        assert course.says() == (0.5, False), name
        (row,) = course.table()
        assert (row["score"], row["waiting"]) == ("8.75", "False"), name


@pytest.mark.parametrize("again", ["restart", "a journal that was deleted"])
def test_another_text_waits_whatever_is_the_first_regrade(course, again):
    course.mark(1.0)
    course.hand_in(why="I do not know.")
    REGRADES[again](course)
    assert course.says() == (None, True)


def test_the_marked_text_gets_its_mark_back(course):
    course.mark(1.0)
    course.hand_in(why="Something else.")
    course.grade()
    course.hand_in()
    course.grade(timeout=22)
    assert course.says() == (1.0, False)


def test_a_change_of_code_does_not_ask_for_the_essay(course):
    course.mark(1.0)
    course.hand_in(double="def double(x): return x")
    course.grade()
    assert course.says() == (1.0, False)


def test_a_new_mark_belongs_to_the_new_text(course):
    course.mark(1.0)
    course.hand_in(why="Something else.")
    course.grade()
    course.mark(0.0)
    course.grade(restart=True)
    assert course.says() == (0.0, False)
    course.hand_in()
    course.grade()
    assert course.says() == (None, True)


def test_a_mark_taken_back_does_not_return(course):
    course.mark(1.0)
    course.grade()
    course.mark(None)
    course.grade(restart=True)
    assert course.says() == (None, True)


def test_an_override_of_tests_belongs_to_the_code_as_well(course):
    course.hand_in(double="def double(x): return x")
    course.grade()
    course.mark(1.5, "double_tests")
    course.hand_in(double="def double(x): return x", why="Another reason.")
    course.grade()
    assert course.says("double_tests") == (1.5, False)
    course.hand_in(double="def double(x): return 3 * x")
    course.grade()
    assert course.says("double_tests") == (None, True)
    course.mark(None, "double_tests")  # looked at: the tests' points are right
    course.grade(restart=True)
    assert course.says("double_tests") == (None, False)


def test_a_mark_belongs_to_what_the_graded_notebook_showed(course):
    """The gradebook was put back from a copy; then a person marked what they saw."""
    copy = (course.root / "gradebook.db").read_bytes()
    course.hand_in(why="The second text.")
    course.grade()
    (course.root / "gradebook.db").write_bytes(copy)
    course.mark(1.0)
    course.grade(restart=True)
    assert course.says() == (1.0, False)


def test_marks_of_plain_nbgrader_are_taken_over(course):
    """Its graded notebook shows the text as handed in, and has no digest."""
    import json

    path = course.root / "autograded" / "ada" / SLUG / f"{SLUG}.ipynb"
    path.write_text(json.dumps(answered()))
    with book(course.root) as opened:
        opened.db.connection().exec_driver_sql("delete from lessons_mark")
        opened.db.commit()
    course.mark(1.0)
    course.grade(restart=True)
    assert course.says() == (1.0, False)


# The same command repairs what is missing


def test_a_lost_gradebook_is_written_again(course):
    (course.root / "gradebook.db").unlink()
    row = course.grade()
    assert row["book"]["score"] == 8
    assert course.table()[0]["score"] == "8"
    assert "9" in (course.root / "grading" / SLUG / "canvas.csv").read_text()


def test_lost_and_changed_notebooks_are_written_again(course):
    path = course.root / "autograded" / "ada" / SLUG / f"{SLUG}.ipynb"
    before = path.read_bytes()
    forget_notebooks(course)
    course.grade()
    assert path.read_bytes() == before
    path.write_text("{}")
    (path.parent / f".{path.name}.abcd").write_text("left by a killed run")
    course.grade()
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_penalties_follow_the_due_date_the_extension_and_the_settings(course, capsys):
    config = course.root / "nbgrader_config.py"
    late = "c = get_config()\nc.LateSubmissionPlugin.penalty_method = 'zero'\n"
    config.write_text(late)
    folder = course.root / "submitted" / "ada" / SLUG

    def due(day):
        with book(course.root) as opened:
            date = f"2026-11-{day:02d} 00:00:00 UTC"
            opened.update_or_create_assignment(SLUG, duedate=date)

    def points():
        command = ["grade", SLUG, "--course", str(course.root), "--timeout", "20"]
        assert cli.main([*command, "--memory", "512"]) == 0
        said = capsys.readouterr().out
        (row,) = course.table()
        with book(course.root) as opened:
            found = opened.find_submission(SLUG, "ada")
            charged = found.score - (found.late_submission_penalty or 0)
        assert float(row["score"]) == charged
        assert f"graded, {charged:g} of 9 points" in said
        page = (course.root / "grading" / SLUG / "report.html").read_text()
        assert f">{charged:g} / 9<" in page
        return charged

    (folder / "timestamp.txt").write_text("2026-11-03 00:00:00 UTC")
    due(2)
    assert points() == 0
    due(10)
    assert points() == 8
    due(2)
    (folder / "timestamp.txt").write_text("2026-11-01 00:00:00 UTC")
    assert points() == 8
    (folder / "timestamp.txt").write_text("2026-11-03 00:00:00 UTC")
    assert points() == 0
    with book(course.root) as opened:
        opened.grant_extension(SLUG, "ada", days=2)
    assert points() == 8
    with book(course.root) as opened:
        opened.grant_extension(SLUG, "ada", days=0)
    assert points() == 0
    config.write_text("c = get_config()\n")
    assert points() == 8


def test_an_extension_without_a_due_date_is_no_error(course):
    with book(course.root) as opened:
        opened.grant_extension(SLUG, "ada", days=2)
    assert course.grade()["book"]["late"] == 0


def test_marks_by_hand_are_said_everywhere(course, capsys):
    course.mark(1.0)
    course.mark(1.5, "double_tests")
    cli.main(["grade", SLUG, "--course", str(course.root), "--timeout", "20"])
    said = capsys.readouterr().out
    assert "graded, 8.5 of 9 points" in said
    assert ">8.5 / 9<" in (course.root / "grading" / SLUG / "report.html").read_text()
    assert {t: course.table(t)[0].get(SLUG) for t in ("moodle.csv",)} == {
        "moodle.csv": "8.5"
    }


def test_questions_keep_the_exercises_order(course):
    first = list(course.grade(restart=True)["notebooks"][SLUG]["scores"])
    again = list(course.grade()["notebooks"][SLUG]["scores"])
    assert again == first == ["double_tests", "twice_tests", "total_tests", "why"]


@pytest.mark.parametrize("name", ["what?", "50%20x", "$HOME"])
def test_a_folder_that_hides_the_gradebook_is_refused(tmp_path, name):
    odd = tmp_path / name
    odd.mkdir()
    make_course(odd)
    hand_in(odd, "ada", answered())
    with pytest.raises(UserError, match="in its path"):
        grade.run(odd, SLUG, options=OPTIONS)
