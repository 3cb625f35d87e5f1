"""Names of students and sentences of the grader hold nothing that a page would run."""

import os

import pytest

from lessons.grading.records import neutral, report
from tests.grading import small_course


def test_words_of_the_grader_hold_nothing_active():
    hostile = "a<img src=x onerror=pwn(1)>\n[x](javascript:y) $z$ http://evil.test"
    said = neutral.words(hostile)
    assert not set('<>[]$`\\&\n*_#|{}!"') & set(said)
    assert "://" not in said


@pytest.mark.parametrize(
    "student",
    [
        'a"b',
        "a<b",
        "a>b",
        "a&b",
        "a\nb",
        "a{b",
        "a\\b",
        "a`b",
        "a" * 101,
        " a",
        "\udcff",
    ],
)
def test_ids_that_pages_would_run_are_refused(student):
    assert neutral.bad_id(student)


@pytest.mark.parametrize("student", ["ada", "o'brien", "m.müller@x.org", "s-1_b+c (2)"])
def test_usual_ids_are_fit(student):
    assert neutral.bad_id(student) is None


def test_a_hostile_id_is_rejected_and_in_no_record(tmp_path, isolating):
    from lessons.grading import grade
    from lessons.grading.trusted.submissions import Options

    small_course.make_course(tmp_path)
    names = ["ada", "x<img src=x onerror=pwn(1)>", b"y\xff".decode("utf-8", "replace")]
    for name in (*names[:2], os.fsdecode(b"y\xff")):
        small_course.hand_in(tmp_path, name, small_course.answered())
    rows = grade.run(tmp_path, small_course.SLUG, options=Options(timeout=20))
    assert [row["state"] for row in rows] == ["graded", "rejected", "rejected"]
    assert "rename" in rows[1]["reason"]
    with small_course.book(tmp_path) as book:
        assert [student.id for student in book.students] == ["ada"]
    assert [path.name for path in (tmp_path / "autograded").iterdir()] == ["ada"]
    report.write(tmp_path / "report.html", "sums", rows, True)
    assert "<img" not in (tmp_path / "report.html").read_text()
