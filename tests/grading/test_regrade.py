"""One question again for everybody, more time for one student, statistics."""

import csv

import pytest

from lessons import cli
from lessons.grading import exercise, grade
from lessons.grading.records import report
from lessons.grading.trusted import supervisor
from lessons.grading.trusted.submissions import Options
from lessons.toolkit.errors import UserError
from tests.grading.small_course import SLUG, SOURCE, answered, book, fill, hand_in
from tests.grading.small_course import scores as points

pytestmark = pytest.mark.usefixtures("isolating")
OPTIONS = Options(timeout=60.0, memory=512 << 20)  # nothing here runs into them


def set_source(root, old, new):
    """Change the instructor's text."""
    assert old in SOURCE
    path = root / f"{SLUG}.py"
    path.write_text(SOURCE.replace(old, new))
    exercise.write(exercise.read(path), root / "source" / SLUG / f"{SLUG}.ipynb")
    path.unlink()


@pytest.fixture
def jobs(monkeypatch):
    """Names of the cells of tests of every job that has run, as it goes."""
    found, run = [], supervisor.Slot.grade

    def watched(slot, job, *arguments):
        steps = [step for step in job["steps"] if step["kind"] == "tests"]
        found.append([step["name"] for step in steps])
        return run(slot, job, *arguments)

    monkeypatch.setattr(supervisor.Slot, "grade", watched)
    return found


def seconds(row):
    """Seconds of each cell of tests: what is kept of a run keeps them."""
    cells = row["notebooks"][SLUG]["cells"]
    return [cell["seconds"] for cell in cells if cell and "score" in cell]


def test_one_question_is_run_again_for_all(tmp_path, jobs):
    fill(tmp_path, 4)
    before = {r["student"]: r for r in grade.run(tmp_path, SLUG, options=OPTIONS)}
    set_source(tmp_path, "assert total([1, 2]) == 3", "assert total([1, 2]) == 4")
    set_source(tmp_path, "[0.5] * 4, [], [-1, 1, 5]", "[0.5] * 4, [2], [-1, 1, 5]")
    hand_in(tmp_path, "student01", answered(twice=None))
    jobs.clear()
    rows = grade.run(tmp_path, SLUG, options=OPTIONS, question="total")
    assert [points(row) for row in rows] == [(2, 2, 4), (2, 0, 4), (0, 0, 0), (2, 2, 4)]
    whole = ["double_tests", "twice_tests", "total_tests"]
    # In full: the instructor's solution and stub, and who handed in again.
    assert sorted(jobs, key=len) == [["total_tests"]] * 3 + [whole] * 3
    for row in rows[:1] + rows[2:]:
        assert seconds(before[row["student"]])[:2] == seconds(row)[:2]
    with book(tmp_path) as opened:
        found = opened.find_submission_notebook(SLUG, SLUG, "student03")
        assert found.score == 8
    again = grade.run(tmp_path, SLUG, options=OPTIONS)
    assert [row["notebooks"] for row in again] == [row["notebooks"] for row in rows]
    with pytest.raises(UserError, match="unknown question 'sum'.*Allowed: double"):
        grade.run(tmp_path, SLUG, options=OPTIONS, question="sum")


def test_where_other_tests_have_changed_all_is_run(tmp_path):
    fill(tmp_path, 1)
    grade.run(tmp_path, SLUG, options=OPTIONS)
    set_source(tmp_path, "assert twice(lambda x: x + 1, 3) == 5", "assert False")
    with pytest.raises(UserError, match="twice_tests: the instructor's own solution"):
        grade.run(tmp_path, SLUG, options=OPTIONS, question="double")
    set_source(tmp_path, "lambda x: x + 1, 3) == 5", "lambda x: x + 2, 3) == 7")
    hand_in(tmp_path, "student00", answered(twice="def twice(f, x): return x + 2"))
    (row,) = grade.run(tmp_path, SLUG, options=OPTIONS, question="double_tests")
    assert points(row) == (2, 0, 4)


def test_one_student_gets_more_time(tmp_path, capsys):
    fill(tmp_path, 1)
    (tmp_path / "nbgrader_config.py").write_text(
        "c = get_config()\nc.LateSubmissionPlugin.penalty_method = 'zero'\n"
    )
    folder = tmp_path / "submitted" / "student00" / SLUG
    (folder / "timestamp.txt").write_text("2026-01-02 00:00:00 UTC")
    words = ["extend", SLUG, "student00", "--course", str(tmp_path), "--hours"]
    assert cli.main([*words, "48"]) == 2
    assert "has no due date" in capsys.readouterr().err
    with book(tmp_path) as opened:
        opened.update_or_create_assignment(SLUG, duedate="2026-01-01 00:00:00 UTC")
        opened.add_student("never")

    def score():
        grade.run(tmp_path, SLUG, options=OPTIONS)
        text = (tmp_path / "grading" / SLUG / "scores.csv").read_text()
        return {
            row["student"]: row["score"] for row in csv.DictReader(text.split("\n"))
        }

    assert score() == {"student00": "0"}
    assert cli.main([*words, "48"]) == 0
    assert "48 hours after 2026-01-01 00:00 UTC" in capsys.readouterr().out
    assert score() == {"student00": "8"}
    assert cli.main([*words, "0"]) == 0
    assert score() == {"student00": "0"}
    for student, status in (("never", 0), ("nobody", 2)):
        words[2] = student
        assert cli.main([*words, "24"]) == status
    assert score() == {"student00": "0"}  # who has not handed in stands in no table


def test_statistics_count_the_sentences_of_tests(tmp_path):
    fill(tmp_path, 8)
    rows = grade.run(tmp_path, SLUG, options=OPTIONS)
    report.write(tmp_path / "report.html", SLUG, rows, isolated=True)
    page = (tmp_path / "report.html").read_text().replace(" class=number", "")
    said = "every element is to be doubled"
    assert f"<td>double_tests</td><td>2</td><td>{said}</td>" in page
    assert "<td>double_tests</td><td>2</td><td>1.00</td>" in page  # the mean
