"""Every exercise is graded by its answers, and goes the whole way with nbgrader.

`--lesson SLUG` leaves only that lesson's exercise.
"""

import html
import json
import pathlib
import re
import subprocess
import sys

import pytest

from lessons import catalog
from lessons.grading import answers, check, exercise, grade
from lessons.grading.records import master
from lessons.grading.trusted import probe

COURSE = pathlib.Path(__file__).parents[2] / "course"
FEWEST_WRONG_ANSWERS = 6


def load(slug):
    notebook = exercise.read(exercise.source_path(COURSE, slug))
    questions = exercise.questions(notebook)
    return notebook, questions, answers.load(COURSE, slug, questions)


def pytest_generate_tests(metafunc):
    chosen = metafunc.config.getoption("--lesson", default=None)
    slugs = [slug for slug in exercise.slugs(COURSE) if chosen in (None, slug)]
    if "answer" in metafunc.fixturenames:
        rows = [(slug, answer.name) for slug in slugs for answer in load(slug)[2]]
        metafunc.parametrize(("slug", "answer"), rows)
    elif "slug" in metafunc.fixturenames:
        metafunc.parametrize("slug", slugs, scope="module")


def test_an_answer_gets_exactly_its_points(slug, answer):
    # Right: all. Stub: none. Wrong: all but its question, and the hidden tests of that
    # question reject it by themselves.
    (outcome,) = check.check(COURSE, slug, only=[answer])
    assert outcome.points == outcome.expected, outcome.messages
    assert outcome.unseen is None


def test_points_are_those_of_the_sheet(slug):
    _, questions, _ = load(slug)
    # Written down apart from the exercise, from the sheet; the written question last.
    path = COURSE / "answers" / slug / "points.json"
    expected = json.loads(path.read_text(encoding="utf-8"))
    assert {question.name: question.points for question in questions} == expected


def test_every_question_has_a_wrong_answer(slug):
    _, questions, known = load(slug)
    lost = [answer.loses for answer in known if answer.loses]
    assert set(lost) == {q.name for q in questions if not q.written}
    assert len(lost) >= FEWEST_WRONG_ANSWERS


def test_the_first_cell_refuses_the_lesson_and_nothing_else(slug):
    notebook, _, _ = load(slug)
    setup = next(cell.source for cell in notebook.cells if cell.cell_type == "code")
    package = next(row.package for row in catalog.LESSONS if row.slug == slug)
    parent, _, name = package.rpartition(".")
    program = f"""{setup}
import importlib
for attempt in (
    "import {package}",
    "import {package}.theory",
    "from {parent} import {name}",
    "from {package}.theory import *",
    "importlib.import_module('{package}.model')",
):
    try:
        exec(attempt)
    except ModuleNotFoundError as error:
        assert "cannot be imported in its own exercise" in str(error), error
    else:
        raise SystemExit(attempt + " was not refused")
import {parent}
import lessons.toolkit.config
from lessons import catalog
assert catalog.find("{slug}").package == LESSON
print("guarded")
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.stdout.splitlines()[-1:] == ["guarded"], done.stdout


@pytest.mark.slow
def test_the_sandboxed_grader_agrees_on_every_answer(slug, tmp_path):
    reason = probe.missing()
    if reason:
        pytest.skip(f"this machine cannot isolate: {reason}")
    notebook, questions, known = load(slug)
    exercise.write(notebook, tmp_path / "source" / slug / f"{slug}.ipynb")
    (graded,) = master.load(tmp_path, slug)
    for answer in known:
        path = tmp_path / "submitted" / answer.name / slug / f"{slug}.ipynb"
        exercise.write(answers.fill(graded.graded, answer), path)
    rows = grade.run(tmp_path, slug)
    found = {row["student"]: row for row in rows}
    written = [question.name for question in questions if question.written]
    for answer in known:
        scores = found[answer.name]["notebooks"][slug]["scores"]
        points = {
            name.removesuffix("_tests"): score["auto"]
            for name, score in scores.items()
            if name not in written
        }
        assert points == answer.expected(questions), answer.name
        for name in written:  # waits for a person; nothing written is no points
            assert scores[name]["auto"] == (None if answer.written else 0)


@pytest.mark.slow
def test_the_whole_way_with_nbgrader(slug, tmp_path):
    # One test, because the trip takes half a minute. Its students are the stub, the
    # first and the last right answer, and one wrong answer for each question.
    notebook, _, known = load(slug)
    right = [answer.name for answer in known if answer.name.startswith("right")]
    wrong = {answer.loses: answer.name for answer in known if answer.loses}
    names = ["stub", right[0], right[-1], *wrong.values()]
    command = [sys.executable, "-m", "lessons.grading.course", "--course", COURSE]
    command += ["roundtrip", slug, "--json", tmp_path / "trip.json", "--answer", *names]
    done = subprocess.run(
        list(map(str, command)), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    trip = json.loads((tmp_path / "trip.json").read_text(encoding="utf-8"))
    assert list(trip["students"]) == [a.name for a in known if a.name in names]
    points_are_right_in_gradebook_and_export(trip)
    assert trip["leaks"] == []  # although the text source lay beside the notebook
    a_mark_given_by_hand_is_exported(trip["written"], trip["students"])
    own = {answer.name: "".join(answer.sources.values()) for answer in known}
    secret = exercise.secrets(notebook)
    for name, student in trip["students"].items():
        feedback_says_what_was_wrong(name, student, secret, own[name])


def points_are_right_in_gradebook_and_export(trip):
    for name, student in trip["students"].items():
        assert student["points"] == student["expected"], name
        assert student["total"] == sum(student["expected"].values()), name


def a_mark_given_by_hand_is_exported(written, students):
    assert written["waiting"]
    automatic = sum(students[written["student"]]["expected"].values())
    assert written["total"] == automatic + written["mark"]


def feedback_says_what_was_wrong(name, student, secret, own):
    text = html.unescape(re.sub(r"<[^>]+>", "", student["feedback"]))
    # Whole lines: a visible line may begin as a secret one does.
    lines = {line.strip() for line in text.splitlines()}
    shown = [line for line in secret if line in lines and line not in own]
    # A hint is one sentence of a hidden test, shown when that test failed.
    assert [line for line in shown if not line.startswith('"')] == [], name
    # The line an error ends with: an answer may also raise one of its own.
    told = re.search(r"^(AssertionError: .+|FloatingPointError)$", text, re.MULTILINE)
    assert bool(told) == name.startswith("wrong"), name
