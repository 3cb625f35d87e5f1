"""The table of contents is consistent with itself and with the files."""

import dataclasses
import re

import pytest

from lessons import catalog
from lessons.toolkit.errors import UserError


def test_slugs_are_unique_identifiers():
    slugs = [lesson.slug for lesson in catalog.LESSONS]
    assert len(set(slugs)) == len(slugs) == 34
    assert all(re.fullmatch("[a-z][a-z_]*", slug) for slug in slugs)


def test_units_are_known_used_and_in_order():
    units = list(dict.fromkeys(lesson.unit for lesson in catalog.LESSONS))
    assert units == list(catalog.UNITS)
    order = [units.index(lesson.unit) for lesson in catalog.LESSONS]
    assert order == sorted(order)  # lessons of a unit stand together


def test_prerequisites_come_earlier():
    seen = set()
    for lesson in catalog.LESSONS:
        assert set(lesson.prerequisites) <= seen
        seen.add(lesson.slug)


def test_every_lesson_has_a_title_and_a_dated_source():
    for lesson in catalog.LESSONS:
        assert lesson.title
        assert re.search(r"\b(19|20)\d\d\b", lesson.paper), lesson.slug


def test_a_ready_lesson_can_be_found_and_imported():
    for lesson in catalog.ready():
        assert catalog.find(lesson.slug) is lesson
        assert lesson.module("config").__name__ == f"{lesson.package}.config"
        assert lesson.module("config").__file__ == str(lesson.folder / "config.py")


def test_unknown_and_planned_lessons_are_refused_differently(monkeypatch):
    with pytest.raises(UserError, match="unknown lesson 'nothing'. Allowed"):
        catalog.find("nothing")
    planned = dataclasses.replace(catalog.LESSONS[0], slug="not_yet")
    assert not planned.ready
    monkeypatch.setitem(catalog._BY_SLUG, "not_yet", planned)
    with pytest.raises(UserError, match="planned, not written yet"):
        catalog.find("not_yet")


def test_all_lessons_are_written():
    assert len(catalog.LESSONS) == len(catalog.ready()) == 34
