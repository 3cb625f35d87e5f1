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
        "memory_held_by": None,
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


def test_nearly_the_same_is_found_and_model_answers_are_left_out():
    nearly = RENAMED.replace("    if count", "    limit = 7\n    if count")
    rows = [row("ada", LONG), row("ben", nearly), row("cy", "x = 1\n" * 60)]
    (pair,) = similar.pairs(rows)
    assert pair.question == "mean" and pair.students == ("ada", "ben")
    assert 0.8 <= pair.share < 1
    assert similar.groups(rows) == []
    assert similar.pairs(rows, {"mean": [RENAMED]}) == []
    assert similar.pairs(rows, {"median": [RENAMED]}) == [pair]
    equal = [row("ada", LONG), row("ben", RENAMED)]
    assert similar.groups(equal, {"mean": [LONG]}) == []


def test_pairs_stand_side_by_side_and_run_nothing(tmp_path):
    rows = [row("ada", LONG), row("<b>ben", f"{RENAMED}# <script>alert(1)</script>")]
    report.write(tmp_path / "report.html", "mean", rows, isolated=True)
    page = (tmp_path / "similar.html").read_text()
    assert "mean: 100 %" in page and "&lt;b&gt;ben" in page
    assert "&lt;script&gt;" in page and "<script" not in page
    assert 'href="similar.html"' in (tmp_path / "report.html").read_text()


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
