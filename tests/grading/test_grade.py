"""A run of the grader: resumed, repeated, regraded, in parallel, on a cluster."""

import csv
import json
import subprocess
import sys

import pytest

from lessons import cli
from lessons.grading import coursedir, grade
from lessons.grading.records import master
from lessons.grading.trusted import submissions
from lessons.grading.trusted.submissions import Options
from lessons.grading.trusted.supervisor import Slot
from lessons.toolkit.errors import UserError
from tests.grading import small_course
from tests.grading.small_course import (
    SLUG,
    answered,
    book,
    fill,
    hand_in,
    in_book,
    scores,
)

pytestmark = pytest.mark.usefixtures("isolating")
OPTIONS = Options(timeout=60.0, memory=512 << 20)  # nothing here runs into them


def test_results_do_not_depend_on_the_number_of_workers(tmp_path):
    found = {}
    for workers in (1, 2):
        root = tmp_path / str(workers)
        root.mkdir()
        expected = fill(root, 6)
        rows = grade.run(root, SLUG, workers=workers, options=OPTIONS)
        found[workers] = {row["student"]: scores(row) for row in rows}
        assert found[workers] == in_book(root) == expected


def test_marks_given_by_hand_stay_until_the_answer_changes(tmp_path):
    fill(tmp_path, 1)
    grade.run(tmp_path, SLUG, options=OPTIONS)

    def written():
        with book(tmp_path) as opened:
            found = opened.find_grade("why", SLUG, SLUG, "student00")
            return found.manual_score, found.needs_manual_grade, found.score

    assert written() == (None, True, 0.0)
    with book(tmp_path) as opened:
        found = opened.find_grade("why", SLUG, SLUG, "student00")
        found.manual_score, found.needs_manual_grade = 0.5, False
        opened.db.commit()
    grade.run(tmp_path, SLUG, options=OPTIONS, restart=True)
    assert written() == (0.5, False, 0.5)
    hand_in(tmp_path, "student00", answered(why="Another reason."))
    grade.run(tmp_path, SLUG, options=OPTIONS)
    assert written() == (None, True, 0.0)


def test_a_worse_second_submission_replaces_the_first(tmp_path):
    fill(tmp_path, 1)
    grade.run(tmp_path, SLUG, options=OPTIONS)
    hand_in(tmp_path, "student00", b"broken")
    (row,) = grade.run(tmp_path, SLUG, options=OPTIONS)
    assert row["state"] == "rejected"
    assert in_book(tmp_path) == {"student00": (0, 0, 0)}


def test_late_work_is_penalised_as_the_course_says(tmp_path):
    from nbgrader.api import Gradebook

    fill(tmp_path, 1)
    (tmp_path / "nbgrader_config.py").write_text(
        "c = get_config()\nc.LateSubmissionPlugin.penalty_method = 'zero'\n"
    )
    grade.run(tmp_path, SLUG, options=OPTIONS)
    with Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as opened:
        opened.update_or_create_assignment(SLUG, duedate="2026-01-01 00:00:00 UTC")
    folder = tmp_path / "submitted" / "student00" / SLUG
    (folder / "timestamp.txt").write_text("2026-01-02 00:00:00 UTC")
    for _ in range(2):
        grade.run(tmp_path, SLUG, options=OPTIONS, restart=True)
        with book(tmp_path) as opened:
            found = opened.find_submission(SLUG, "student00")
            assert found.total_seconds_late == 24 * 3600
            assert found.notebooks[0].late_submission_penalty == 8.0
    text = (tmp_path / "grading" / SLUG / "scores.csv").read_text()
    table = csv.DictReader(text.splitlines())
    assert [row["score"] for row in table] == ["0"]


def test_the_lessons_own_package_is_empty_behind_the_wall():
    from lessons import catalog

    folder = str(catalog.find("vae").folder)
    source = (
        f"FOLDER = {folder!r}"
        + """
import os, sys
sys.meta_path = [f for f in sys.meta_path if "Refuse" not in str(f)]
import lessons.toolkit.errors
seen = os.listdir(FOLDER)
try:
    from lessons.autoencoders.vae import config
    imported = True
except ImportError:
    imported = False
"""
    )
    steps = [
        {"kind": "answer", "source": source, "defines": ["seen", "imported"]},
        {"kind": "tests", "source": "assert seen == []", "points": 1},
        {"kind": "tests", "source": "assert not imported", "points": 1},
    ]
    steps = [{"name": None, "points": 0, "defines": []} | step for step in steps]
    limits = {"cell": 20, "test": 20, "start": 20}
    with Slot(["numpy"]) as slot:
        for masked, score in (([folder], 1), ([], 0)):
            job = {"steps": steps, "limits": limits, "masked": masked}
            _, *tests = slot.grade(job, 60)["steps"]
            assert [step["score"] for step in tests] == [score, score]


def test_heavy_modules_of_students_are_imported_once(tmp_path):
    heavy = "import sympy, antigravity\n" + small_course.RIGHT["double"]
    small_course.make_course(tmp_path)
    for student in ("ada", "ben"):
        hand_in(tmp_path, student, answered(double=heavy))
    hand_in(tmp_path, "cy", answered(double=f"import pandas\n{heavy}"))
    masters = master.load(tmp_path, SLUG)
    waiting = [
        submissions.load(tmp_path, SLUG, who, masters, OPTIONS)
        for who in ("ada", "ben", "cy")
    ]
    assert submissions.modules(masters, waiting) == [
        *("numpy", "os", "pandas", "sympy", "sys")
    ]


def test_one_run_at_a_time(tmp_path):
    fill(tmp_path, 1)
    folder = tmp_path / coursedir.FOLDER / SLUG
    folder.mkdir(parents=True)
    with (
        coursedir.lock(folder),
        pytest.raises(UserError, match="another run is grading"),
    ):
        grade.run(tmp_path, SLUG, options=OPTIONS)


def test_unknown_names_are_refused(tmp_path):
    fill(tmp_path, 1)
    with pytest.raises(UserError, match="'sum' has no notebook.*Allowed: sums"):
        grade.run(tmp_path, "sum")
    with pytest.raises(UserError, match="student00"):
        grade.run(tmp_path, SLUG, students=["student01"])


def test_a_changed_journal_is_refused(tmp_path):
    fill(tmp_path, 1)
    grade.run(tmp_path, SLUG, options=OPTIONS)
    path = tmp_path / coursedir.FOLDER / SLUG / "journal.jsonl"
    path.write_text(path.read_text().replace('"auto": 2', '"auto": 9', 1))
    with pytest.raises(UserError, match="line 1 of .* was changed"):
        grade.run(tmp_path, SLUG, options=OPTIONS)
    (row,) = grade.run(tmp_path, SLUG, options=OPTIONS, restart=True)
    assert scores(row) == (2, 2, 4)


def test_nbgraders_feedback_shows_no_hidden_test(tmp_path):
    from lessons.grading import plain

    fill(tmp_path, 2)
    (tmp_path / "nbgrader_config.py").write_text(
        "from nbgrader.preprocessors import GetGrades\n"
        "from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor\n"
        "from lessons.grading.feedback import HideTests\n"
        "c = get_config()\n"
        "c.GenerateFeedback.preprocessors = "
        "[GetGrades, HideTests, CSSHTMLHeaderPreprocessor]\n"
    )
    grade.run(tmp_path, SLUG, options=OPTIONS)
    with plain.environment(tmp_path / "env"):
        grader = plain.Nbgrader(tmp_path, tmp_path / "nbgrader_config.py")
        page = grader.feedback(SLUG, "student01").read_text()
    assert "every element is to be doubled" in page
    assert "linspace" not in page


def test_the_command_tells_each_result_and_ends_with_a_status(tmp_path):
    fill(tmp_path, 2)
    script = "import lessons, sys; from lessons import cli; sys.exit(cli.main())"
    words = ["grade", SLUG, "--course", str(tmp_path)]
    answer = subprocess.run(
        [sys.executable, "-c", script, *words],
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    assert "] student00: graded, 8 of 9 points" in answer.stdout
    assert "feedback pages show the hidden tests" in answer.stderr
    folder = tmp_path / coursedir.FOLDER / SLUG
    names = {path.name for path in folder.iterdir()}
    assert {"report.html", "scores.csv", "canvas.csv", "moodle.csv"} <= names
    page = (folder / "report.html").read_text()
    assert "student01" in page and "<script" not in page
    lines = (folder / "journal.jsonl").read_text().splitlines()
    assert [json.loads(line)["line"]["event"] for line in lines].count("kept") == 2
    hand_in(tmp_path, "student01", b"")
    assert cli.main(words) == 3


def test_a_cluster_gives_the_same_scores_though_a_worker_is_killed(tmp_path):
    from distributed import LocalCluster

    expected = fill(tmp_path)
    with LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        memory_limit=0,  # no nanny ends a worker but the test
        dashboard_address=None,
        scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},  # a free port
    ) as cluster:
        victim = next(iter(cluster.workers.values()))
        killed = []

        def report(result, done, count):
            if done == 2 and not killed:
                killed.append(victim.pid)
                subprocess.run(["kill", "-9", str(victim.pid)], check=True)

        rows = grade.run(
            tmp_path,
            SLUG,
            scheduler=cluster.scheduler_address,
            options=OPTIONS,
            report=report,
        )
    assert killed
    assert (
        {row["student"]: scores(row) for row in rows} == in_book(tmp_path) == expected
    )
