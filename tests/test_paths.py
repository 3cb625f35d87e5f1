"""Reading paths name lessons, each after what it builds on."""

import pytest

from lessons import catalog, paths
from lessons.toolkit.errors import UserError


def test_a_path_reads_what_a_lesson_builds_on_first():
    assert paths.read_first("lstm") == ()
    assert paths.read_first("vrnn") == ("lstm", "vae")
    for path in paths.PATHS:
        seen = set()
        for lesson in path.lessons:
            assert set(lesson.prerequisites) <= seen, lesson.slug
            seen.add(lesson.slug)
        assert set(path.goals) <= seen
        assert len(seen) == len(path.lessons)


def test_lessons_of_every_unit_but_the_last_ones_are_reached():
    reached = {lesson.unit for path in paths.PATHS for lesson in path.lessons}
    assert reached >= set(catalog.UNITS) - {"language", "vision", "control"}


def test_an_unknown_path_is_refused():
    assert paths.find("theory").name == "theory"
    with pytest.raises(UserError, match="unknown path 'theorie'. Did you mean"):
        paths.find("theorie")
