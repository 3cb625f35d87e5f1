"""Every exercise is graded by its answers, three ways.

1. The authoring check runs every answer, the visible and the hidden tests apart, and
   so do mutants of the right answers, a few of them here.
2. The sandboxed grader runs every answer as students' work.
3. nbgrader's whole way (release, submit, grade, feedback, export) takes half a minute:
   it is gone by one exercise, or by the one that `--lesson SLUG` chooses. What depends
   on the exercise is checked for each of them without it: the release by nbgrader, and
   what a feedback page shows.
"""

import functools
import html
import json
import pathlib
import re
import subprocess
import sys

import pytest

from lessons import catalog
from lessons.grading import answers, check, exercise, mutation, mutation_report, plain
from lessons.grading.feedback import HideTests
from lessons.grading.records import master, notebook, results
from lessons.grading.trusted import pool, probe, submissions

COURSE = pathlib.Path(__file__).parents[2] / "course"
FEWEST_WRONG_ANSWERS = 6
MUTANTS = 3  # of each exercise in every run of the tests; the command runs them all
WHOLE_WAY = "capsules"  # few questions, quick tests: the least that has everything


@functools.cache
def load(slug):
    """(instructor's notebook, questions, answers) of an exercise."""
    instructors = exercise.read(exercise.source_path(COURSE, slug))
    questions = exercise.questions(instructors)
    return instructors, questions, answers.load(COURSE, slug, questions)


@functools.cache
def mutable(slug):
    """An exercise with all mutants of its right answers."""
    return mutation.Exercise(COURSE, slug)


def pytest_generate_tests(metafunc):
    chosen = metafunc.config.getoption("--lesson", default=None)
    slugs = [slug for slug in exercise.slugs(COURSE) if chosen in (None, slug)]
    if metafunc.function is test_the_whole_way_with_nbgrader and chosen is None:
        slugs = [WHOLE_WAY]
    if "slug" in metafunc.fixturenames:
        metafunc.parametrize("slug", slugs, scope="module")


@pytest.fixture(scope="session")
def runner():
    """One process for all exercises: they share what it has imported."""
    with check.Runner() as made:
        yield made


def test_every_answer_gets_exactly_its_points(slug, runner):
    # Right: all. Stub: none. Wrong: all but its question, and the hidden tests of that
    # question reject it by themselves.
    outcomes = check.check(COURSE, slug, runner=runner)
    assert [outcome.answer for outcome in outcomes] == [a.name for a in load(slug)[2]]
    failures = [outcome for outcome in outcomes if not outcome.as_expected]
    assert not failures, check.table(failures)


def test_hidden_tests_reject_mutants_of_the_right_answers(slug, runner):
    # Which ones changes with the tests. All of them, and what may survive:
    # python -m lessons.grading.course mutate SLUG
    subject = mutable(slug)
    chosen = subject.sample(MUTANTS, subject.digest())
    outcome = mutation.run(subject, chosen, runner)
    assert outcome.clean, mutation_report.table(subject, outcome)
    assert outcome.mutants == MUTANTS


def test_all_mutants_have_run_against_these_tests(slug):
    subject = mutable(slug)
    row = mutation_report.recorded(COURSE).get(slug, {})
    again = f"run: python -m lessons.grading.course mutate {slug}"
    assert row.get("digest") == subject.digest(), again
    assert row["mutants"] == len(subject.mutants) == row["killed"] + row["equivalent"]


def test_every_question_says_how_many_axes_its_results_have(slug):
    text = exercise.source_path(COURSE, slug).read_text(encoding="utf-8")
    _, questions, _ = load(slug)
    for question in questions:
        if not question.written:
            assert re.search(rf'"{question.name}_tests", .*"axes": ', text), question


def test_points_are_those_of_the_sheet(slug):
    _, questions, _ = load(slug)
    # Written down apart from the exercise, from the sheet; the written question last.
    path = COURSE / "answers" / slug / "points.json"
    expected = json.loads(path.read_text(encoding="utf-8"))
    assert {question.name: question.points for question in questions} == expected


def test_every_question_has_a_wrong_answer_and_the_written_one_a_text(slug):
    _, questions, known = load(slug)
    assert known[1].written and [q for q in questions if q.written]
    lost = [answer.loses for answer in known if answer.loses]
    assert set(lost) == {q.name for q in questions if not q.written}
    assert len(lost) >= FEWEST_WRONG_ANSWERS


def test_the_first_cell_refuses_the_lesson_and_nothing_else(slug):
    code = (cell.source for cell in load(slug)[0].cells if cell.cell_type == "code")
    package = next(row.package for row in catalog.LESSONS if row.slug == slug)
    parent, _, name = package.rpartition(".")
    program = f"""{next(code)}
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


@pytest.fixture(scope="session")
def nbgrader(tmp_path_factory):
    """Plain nbgrader in a course of its own: making its gradebook takes seconds."""
    root = tmp_path_factory.mktemp("course")
    return plain.Nbgrader(root, COURSE / "nbgrader_config.py")


def test_a_release_gives_nothing_away(slug, nbgrader):
    source = nbgrader.root / "source" / slug
    exercise.write(load(slug)[0], source / f"{slug}.ipynb")
    # nbgrader would copy this file too, but for the course's settings.
    text = exercise.source_path(COURSE, slug).read_text(encoding="utf-8")
    (source / f"{slug}.py").write_text(text, encoding="utf-8")
    with plain.environment(nbgrader.root / "ipython"):
        released = nbgrader.release(slug)
    assert [path.name for path in released.iterdir()] == [f"{slug}.ipynb"]
    assert exercise.leaks(load(slug)[0], released) == []


@pytest.mark.slow
def test_the_sandboxed_grader_agrees_on_every_answer(slug, tmp_path):
    reason = probe.missing()
    if reason:
        pytest.skip(f"this machine cannot isolate: {reason}")
    instructors, questions, known = load(slug)
    exercise.write(instructors, tmp_path / "source" / slug / f"{slug}.ipynb")
    rows, graded = grade_in_sandbox(tmp_path, slug, known)
    written = [question.name for question in questions if question.written]
    secret = exercise.secrets(instructors)
    for answer in known:
        assert rows[answer.name]["state"] == "graded", rows[answer.name]["reason"]
        scores = rows[answer.name]["notebooks"][slug]["scores"]
        points = {
            name.removesuffix("_tests"): score["auto"]
            for name, score in scores.items()
            if name not in written
        }
        assert points == answer.expected(questions), answer.name
        for name in written:  # waits for a person; nothing written is no points
            assert scores[name]["auto"] == (None if answer.written else 0)
        text, own = shown(graded[answer.name]), "".join(answer.sources.values())
        feedback_says_what_was_wrong(answer.name, text, secret, own)


def grade_in_sandbox(course, slug, known):
    """(results, graded notebooks) of answers, by their names.

    What `grade.run` does with submissions, but for what it writes down: the gradebook
    and the journal know nothing of the exercise, and tests/grading holds them.
    """
    masters = master.load(course, slug)
    for answer in known:
        path = course / "submitted" / answer.name / slug / f"{slug}.ipynb"
        exercise.write(answers.fill(masters[0].graded, answer), path)
    waiting = [
        submissions.load(course, slug, answer.name, masters, submissions.Options())
        for answer in known
    ]
    rows, graded = {}, {}
    with pool.make(submissions.modules(masters, waiting), 1, None, True) as runner:
        for submission, outcomes in runner.run(waiting):
            row = results.of_submission(submission, outcomes)
            rows[submission.student] = row
            (handed_in,), (made,) = submission.notebooks, row["notebooks"].values()
            graded[submission.student] = notebook.build(
                masters[0], handed_in.planned, made["cells"], made["reason"]
            )
    return rows, graded


def shown(graded):
    """The text that a feedback page shows of a graded notebook."""
    cleaned, _ = HideTests().preprocess(graded, {})
    lines = []
    for cell in cleaned.cells:
        lines.append(cell.source)
        for output in cell.get("outputs", ()):
            lines += [output.get("text", ""), *output.get("traceback", ())]
    return "\n".join(lines)


@pytest.mark.slow
def test_the_whole_way_with_nbgrader(slug, tmp_path):
    # One test, because the trip takes half a minute. Its students are the stub, the
    # first and the last right answer, and one wrong answer for each question.
    instructors, _, known = load(slug)
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
    secret = exercise.secrets(instructors)
    for name, student in trip["students"].items():
        text = html.unescape(re.sub(r"<[^>]+>", "", student["feedback"]))
        feedback_says_what_was_wrong(name, text, secret, own[name])


def points_are_right_in_gradebook_and_export(trip):
    for name, student in trip["students"].items():
        assert student["points"] == student["expected"], name
        assert student["total"] == sum(student["expected"].values()), name


def a_mark_given_by_hand_is_exported(written, students):
    assert written["waiting"]
    automatic = sum(students[written["student"]]["expected"].values())
    assert written["total"] == automatic + written["mark"]


def feedback_says_what_was_wrong(name, text, secret, own):
    # Whole lines: a visible line may begin as a secret one does.
    lines = {line.strip() for line in text.splitlines()}
    shown = [line for line in secret if line in lines and line not in own]
    # A hint is one sentence of a hidden test, shown when that test failed.
    assert [line for line in shown if not line.startswith('"')] == [], name
    # The line an error ends with: an answer may also raise one of its own.
    own = "FloatingPointError|ModuleNotFoundError"
    told = re.search(rf"^(AssertionError: .+|{own})$", text, re.MULTILINE)
    assert bool(told) == name.startswith("wrong"), name
