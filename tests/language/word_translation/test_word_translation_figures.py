"""Figures say what they show: numbers of the alt texts, marks, names of words."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from lessons.language.word_translation import config, data, evaluation, figures


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def test_endpoints_tell_how_many_lie_beyond_the_line():
    criteria = np.array([[0.9, 0.97], [0.98, 0.91]])
    accuracy = np.array([[10.0, 95.0], [96.0, 40.0]])
    found = figures.endpoints(criteria, accuracy, 0.95)
    assert "4 mappings" in found.alt and "2 lie right" in found.alt
    assert "95 percent or more" in found.alt and "40 percent at most" in found.alt


def test_rows_and_worlds_name_means_and_keep_places_of_missing_ones():
    seeds = np.array([90.0, 92.0])
    found = figures.rows(
        {"a": {"nn": seeds, "csls": seeds + 2}, "b": {"csls": seeds - 50}},
        {"a": "pairs", "b": "luck,\nrefined"},
        [("rank", 11.0)],
    )
    assert "pairs nearest 91.0, CSLS 93.0; luck, refined CSLS 41.0" in found.alt
    found = figures.worlds(
        {"m": {"ceiling": seeds, "game": seeds - 1}, "u": {"moments": seeds * 0}},
        {"m": "matched", "u": "unrelated"},
    )
    assert "matched: Procrustes on all pairs 91, game, refined 90" in found.alt
    assert "unrelated: moments, refined 0" in found.alt


def test_clouds_name_each_shown_word_beside_its_translation():
    settings = config.PRESETS["smoke"]
    languages = data.load(settings)
    found = figures.clouds(languages, evaluation.ceiling(languages))
    texts = [{t.get_text() for t in axis.texts} for axis in found.figure.axes]
    assert texts[2] == texts[0] | texts[1]
    meant = {
        languages.target_words[min(languages.gold[languages.source_words.index(w)])]
        for w in texts[0]
    }
    assert meant == texts[1]


def test_occurrences_are_those_of_both_scores():
    cosines = np.random.default_rng(0).uniform(size=(40, 30))
    assert "a mean of 4" in figures.occurrences(cosines, 3).alt
