"""The term's plan covers the catalog."""

import pathlib
import re

from lessons import catalog, paths

SYLLABUS = pathlib.Path(__file__).parents[2] / "course" / "syllabus.md"
ROWS = re.findall(r"^\| (\d+) \|[^|]*\|([^|]*)\|$", SYLLABUS.read_text(), re.MULTILINE)
SLUGS = [slug for _, cell in ROWS for slug in re.findall(r"`(\w+)`", cell)]


def test_twelve_weeks_have_two_or_three_lessons_each():
    assert [int(week) for week, _ in ROWS] == list(range(1, 13))
    assert {len(re.findall(r"`\w+`", cell)) for _, cell in ROWS} == {2, 3}


def test_every_lesson_of_the_catalog_appears_exactly_once():
    assert sorted(SLUGS) == sorted(lesson.slug for lesson in catalog.LESSONS)


def test_every_lesson_comes_after_its_prerequisites():
    for lesson in catalog.LESSONS:
        place = SLUGS.index(lesson.slug)
        assert all(SLUGS.index(name) < place for name in lesson.prerequisites)


def test_reading_paths_are_those_of_the_package():
    text = SYLLABUS.read_text(encoding="utf-8")
    assert paths.table() in text
    assert paths.needs() in text
