"""Every lesson's stored notebook follows the rules a program can check."""

from lessons.toolkit.notebook import check, source


def test_the_stored_notebook_follows_the_rules(lesson):
    assert check.problems(source.text_path(lesson)) == []
