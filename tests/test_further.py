"""Papers beyond the lessons: each leads back to lessons and is no lesson itself."""

import re

import pytest

from lessons import catalog, cli, further


def test_papers_are_different_and_dated():
    titles = [paper.title for paper in further.PAPERS]
    assert len(set(titles)) == len(titles)
    for paper in further.PAPERS:
        assert re.search(r"\b(19|20)\d\d\b", paper.source), paper.title
        assert paper.known.endswith(".") and paper.new.endswith(".")


def test_a_paper_names_lessons_of_the_catalog_in_teaching_order():
    order = [lesson.slug for lesson in catalog.LESSONS]
    for paper in further.PAPERS:
        places = [order.index(slug) for slug in paper.lessons]
        assert places and places == sorted(set(places)), paper.title


def test_no_paper_is_a_lesson_already():
    identifiers = re.findall(
        r"arXiv:[\d.]+\d", " ".join(lesson.paper for lesson in catalog.LESSONS)
    )
    assert identifiers
    for paper in further.PAPERS:
        assert not any(identifier in paper.source for identifier in identifiers)


def test_after_a_lesson_come_the_papers_that_name_it():
    found = further.after("word_translation")
    assert [paper.title.split()[0] for paper in found] == ["Unsupervised"]
    assert further.after("wage") == ()
    with pytest.raises(KeyError):
        further.after("nothing")


def test_show_says_what_a_lesson_prepares_for(capsys):
    cli.main(["show", "word_translation"])
    printed = capsys.readouterr().out
    assert "prepares for: Unsupervised machine translation" in printed
    cli.main(["show", "wage"])
    assert "prepares for" not in capsys.readouterr().out
