"""Every lesson's stored notebook follows the rules a program can check."""

from lessons import catalog
from lessons.toolkit.notebook import check, source


def pytest_generate_tests(metafunc):
    """One test per written lesson, or only the one named by `--lesson`."""
    only = metafunc.config.getoption("--lesson", default=None)
    lessons = [x for x in catalog.ready() if only in (None, "", x.slug)]
    metafunc.parametrize("lesson", lessons, ids=lambda lesson: lesson.slug)


def test_the_stored_notebook_follows_the_rules(lesson):
    assert check.problems(source.text_path(lesson)) == []
