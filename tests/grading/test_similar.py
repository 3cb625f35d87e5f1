"""Same answers are found through other names; short or different ones are not."""

from lessons.grading.records import report, similar

LONG = '''
def mean(values):
    """A docstring."""
    total, count = 0.0, 0
    for value in values:  # add up
        total = total + float(value)
        count = count + 1
    if count == 0:
        raise ValueError("nothing given")
    return total / count
'''
RENAMED = LONG.replace("total", "s").replace("value", "x").replace("# add up", "")
OTHER = LONG.replace("total / count", "total / max(count, 2)")


def row(student, source, notes=()):
    return {
        "student": student,
        "notes": list(notes),
        "state": "graded",
        "reason": None,
        "score": 1,
        "max_score": 2,
        "waiting": 0,
        "book": {"score": 1, "waiting": 0, "late": 0, "penalty": 0, "questions": {}},
        "seconds": 1.0,
        "memory": 2**20,
        "notebooks": {"n": {"written": {"mean": source}, "scores": {}}},
    }


def test_names_comments_and_docstrings_do_not_matter():
    assert similar.normal_form(LONG) == similar.normal_form(RENAMED.replace("A ", "B"))
    assert similar.normal_form(LONG) != similar.normal_form(OTHER)


def test_groups_name_question_and_students():
    rows = [row("ada", LONG), row("ben", RENAMED), row("cy", OTHER)]
    assert similar.groups(rows) == [("mean", ["ada", "ben"])]


def test_short_answers_are_not_compared():
    rows = [row("ada", "def f(x): return x"), row("ben", "def f(x): return x")]
    assert similar.groups(rows) == []


def test_text_that_is_no_python_is_compared_by_its_words():
    text = "Because the bound is tight where the posterior is exact. " * 5
    assert similar.normal_form(f"  {text}\n") == similar.normal_form(text)


def test_the_report_names_them_and_runs_nothing(tmp_path):
    rows = [
        row("<b>ada", LONG, ["setup was edited: the instructor's cell was used"]),
        row("ben", RENAMED),
    ]
    report.write(tmp_path / "report.html", "mean", rows, isolated=False)
    page = (tmp_path / "report.html").read_text()
    assert "the same answer to mean" in page
    assert "setup was edited" in page
    assert "&lt;b&gt;ada" in page and "<b>ada" not in page
    assert "Not isolated" in page
